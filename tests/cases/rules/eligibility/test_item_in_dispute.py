"""Items that utilization review denied or modified."""

from dataclasses import replace
from typing import Any

import pytest

from cases.enums import CheckVerdict, UROutcome
from cases.rules.eligibility.item_in_dispute import FEWEST_WORDS, check_item_in_dispute
from tests.factories.eligibility import ITEM, TODAY, answer, facts, figures

PASSED, FAILED, PERSON = CheckVerdict.PASSED, CheckVerdict.FAILED, CheckVerdict.NEEDS_PERSON
REST = " ".join(f"word{number}" for number in range(FEWEST_WORDS))
OTHER_LETTER = f"Magnetic resonance imaging of the lumbar spine is not certified. {REST}"
ITS_LETTER = f"The request for AQUATIC THERAPY 12 sessions is denied. {REST}"


@pytest.mark.parametrize(
    ("changes", "letter", "verdict"),
    [
        ({}, "", PASSED),
        ({}, ITS_LETTER, PASSED),
        ({}, OTHER_LETTER, PERSON),
        ({}, "Magnetic resonance imaging", PASSED),
        ({"is_authorized": True}, ITS_LETTER, FAILED),
        ({"ur_outcome": ""}, ITS_LETTER, PERSON),
        ({"ur_outcome": UROutcome.MODIFIED}, ITS_LETTER, PERSON),
        ({"ur_outcome": UROutcome.MODIFIED, "remaining": "6 sessions"}, ITS_LETTER, PASSED),
    ],
)
def test_item_against_the_letter(changes: dict[str, Any], letter: str, verdict: CheckVerdict) -> None:
    found = answer(check_item_in_dispute, items=(replace(ITEM, **changes),), ur_letter_text=letter)
    assert (found.verdict, found.code, found.item) == (verdict, "INE-NOUR", 1)


def test_each_item_is_answered_for_itself() -> None:
    items = (ITEM, replace(ITEM, position=2, is_authorized=True))
    found = check_item_in_dispute(facts(items=items), figures(), TODAY)
    assert [(one.item, one.verdict) for one in found] == [(1, PASSED), (2, FAILED)]
