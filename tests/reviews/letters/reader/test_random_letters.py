"""Letters in the proportions of the published ones: read exactly, or reported; never read wrong in silence."""

from functools import cache

import pytest

from reviews.letters import ExchangedDetermination
from reviews.letters.reader import UnreadableLetterError, read_letter
from tests.reviews.letters.reader.published import (
    as_columns,
    as_table,
    extracted,
    has_pdftotext,
    joined,
    loosely,
    published_pdf,
)
from tests.reviews.letters.reader.random_letters import random_letter

EXACT, REPORTED, WRONG = "exact", "reported", "wrong in silence"
OPTIONS: dict[str, tuple[str, ...]] = {"default": (), "columns": (), "layout": ("-layout",), "raw": ("-raw",)}
LETTERS = [*((seed, 0.02) for seed in range(1, 9)), (5, 0.4), (10, 0.4), (32, 0.4)]


@cache
def letter_and_pdf(seed: int, unended: float) -> tuple[ExchangedDetermination, bytes]:
    """A random letter and its PDF; every seventh is restricted."""
    letter, look = random_letter(seed, unended=unended)
    return letter, published_pdf(letter, look, is_restricted=seed % 7 == 0)


def reading_of(seed: int, order: str, unended: float = 0.02) -> str:
    """How the letter of `seed` is read: from its PDF, or from its text in `order`."""
    letter, source = letter_and_pdf(seed, unended)
    try:
        if order == "pdf":
            read = read_letter(source)
        elif order == "table":
            read = read_letter(as_table(letter))
        else:
            text = extracted(source, *OPTIONS[order])
            read = read_letter(as_columns(text, letter) if order == "columns" else text)
    except UnreadableLetterError:
        return REPORTED
    same = loosely if order in {"default", "columns"} else joined
    assert read.determination is not None
    if not read.is_certain:
        return REPORTED
    return EXACT if same(repr(read.determination.to_data())) == same(repr(letter.to_data())) else WRONG


def test_every_pdf_is_read_exactly() -> None:
    readings = {(seed, unended): reading_of(seed, "pdf", unended) for seed, unended in LETTERS}

    assert {key: reading for key, reading in readings.items() if reading != EXACT} == {}


@pytest.mark.skipif(not has_pdftotext(), reason="pdftotext (poppler-utils) is not installed")
def test_text_of_every_order_is_read_exactly_or_reported() -> None:
    readings = {
        (order, seed, unended): reading_of(seed, order, unended)
        for seed, unended in LETTERS
        for order in ("table", *OPTIONS)
    }

    assert [key for key, reading in readings.items() if reading == WRONG] == []
    assert [key for key, reading in readings.items() if reading == REPORTED and key[0] in {"table", "layout"}] == []
    # Where the end of a rationale is not marked in any way, a report is all that can be asked for.
    assert [key for key, reading in readings.items() if reading == REPORTED and key[2] < 0.1] == []
