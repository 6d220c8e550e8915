"""A rationale that was written for another treatment."""

import re

from reviews.rules.checks.anatomy import parts_in
from reviews.rules.checks.determination import (
    CheckedDetermination,
    CheckedItem,
    CheckFinding,
    Severity,
    advice,
    short,
)
from reviews.rules.checks.sentences import Sentence, objects, sentences
from reviews.rules.checks.treatments import families_in, is_ancillary, names_treatment

SHINGLE_WORDS = 4
# Rationales of one letter share openings (33 of 79 published letters with several items); half of the text is more.
ALIKE = 0.5
COPIED = 0.9


def check_pasted(determination: CheckedDetermination) -> list[CheckFinding]:
    """No rationale names another treatment and never its own; services that follow a surgery may repeat its text.

    A text that several items share by the reviewer's choice is listed as such, and is no copy of one another.
    """
    found = []
    for item in determination.items:
        if not item.rationale or is_ancillary(item.text, item.rationale):
            continue
        sharing = [other for other in determination.items if _is_shared(item, other)]
        others = [other for other in determination.items if other.position != item.position and other not in sharing]
        if sharing:
            found.append(_shared(item, sharing))
        about = frozenset[str]().union(*(families_in(one.text) for one in [item, *sharing]))
        if names_treatment(item.rationale, item.text):
            finding = _check_copies(item, others, about)
        else:
            finding = _check_others(item, others, about) or _check_subject(item, about)
            finding = finding or (None if sharing else _check_same(item, others))
        if finding is not None:
            found.append(finding)
    return found


def _is_shared(item: CheckedItem, other: CheckedItem) -> bool:
    """Whether the reviewer chose one rationale for the two, and it still is one."""
    return other.position in item.shared_with and other.rationale == item.rationale


def _shared(item: CheckedItem, sharing: list[CheckedItem]) -> CheckFinding:
    positions = [other.position for other in sharing]
    words = f"One rationale, by choice, for this item and item{'s' if len(positions) > 1 else ''} {_and(positions)}."
    named = [other.position for other in sharing if names_treatment(item.rationale, other.text)]
    if named and not names_treatment(item.rationale, item.text):
        words += f" It names the treatment of item {_and(named)} and not this one's."
    data = {"shared_with": positions}
    return CheckFinding(
        "shared_rationale", item.position, Severity.NOTE, words, short(item.rationale), "rationale", data
    )


def _and(positions: list[int]) -> str:
    *first, last = map(str, positions)
    return f"{', '.join(first)} and {last}" if first else last


def similarity(one: str, other: str) -> float:
    """Share of runs of four words that two texts have in common (Jaccard), from 0 to 1."""
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def _check_copies(item: CheckedItem, others: list[CheckedItem], about: frozenset[str]) -> CheckFinding | None:
    """The text of another item, whose deciding sentences name that treatment while the own is named in passing."""
    for other in others:
        if families_in(other.text) & about:
            continue
        alike = similarity(item.rationale, other.rationale)
        if alike < COPIED:
            continue
        deciding = _subjects(item.rationale)
        # Without a treatment in the sentences that decide, the whole text has to tell.
        if not names_treatment(deciding, item.text) and not names_treatment(deciding, other.text):
            deciding = item.rationale
        is_own = bool(about & families_in(deciding))
        if names_treatment(deciding, other.text) and not is_own:
            return _finding(item, other, alike, "mainly the treatment", deciding)
    return None


def _check_others(item: CheckedItem, others: list[CheckedItem], own: frozenset[str]) -> CheckFinding | None:
    for other in others:
        alike = similarity(item.rationale, other.rationale)
        if alike >= ALIKE and _is_about(item.rationale, other, item) and not families_in(other.text) & own:
            return _finding(item, other, alike, "the treatment", item.rationale)
        named = families_in(other.text) - own
        deciding = _deciding(item, named)
        if deciding is not None and named & families_in(item.rationale):
            return _finding(item, other, alike, "the treatment", deciding.text)
    return None


def _is_about(rationale: str, other: CheckedItem, item: CheckedItem) -> bool:
    """Whether the text names the other item's treatment, or its part of the body where the own item has none."""
    if names_treatment(rationale, other.text):
        return True
    return bool(parts_in(other.text) & parts_in(_subjects(rationale))) and not parts_in(item.text)


def _finding(item: CheckedItem, other: CheckedItem, alike: float, what: str, quote: str) -> CheckFinding:
    return advice(
        "pasted_rationale",
        item.position,
        f"The rationale names {what} of item {other.position} and not its own; {alike:.0%} of its wording is in the "
        f"rationale of item {other.position}.",
        quote,
        other_position=other.position,
        similarity=round(alike, 2),
    )


def _check_same(item: CheckedItem, others: list[CheckedItem]) -> CheckFinding | None:
    """The very text of another item, which names neither treatment: listed, since services are often decided alike."""
    for other in others:
        if similarity(item.rationale, other.rationale) < COPIED or families_in(other.text) & families_in(item.text):
            continue
        words = f"The rationale is that of item {other.position} and names the treatment of neither."
        data = {"other_position": other.position}
        quote = short(item.rationale)
        return CheckFinding("same_rationale", item.position, Severity.NOTE, words, quote, "rationale", data)
    return None


def _check_subject(item: CheckedItem, own: frozenset[str]) -> CheckFinding | None:
    """The sentence that decides is about a treatment of another kind than the item's or those that share its text."""
    if not families_in(item.text):
        return None
    for sentence in sentences(item.rationale):
        if not sentence.is_subject or "necess" not in sentence.text or sentence.is_history:
            continue
        named = families_in(objects(sentence.text))
        if named and not named & own:
            return advice(
                "other_treatment",
                item.position,
                f"The rationale decides on another treatment ({_listed(named)}) than the item names.",
                sentence.text,
                names=sorted(named),
            )
    return None


def _deciding(item: CheckedItem, named: frozenset[str]) -> Sentence | None:
    parts = (part for part in sentences(item.rationale) if part.is_subject and not part.is_history)
    return next((part for part in parts if named & families_in(part.text)), None)


def _subjects(rationale: str) -> str:
    return " ".join(part.text for part in sentences(rationale) if part.is_subject and not part.is_history)


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return frozenset(tuple(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1))


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(name.removeprefix("drug: ") for name in names))
