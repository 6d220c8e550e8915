"""Reads published determination letters, and our own, back into data. Pure: bytes or text in, a `ReadLetter` out."""

from reviews.letters.reader.facts import codes_in, dates_in
from reviews.letters.reader.grammar import Grammar, grammar_of
from reviews.letters.reader.reading import item_facts, read_letter
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
    "Grammar",
    "ItemFacts",
    "LetterFormat",
    "OutsideCitation",
    "PartialItem",
    "PartialLetter",
    "Problem",
    "ProblemKind",
    "ReadLetter",
    "UnreadableLetterError",
    "codes_in",
    "dates_in",
    "grammar_of",
    "item_facts",
    "read_letter",
]
