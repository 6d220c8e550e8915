"""Conditional non-certification."""

import pytest

from cases.enums import CheckVerdict
from cases.rules.eligibility.conditional import PHRASES, check_conditional
from tests.factories.eligibility import answer


def test_decision_on_necessity_passes() -> None:
    letter = "Aquatic therapy is denied as not medically necessary."
    assert answer(check_conditional, ur_letter_text=letter).verdict == CheckVerdict.PASSED


def test_conditional_decision_fails() -> None:
    found = answer(check_conditional, is_conditional=True)
    assert (found.verdict, found.code) == (CheckVerdict.FAILED, "INE-CNC")


@pytest.mark.parametrize("phrase", PHRASES)
def test_letter_that_reads_like_one_is_for_a_person(phrase: str) -> None:
    letter = f"The request is a {phrase.upper().replace(' ', chr(10))} at this time."
    found = answer(check_conditional, ur_letter_text=letter)
    assert found.verdict == CheckVerdict.NEEDS_PERSON
    assert phrase in found.words
