"""Spinal levels in the item against those in the rationale."""

import re

from reviews.rules.checks.anatomy import level_words, levels_in
from reviews.rules.checks.determination import CheckedDetermination, CheckedItem, CheckFinding, advice
from reviews.rules.checks.sentences import sentences

# What an examination finds at a level, not the level that is treated.
_FINDING = re.compile(
    r"\b(?:dermatom\w*|myotom\w*|distribution\w*|sensation|sensory|reflex\w*|weakness|numbness|fused"
    r"|fusion (?:was|in)"
    r"|adjacent|above|below)\b",
    re.IGNORECASE,
)


def check_level(determination: CheckedDetermination) -> list[CheckFinding]:
    """A rationale that names spinal levels names one of the item's, or the vertebra of one."""
    found = (_check(item) for item in determination.items)
    return [finding for finding in found if finding is not None]


def _check(item: CheckedItem) -> CheckFinding | None:
    wanted = levels_in(item.text)
    if not wanted or _meets(wanted, levels_in(item.rationale)):
        return None
    for sentence in sentences(item.rationale):
        said = levels_in(sentence.text)
        if not said or sentence.is_guideline or (not sentence.is_subject and _FINDING.search(sentence.text)):
            continue
        if sentence.is_history and not sentence.is_subject:
            continue
        return advice(
            "spinal_level",
            item.position,
            f"The item names {level_words(wanted)}, but the rationale names {level_words(said)}.",
            sentence.text,
            item_levels=level_words(wanted),
            rationale_levels=level_words(said),
        )
    return None


def _meets(wanted: frozenset[frozenset[str]], said: frozenset[frozenset[str]]) -> bool:
    """Whether a level is in both. Where one names no segment, a root or vertebra meets every segment that holds it."""
    if wanted & said:
        return True
    if _segments(wanted) and _segments(said):
        return False
    return any(one & other for one in wanted for other in said)


def _segments(levels: frozenset[frozenset[str]]) -> bool:
    return any(len(level) > 1 for level in levels)
