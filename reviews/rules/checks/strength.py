"""The strength of a drug in the item against the one in the rationale."""

import re

from reviews.rules.checks.determination import CheckedDetermination, CheckedItem, CheckFinding, advice
from reviews.rules.checks.drugs import drugs_in
from reviews.rules.checks.figures import Strength, strengths_in
from reviews.rules.checks.sentences import sentences

_BEFORE = 30
# The sum of a day, or of several opioids.
_TOTAL = re.compile(r"\b(?:equivalents?|MED|MME|totals?|daily dos\w+|per day)\b", re.IGNORECASE)


def check_strength(determination: CheckedDetermination) -> list[CheckFinding]:
    """A rationale that gives the strength of the item's drug gives one of the item's (an item may hold two)."""
    found = (_check(item) for item in determination.items)
    return [finding for finding in found if finding is not None]


def _check(item: CheckedItem) -> CheckFinding | None:
    wanted = strengths_in(item.text)
    if not wanted:
        return None
    said = strengths_in(item.rationale)
    if not said or any(_is_same(one, other) for one in wanted for other in said):
        return None
    own = drugs_in(item.text)
    for sentence in sentences(item.rationale):
        if (
            _TOTAL.search(sentence.text)
            or sentence.is_guideline
            or sentence.is_taper
            or (sentence.is_history and not sentence.is_subject)
        ):
            continue
        for strength in strengths_in(sentence.text):
            before = sentence.text[max(0, strength.start - _BEFORE) : strength.start]
            is_of_item = bool(drugs_in(before) & own) or (not drugs_in(before) and sentence.is_subject)
            if not is_of_item or not any(one.unit == strength.unit for one in wanted):
                continue
            return advice(
                "strength",
                item.position,
                f"The item says {wanted[0].words}, but the rationale says {strength.words}.",
                sentence.text,
                item_strengths=[one.words for one in wanted],
                rationale_strength=strength.words,
            )
    return None


def _is_same(one: Strength, other: Strength) -> bool:
    """The same figures; a rationale may give the first figure of a combination only."""
    return one.figures == other.figures or one.figures.split("/")[0] == other.figures.split("/")[0] != ""
