"""Letters in the proportions of the published ones: read exactly, or reported; never read wrong in silence."""

from tests.reviews.letters.reader.measure import EXACT, OPTIONS, REPORTED, WRONG, reading_of

LETTERS = [*((seed, 0.02) for seed in range(1, 9)), (5, 0.4), (10, 0.4), (32, 0.4)]


def test_every_pdf_is_read_exactly() -> None:
    readings = {(seed, unended): reading_of(seed, "pdf", unended) for seed, unended in LETTERS}

    assert {key: reading for key, reading in readings.items() if reading != EXACT} == {}


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
