"""Reads published determination letters, and our own, back into data. Pure: bytes or text in, a `ReadLetter` out."""

from reviews.letters.reader.reading import read_letter
from reviews.letters.reader.result import (
    BlockFacts,
    ChapterCitation,
    DateFact,
    ItemFacts,
    LetterFormat,
    OutsideCitation,
    PartialItem,
    PartialLetter,
    Problem,
    ProblemKind,
    ReadLetter,
    UnreadableLetterError,
)

__all__ = [
    "BlockFacts",
    "ChapterCitation",
    "DateFact",
    "ItemFacts",
    "LetterFormat",
    "OutsideCitation",
    "PartialItem",
    "PartialLetter",
    "Problem",
    "ProblemKind",
    "ReadLetter",
    "UnreadableLetterError",
    "read_letter",
]
