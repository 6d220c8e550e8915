"""Disputed liability."""

from typing import Any

from cases.enums import CheckVerdict
from cases.rules.eligibility.liability import check_liability
from tests.factories.eligibility import DAY, TODAY, answer


def test_undisputed_liability_passes_and_silence_is_for_a_person() -> None:
    assert answer(check_liability).verdict == CheckVerdict.PASSED
    assert answer(check_liability, is_liability_disputed=None).verdict == CheckVerdict.NEEDS_PERSON


def test_disputed_liability_defers() -> None:
    found = answer(check_liability, is_liability_disputed=True, liability_reason="Body part not accepted")
    assert (found.verdict, found.code) == (CheckVerdict.FAILED, "INE-LIAB")
    assert "deferred" in found.words
    assert "Body part not accepted" in [one.value for one in found.inputs]


def test_consent_or_the_end_of_the_dispute_lets_the_review_go_on() -> None:
    disputed: dict[str, Any] = {"is_liability_disputed": True}
    assert answer(check_liability, has_consent_to_review=True, **disputed).verdict == CheckVerdict.PASSED
    for resolved_on, verdict in (
        (TODAY - DAY, CheckVerdict.PASSED),
        (TODAY, CheckVerdict.PASSED),
        (TODAY + DAY, CheckVerdict.FAILED),
    ):
        assert answer(check_liability, liability_resolved_on=resolved_on, **disputed).verdict == verdict
