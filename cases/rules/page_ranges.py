"""Pages as people write them: `1-3, 7`. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

MAX_TYPED: Final = 2_000
_BETWEEN = re.compile(r"[,;\s]+")
_DASHES = re.compile(r"\s*(?:-|–|—|\bto\b)\s*", re.IGNORECASE)
_RANGE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}|end))?", re.IGNORECASE)


class PageRangeError(ValueError):
    """What is wrong with the typed pages, as a sentence that says what to write."""


def read_pages(text: str, *, page_count: int) -> tuple[int, ...]:
    """The pages of `text` in its order: `7, 1-3` is 7, 1, 2, 3; `8-end` is the rest of a document of `page_count`.

    Raises `PageRangeError` for what cannot be read, pages that do not exist, and pages that are named twice.
    """
    if len(text) > MAX_TYPED:
        raise PageRangeError(f"Write the pages with {MAX_TYPED:,} characters or fewer, as ranges such as 1-40.")
    pages: list[int] = []
    for part in filter(None, _BETWEEN.split(_DASHES.sub("-", text.strip()))):
        pages += _pages_of(part, page_count)
    if twice := sorted(page for page, count in Counter(pages).items() if count > 1):
        raise PageRangeError(f"{page_words(twice).capitalize()} {'is' if len(twice) == 1 else 'are'} named twice.")
    return tuple(pages)


def range_words(pages: Iterable[int]) -> str:
    """`1-3, 7`: the pages in their order, neighbors as a range."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def page_words(pages: Sequence[int]) -> str:
    """`page 7`, `pages 1-3, 7`."""
    return f"page{'' if len(pages) == 1 else 's'} {range_words(pages)}"


def _pages_of(part: str, page_count: int) -> range:
    found = _RANGE.fullmatch(part)
    if found is None:
        raise PageRangeError(f"“{part[:40]}” cannot be read. Write pages and ranges such as 1-3, 7.")
    first = int(found[1])
    last = page_count if (found[2] or "").lower() == "end" else int(found[2] or first)
    there_are = f"The document has {page_count:,} page{'' if page_count == 1 else 's'}."
    for page in (first, last):
        if not 1 <= page <= page_count:
            raise PageRangeError(f"There is no page {page}. {there_are}")
    if last < first:
        raise PageRangeError(f"Write {part} the other way round: {last}-{first}.")
    return range(first, last + 1)
