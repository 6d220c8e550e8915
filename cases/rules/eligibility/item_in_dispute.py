"""Was the item denied or modified, and is something of it left in dispute? (LC 4610.5(c), (d))"""

import re
from datetime import date
from typing import Any

from cases.enums import IneligibilityReason, UROutcome
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import DisputedTreatment, EligibilityFacts
from cases.rules.eligibility.result import Check, CheckResult, Inputs

CHECK = Check(
    name="item-in-dispute",
    title="Denied or modified by UR",
    code=IneligibilityReason.NO_UR,
    citation="LC 4610.5(c), (d)",
)
MOST_WORDS_MISSING = 0.5
# Of a letter with fewer words than this too little could be read to compare.
FEWEST_WORDS = 30
_WORD = re.compile(r"[a-z0-9]{4,}")


def check_item_in_dispute(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """Each item is one that the UR letter denied or modified, and was not authorized since.

    Where the letter could be read and has few of the item's words, a person compares the two.
    """
    words = set(_WORD.findall(facts.ur_letter_text.casefold()))
    return [_item(item, words) for item in facts.items]


def _item(item: DisputedTreatment, letter: set[str]) -> CheckResult:
    outcome = UROutcome(item.ur_outcome).label if item.ur_outcome else None
    inputs: Inputs = {"Utilization review": outcome, "Authorized since": item.is_authorized}
    more: dict[str, Any] = {"item": item.position, "inputs": inputs}
    if item.is_authorized:
        return CHECK.fails("The claims administrator has authorized it: nothing is in dispute.", **more)
    if not item.ur_outcome:
        return CHECK.asks("It is not said whether it was denied or modified. Look at the letter.", **more)
    if item.ur_outcome == UROutcome.MODIFIED:
        inputs["Left in dispute"] = item.remaining
        if not item.remaining:
            return CHECK.asks("It was modified, but nothing is said to be left in dispute. Look at the letter.", **more)
    if len(letter) >= FEWEST_WORDS and _missing(item.description, letter) > MOST_WORDS_MISSING:
        return CHECK.asks("Most of its words are not in the text of the UR letter. Compare the two.", **more)
    return CHECK.passes(f"{outcome} by utilization review.", **more)


def _missing(description: str, letter: set[str]) -> float:
    words = set(_WORD.findall(description.casefold()))
    return len(words - letter) / len(words) if words else 0.0
