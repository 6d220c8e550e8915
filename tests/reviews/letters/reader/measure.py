"""How many random letters are read exactly, from PDF and from every order of text, and how fast.

    DJANGO_SETTINGS_MODULE=imr.settings.test python -m tests.reviews.letters.reader.measure [LETTERS [UNENDED]]

`UNENDED` is the share of rationales without a final full stop. The letters are made first; only reading is timed.
"""

import sys
import time
from collections import Counter
from functools import cache

from reviews.letters import ExchangedDetermination
from reviews.letters.reader import UnreadableLetterError, read_letter
from tests.reviews.letters.reader.published import as_columns, as_table, extracted, joined, loosely, published_pdf
from tests.reviews.letters.reader.random_letters import random_letter

EXACT, REPORTED, WRONG = "exact", "reported", "wrong in silence"
OPTIONS: dict[str, tuple[str, ...]] = {"default": (), "columns": (), "layout": ("-layout",), "raw": ("-raw",)}
ORDERS = ("pdf", "table", *OPTIONS)


@cache
def letter_and_pdf(seed: int, unended: float) -> tuple[ExchangedDetermination, bytes]:
    """A random letter and its PDF; every seventh is restricted."""
    letter, look = random_letter(seed, unended=unended)
    return letter, published_pdf(letter, look, is_restricted=seed % 7 == 0)


@cache
def source_of(seed: int, order: str, unended: float) -> bytes | str:
    """The letter of `seed` as PDF, or as text in `order`."""
    letter, data = letter_and_pdf(seed, unended)
    if order == "pdf":
        return data
    if order == "table":
        return as_table(letter)
    text = extracted(data, *OPTIONS[order])
    return as_columns(text, letter) if order == "columns" else text


def reading_of(seed: int, order: str, unended: float = 0.02) -> str:
    """How the letter of `seed` is read: exactly, with a report, or wrong in silence."""
    letter, _ = letter_and_pdf(seed, unended)
    try:
        read = read_letter(source_of(seed, order, unended))
    except UnreadableLetterError:
        return REPORTED
    same = loosely if order in {"default", "columns"} else joined
    assert read.determination is not None
    if not read.is_certain:
        return REPORTED
    return EXACT if same(repr(read.determination.to_data())) == same(repr(letter.to_data())) else WRONG


def main(count: int = 200, unended: float = 0.02) -> None:
    seeds = range(1, count + 1)
    for order in ORDERS:
        for seed in seeds:
            source_of(seed, order, unended)
    letters = [letter_and_pdf(seed, unended)[0] for seed in seeds]
    sys.stdout.write(f"{count} letters, {sum(len(letter.items) for letter in letters)} items\n")
    for order in ORDERS:
        start = time.process_time()
        for seed in seeds:
            try:
                read_letter(source_of(seed, order, unended))
            except UnreadableLetterError:
                continue
        seconds = time.process_time() - start
        readings = Counter(reading_of(seed, order, unended) for seed in seeds)
        counts = ", ".join(f"{readings[name]} {name}" for name in (EXACT, REPORTED, WRONG))
        sys.stdout.write(f"{order:8} {counts}; {seconds:.1f} s of CPU\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, float(sys.argv[2]) if len(sys.argv) > 2 else 0.02)
