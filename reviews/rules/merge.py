"""Two versions of one text that were written from a third: what each side changed, put together. Pure.

Texts are compared sentence by sentence and, where both sides changed the same sentence, word by word. What cannot be
put together stands in the merged text twice, between marks that no signature passes (`reviews.rules.placeholders`).
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from merge3 import Merge3

from reviews.enums import Keep

_SENTENCE_END = re.compile(r"(?<=[.!?;])(?=\s)|(?=\n)")
_WORDS = re.compile(r"\s*\S+|\s+\Z")


@dataclass(frozen=True, slots=True)
class Merged:
    """The text that holds both sides, and in how many places they changed the same words."""

    text: str
    overlaps: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be stored, field by field; `clashes` are the fields that both sides changed differently."""

    values: dict[str, str]
    clashes: tuple[str, ...] = ()


class _Matcher(difflib.SequenceMatcher[str]):
    """Without the shortcut that takes frequent words for noise."""

    def __init__(self, isjunk: Callable[[str], bool] | None, a: Sequence[str], b: Sequence[str]) -> None:
        super().__init__(isjunk, a, b, autojunk=False)


def settle(
    *,
    base: Mapping[str, str],
    mine: Mapping[str, str],
    stored: Mapping[str, str],
    keep: Keep = Keep.ASK,
    choices: frozenset[str] = frozenset(),
) -> Settled:
    """What one side alone changed is taken; where both changed, `keep` says what counts, else the stored text stays.

    `choices` are fields with one of a few answers, which cannot be put together: there the merged one is mine.
    """
    values, clashes = {}, []
    for field, text in mine.items():
        theirs, common = stored[field], base.get(field, "")
        if text in (theirs, common):
            values[field] = theirs
        elif theirs == common:
            values[field] = text
        else:
            clashes.append(field)
            merged = text if field in choices else merge_texts(common, text, theirs).text
            values[field] = {Keep.MINE: text, Keep.MERGED: merged}.get(keep, theirs)
    return Settled(values, tuple(clashes))


def merge_texts(base: str, mine: str, stored: str) -> Merged:
    """Every change of both sides against `base`. What both changed alike stands once."""
    return _merge(_sentences(base), _sentences(mine), _sentences(stored), _merge_words)


def _merge_words(base: str, mine: str, stored: str) -> Merged:
    within = _merge(_WORDS.findall(base), _WORDS.findall(mine), _WORDS.findall(stored), _one_place)
    return within if within.overlaps == 0 else _both(base, mine, stored)


def _one_place(base: str, mine: str, stored: str) -> Merged:
    """Words of one sentence are never put one after the other: "left" and "right" added in one place are a choice."""
    return Merged(mine, 0 if mine == stored else 1)


def _both(base: str, mine: str, stored: str) -> Merged:
    """What both sides wrote in one place. Sentences that were only added stand one after the other."""
    if mine.startswith(stored) or stored.startswith(mine):
        if not base:
            return Merged(max(mine, stored, key=len))
    elif not base:
        gap = "" if mine[:1].isspace() or stored[-1:].isspace() else " "
        return Merged(stored + gap + mine)
    lead = mine[: len(mine) - len(mine.lstrip())]
    return Merged(f"{lead}{{{{yours: {mine.strip()} | stored: {stored.strip()}}}}}", 1)


def _merge(
    base: Sequence[str], mine: Sequence[str], stored: Sequence[str], clash: Callable[[str, str, str], Merged]
) -> Merged:
    text, overlaps = "", 0
    for group in Merge3(base, mine, stored, sequence_matcher=cast("Any", _Matcher)).merge_groups():
        if group[0] == "conflict":
            merged = clash(*("".join(part) for part in group[1:]))
            text += merged.text
            overlaps += merged.overlaps
        else:
            text += "".join(group[1])
    return Merged(text, overlaps)


def _sentences(text: str) -> list[str]:
    """The sentences, each with the blanks before it; joined, they are the text."""
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    starts = [0, *ends]
    parts = [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]
    return [part for part in parts if part]
