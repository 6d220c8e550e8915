"""What changed between two texts, word by word."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_WORDS = re.compile(r"\s+|[^\s]+")


class Mark(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and what became of it."""

    mark: Mark
    text: str


def redline(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order, what was removed before what replaced it.

    The pieces that are not `ADDED`, joined, are `old`; those that are not `REMOVED` are `new`. Words that changed one
    after the other are one piece: two sentences whose blanks alone agree are not woven into each other.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    return tuple(_pieces(before, after))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    codes = matcher.get_opcodes()
    removed = added = ""
    for position, (kind, start, end, new_start, new_end) in enumerate(codes):
        was, now = "".join(before[start:end]), "".join(after[new_start:new_end])
        is_between_changes = 0 < position < len(codes) - 1
        if kind != "equal" or (is_between_changes and was.isspace() and "\n" not in was):
            removed, added = removed + was, added + now
            continue
        yield from _changed(removed, added)
        removed = added = ""
        yield Piece(Mark.SAME, was)
    yield from _changed(removed, added)


def _changed(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Mark.REMOVED, removed)
    if added:
        yield Piece(Mark.ADDED, added)
