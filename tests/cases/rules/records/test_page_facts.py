"""What pages say of themselves (N10)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.records.page_facts import PageFacts, page_facts
from tests.factories.records import owner


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Date of service: 01/05/2026", date(2026, 1, 5)),
        ("DOS 1/5/26", date(2026, 1, 5)),
        ("Visit of January 5, 2026", date(2026, 1, 5)),
        ("The patient was last seen on 01/05/2026.", date(2026, 1, 5)),
        ("Date of report: 02/30/2026", None),
        ("Date of injury: 01/05/2020", None),
        ("Faxed 01/05/2026", None),
    ],
)
def test_days_of_visits_and_reports(line: str, day: date | None) -> None:
    assert page_facts([(1, line)]).dates == ((day,) if day else ())


@pytest.mark.parametrize(
    ("text", "name", "born"),
    [
        ("Patient: Maria Sandoval DOB: 05/17/1972", "Maria Sandoval", date(1972, 5, 17)),
        ("PATIENT NAME: SANDOVAL, MARIA", "SANDOVAL, MARIA", None),
        ("Patient: Rosa María Ibarra Núñez, 54 years. Employer: Blue Heron", "Rosa María Ibarra Núñez", None),
        ("Injured worker: Calvin Moore. Employer: Delta", "Calvin Moore", None),
        ("Claimant: Calvin Moore\nDate of birth 1/2/1980", "Calvin Moore", date(1980, 1, 2)),
    ],
)
def test_whose_the_page_is(text: str, name: str, born: date | None) -> None:
    assert page_facts([(3, text)]).people == (owner(name, born, 3),)


@pytest.mark.parametrize("text", ["Patient: returns for a refill", "patient was seen", "Patient: M", ""])
def test_sentences_about_a_patient_are_no_name(text: str) -> None:
    assert page_facts([(1, text)]).people == ()


def test_facts_are_stored_and_joined_each_once() -> None:
    first = page_facts([(1, "Patient: Maria Sandoval\nVisit of 01/05/2026"), (2, "Patient: Maria Sandoval")])
    second = page_facts([(3, "Patient: Calvin Moore\nVisit of 01/05/2026")])
    both = first.joined(second)
    assert both.dates == (date(2026, 1, 5),)
    assert {one.name for one in both.people} == {"Maria Sandoval", "Calvin Moore"}
    assert PageFacts.from_json(both.as_json()) == both
    assert PageFacts.from_json({}) == PageFacts()


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    page_facts([(1, f"Patient: {text}\nDOB: {text}")])
