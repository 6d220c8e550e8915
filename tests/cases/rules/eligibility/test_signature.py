"""The signature."""

from cases.enums import CheckVerdict, SignerKind
from cases.rules.eligibility.signature import check_signature
from tests.factories.eligibility import DAY, DECIDED, LAST_DAY, RECEIVED, answer


def test_signed_form_passes() -> None:
    assert answer(check_signature).verdict == CheckVerdict.PASSED


def test_unsigned_application_fails_and_can_be_filed_anew_until_the_last_day() -> None:
    for today, curable in ((LAST_DAY - DAY, LAST_DAY), (LAST_DAY, LAST_DAY), (LAST_DAY + DAY, None)):
        found = answer(check_signature, today, signer=SignerKind.UNSIGNED)
        assert (found.verdict, found.code, found.curable_until) == (CheckVerdict.FAILED, "INE-SIG", curable)


def test_form_that_is_not_attached_fails() -> None:
    assert answer(check_signature, is_form_attached=False).verdict == CheckVerdict.FAILED


def test_signature_between_decision_and_receipt_passes_and_outside_is_for_a_person() -> None:
    for signed_on, verdict in (
        (DECIDED - DAY, CheckVerdict.NEEDS_PERSON),
        (DECIDED, CheckVerdict.PASSED),
        (RECEIVED, CheckVerdict.PASSED),
        (RECEIVED + DAY, CheckVerdict.NEEDS_PERSON),
        (None, CheckVerdict.NEEDS_PERSON),
    ):
        assert answer(check_signature, signed_on=signed_on).verdict == verdict
