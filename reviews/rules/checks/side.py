"""Left and right in the item, the rationale and the summary."""

import re
from collections.abc import Iterable

from reviews.rules.checks.anatomy import Sided, is_near, sides_in
from reviews.rules.checks.determination import CheckedDetermination, CheckedItem, CheckFinding, advice
from reviews.rules.checks.sentences import sentences

# A side that is named for what was before says nothing about the request.
_BEFORE = re.compile(
    r"\b(?:following|after|prior|previous|history of|contralateral|unlike)\s+(?:\w+\s+){0,2}?(?:left|right)\b",
    re.IGNORECASE,
)
_OPPOSITE = {"left": "right", "right": "left"}


def check_side(determination: CheckedDetermination) -> list[CheckFinding]:
    """An item for one side is not argued with the other side only."""
    found = (_check(item, determination.summary) for item in determination.items)
    return [finding for finding in found if finding is not None]


def _check(item: CheckedItem, summary: str) -> CheckFinding | None:
    in_item = sides_in(item.text)
    sides = {sided.side for sided in in_item}
    if len(sides) != 1 or "both" in sides:
        return None
    (side,) = sides
    parts = {sided.part for sided in in_item}
    said = _about(sides_in(_BEFORE.sub(" ", item.rationale)), parts)
    if any(sided.side in {side, "both"} for sided in said):
        return _check_conclusion(item, side, parts)
    for sentence in sentences(item.rationale):
        others = [one for one in _about(sides_in(_BEFORE.sub(" ", sentence.text)), parts) if one.side != side]
        if others and not (sentence.is_guideline or (sentence.is_history and not sentence.is_subject)):
            return _finding(item, side, others[0], "rationale", sentence.text)
    return None if said else _check_summary(item, side, parts, summary)


def _check_conclusion(item: CheckedItem, side: str, parts: set[str]) -> CheckFinding | None:
    """Both sides are named; the sentence that decides must not name the other one alone."""
    for sentence in sentences(item.rationale):
        if not sentence.is_subject or sentence.is_history or "necess" not in sentence.text.lower():
            continue
        said = _about(sides_in(sentence.text), parts)
        if said and all(sided.side == _OPPOSITE[side] for sided in said):
            return _finding(item, side, said[0], "rationale", sentence.text)
    return None


def _check_summary(item: CheckedItem, side: str, parts: set[str], summary: str) -> CheckFinding | None:
    named = parts - {""}
    said = [sided for sided in sides_in(summary) if any(is_near(sided.part, part) for part in named)]
    if not said or any(sided.side != _OPPOSITE[side] for sided in said):
        return None
    quote = next(part.text for part in sentences(summary) if said[0].words in part.text or sides_in(part.text))
    return _finding(item, side, said[0], "summary", quote)


def _about(said: Iterable[Sided], parts: set[str]) -> list[Sided]:
    """Those sides that are said of the item's part; a side without a part may be of any."""
    return [sided for sided in said if not sided.part or any(not part or is_near(sided.part, part) for part in parts)]


def _finding(item: CheckedItem, side: str, other: Sided, place: str, quote: str) -> CheckFinding:
    return advice(
        "side",
        item.position,
        f"The item says {side}, but the {place} says “{other.words}” and nowhere {side}."
        if place == "summary" or side not in quote.lower()
        else f"The item says {side}, but the sentence that decides says “{other.words}”.",
        quote,
        place,
        item_side=side,
        other_side=other.side,
    )
