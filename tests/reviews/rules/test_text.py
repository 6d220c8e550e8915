"""The first words of a summary."""

from datetime import date

import pytest

from reviews.rules.text import age_on, summary_starter


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 2, 2), 64), (date(2026, 2, 3), 65), (date(2027, 2, 2), 65), (date(1960, 1, 1), 0)]
)
def test_age_grows_on_the_birthday(day: date, age: int) -> None:
    assert age_on(date(1961, 2, 3), day) == age


def test_starter_holds_what_is_known_and_nothing_else() -> None:
    injured = date(2011, 11, 1)
    assert summary_starter(age=54, sex="Male", date_of_injury=injured, diagnosis="Lumbago.") == (
        "The injured worker is a 54-year-old male who sustained an industrial injury on 11/01/2011. "
        "The diagnosis is Lumbago."
    )
    assert summary_starter(age=80, sex="", date_of_injury=None, diagnosis="") == "The injured worker is an 80-year-old."
    assert summary_starter(age=None, sex="", date_of_injury=injured, diagnosis="") == (
        "The injured worker sustained an industrial injury on 11/01/2011."
    )
    assert summary_starter(age=None, sex="", date_of_injury=None, diagnosis="") == ""
    assert summary_starter(
        age=None, sex="", date_of_injury=None, diagnosis="", body_parts=("neck", "low back", "left knee")
    ) == ("The treatment in dispute concerns the neck, low back and left knee.")
