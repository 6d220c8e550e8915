"""A UR decision exists."""

from cases.enums import CheckVerdict
from cases.rules.eligibility.ur_decision import check_ur_decision
from tests.factories.eligibility import DAY, RECEIVED, answer


def test_decision_before_the_receipt_passes() -> None:
    for decided_on, verdict in (
        (RECEIVED - DAY, CheckVerdict.PASSED),
        (RECEIVED, CheckVerdict.PASSED),
        (RECEIVED + DAY, CheckVerdict.NEEDS_PERSON),
    ):
        assert answer(check_ur_decision, decided_on=decided_on).verdict == verdict


def test_no_decision_fails_and_an_undated_letter_is_for_a_person() -> None:
    found = answer(check_ur_decision, decided_on=None, is_ur_attached=False)
    assert (found.verdict, found.code) == (CheckVerdict.FAILED, "INE-NOUR")
    assert answer(check_ur_decision, decided_on=None).verdict == CheckVerdict.NEEDS_PERSON
