"""Dates under the statute, at both of its first days."""

from datetime import date

import pytest

from cases.enums import CheckVerdict
from cases.rules.eligibility.statute_dates import check_statute_dates
from tests.factories.eligibility import answer

PASSED, FAILED, PERSON = CheckVerdict.PASSED, CheckVerdict.FAILED, CheckVerdict.NEEDS_PERSON


@pytest.mark.parametrize(
    ("injured", "served", "verdict"),
    [
        (date(2012, 12, 31), date(2013, 6, 30), FAILED),
        (date(2012, 12, 31), date(2013, 7, 1), PASSED),
        (date(2012, 12, 31), date(2013, 7, 2), PASSED),
        (date(2013, 1, 1), date(2013, 6, 30), PASSED),
        (date(2013, 1, 2), date(2013, 6, 30), PASSED),
        (date(2026, 11, 1), date(2026, 10, 31), PERSON),
        (date(2026, 11, 1), date(2026, 11, 1), PASSED),
    ],
)
def test_injury_and_decision_decide(injured: date, served: date, verdict: CheckVerdict) -> None:
    found = answer(check_statute_dates, date_of_injury=injured, served_on=served)
    assert (found.verdict, found.code) == (verdict, "INE-DATE")


def test_unknown_dates_are_for_a_person() -> None:
    assert answer(check_statute_dates, date_of_injury=None).verdict == PERSON
    assert answer(check_statute_dates, served_on=None, decided_on=None).verdict == PERSON
    assert answer(check_statute_dates, served_on=None).verdict == PASSED
