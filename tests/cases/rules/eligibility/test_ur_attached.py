"""The UR decision among the documents."""

from datetime import date

import pytest

from cases.enums import CheckVerdict
from cases.rules.eligibility.timeliness import check_timeliness
from cases.rules.eligibility.ur_attached import check_ur_attached
from tests.factories.eligibility import DAY, LAST_DAY, answer


def test_attached_decision_passes() -> None:
    assert answer(check_ur_attached).verdict == CheckVerdict.PASSED


def test_missing_decision_fails_and_can_be_cured_until_the_last_day() -> None:
    found = answer(check_ur_attached, LAST_DAY, is_ur_attached=False)
    assert (found.verdict, found.code, found.curable_until) == (CheckVerdict.FAILED, "INE-UR", LAST_DAY)
    assert answer(check_ur_attached, LAST_DAY + DAY, is_ur_attached=False).curable_until is None


def test_decision_that_came_later_asks_from_when_the_application_counts() -> None:
    came = {"ur_arrived_on": LAST_DAY + DAY}
    assert answer(check_ur_attached, **came).verdict == CheckVerdict.NEEDS_PERSON
    for counts in (True, False):
        assert answer(check_ur_attached, **came, counts_from_ur=counts).verdict == CheckVerdict.PASSED


@pytest.mark.parametrize(
    ("came_on", "counts", "verdict"),
    [
        (LAST_DAY, True, CheckVerdict.PASSED),
        (LAST_DAY + DAY, True, CheckVerdict.FAILED),
        (LAST_DAY + DAY, False, CheckVerdict.PASSED),
        (LAST_DAY + DAY, None, CheckVerdict.PASSED),
    ],
)
def test_time_to_file_goes_by_the_decision(came_on: date, counts: bool | None, verdict: CheckVerdict) -> None:
    assert answer(check_timeliness, ur_arrived_on=came_on, counts_from_ur=counts).verdict == verdict
