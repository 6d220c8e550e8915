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

    The pieces that are not `ADDED`, joined, are `old`; those that are not `REMOVED` are `new`.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    return tuple(_pieces(before, after))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            yield Piece(Mark.SAME, "".join(before[start:end]))
            continue
        if end > start:
            yield Piece(Mark.REMOVED, "".join(before[start:end]))
        if new_end > new_start:
            yield Piece(Mark.ADDED, "".join(after[new_start:new_end]))
