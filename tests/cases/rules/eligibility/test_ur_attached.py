"""The UR decision among the documents."""

from cases.enums import CheckVerdict
from cases.rules.eligibility.ur_attached import check_ur_attached
from tests.factories.eligibility import DAY, LAST_DAY, answer


def test_attached_decision_passes() -> None:
    assert answer(check_ur_attached).verdict == CheckVerdict.PASSED


def test_missing_decision_fails_and_can_be_cured_until_the_last_day() -> None:
    found = answer(check_ur_attached, LAST_DAY, is_ur_attached=False)
    assert (found.verdict, found.code, found.curable_until) == (CheckVerdict.FAILED, "INE-UR", LAST_DAY)
    assert answer(check_ur_attached, LAST_DAY + DAY, is_ur_attached=False).curable_until is None
