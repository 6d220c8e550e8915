"""Another patient's page (N10): asked, never blocked."""

from datetime import date

import pytest

from cases.enums import RecordState
from cases.rules.records.patient import check_patient, is_same_name
from tests.factories.records import facts, owner, paper


@pytest.mark.parametrize(
    ("printed", "last"),
    [
        ("Maria Sandoval", "Sandoval"),
        ("SANDOVAL, MARIA", "Sandoval"),
        ("Maria Sandova1 Sandovai", "Sandoval"),
        ("M. S.", "Sandoval"),
        ("Rosa Maria Ibarra", "Ibarra Núñez"),
        ("Dang Thu Huong", "Hương"),
        ("Zofia Wisniewska", "Wiśniewska"),
        ("Sean ORourke", "O'Rourke"),
        ("Wei Li", "Li"),
    ],
)
def test_names_that_may_be_the_same_person(printed: str, last: str) -> None:
    assert is_same_name(printed, last)


@pytest.mark.parametrize(("printed", "last"), [("Calvin Moore", "Sandoval"), ("Maria Sanchez", "Sandoval")])
def test_names_of_somebody_else(printed: str, last: str) -> None:
    assert not is_same_name(printed, last)


def test_another_name_and_another_birthday_are_asked_about_with_their_page() -> None:
    line = check_patient(
        facts(
            paper(1, people=(owner("Maria Sandoval", date(1972, 5, 17)), owner("Calvin Moore", date(1980, 1, 2), 4))),
            paper(2, people=(owner("", date(2072, 5, 17)),)),
        )
    )
    assert line.state == RecordState.QUESTION
    assert [(place.document, place.page) for place in line.places] == [(1, 4)]
    assert line.places[0].words == "names the patient Calvin Moore and gives 01/02/1980 as date of birth"


def test_without_a_name_nothing_is_compared() -> None:
    line = check_patient(facts(paper(1, people=(owner("Calvin Moore"),)), last_name=""))
    assert (line.state, line.places) == (RecordState.QUESTION, ())
