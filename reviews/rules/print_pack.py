"""Which records follow the list of a print pack. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

# What one job joins in a few seconds, and more paper than anybody carries home.
MOST_PAGES: Final = 2_000
MOST_BYTES: Final = 200 * 1024 * 1024


def within_cap(records: Iterable[tuple[int, int, int]]) -> frozenset[int]:
    """The ids of the records that are put in: each (id, pages, bytes) in turn, unless it would go over the cap.

    A large one is left out and a smaller one after it still has its place.
    """
    taken: set[int] = set()
    pages = size = 0
    for pk, page_count, byte_count in records:
        if pages + page_count <= MOST_PAGES and size + byte_count <= MOST_BYTES:
            taken.add(pk)
            pages, size = pages + page_count, size + byte_count
    return frozenset(taken)


def places(counts: Mapping[int, int], *, first: int) -> dict[int, int]:
    """The first page of each record that gave pages, counted from 0, when the first of all is page `first`."""
    starts = {}
    for pk, count in counts.items():
        if count:
            starts[pk] = first
            first += count
    return starts
