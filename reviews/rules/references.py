"""References to pages of the records inside the reviewer's texts: `[R3, page 12]`.

A reference is part of the stored text and can be typed by hand. `R3` is the third record of the case as the workspace
numbers it; the letter prints the number of its own list of documents (8 CCR 9792.10.6(d)). Pure.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

# Blanks, capitals and "p." for "page" are forgiven; what begins like a reference and is none is found by `_LIKE`.
_REFERENCE: Final = re.compile(
    r"\[\s*R\s*(?P<number>[0-9]{1,6})\s*,?\s*p(?:ages?|\.|p\.)?\s*(?P<first>[0-9]{1,7})"
    r"(?:\s*[-–]\s*(?P<last>[0-9]{1,7}))?\s*\]",
    re.IGNORECASE,
)
_LIKE: Final = re.compile(r"\[\s*R\s*[0-9][^\]\n]{0,40}\]?", re.IGNORECASE)
FIRST_NUMBER: Final = 1
NOWHERE: Final[Mapping[tuple[int, int], tuple[int, int]]] = MappingProxyType({})
# A reference to more pages than this is no reference to a place in a record.
MOST_MOVED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Reference:
    """A page, or pages `page` to `last`, of record `number`; `token` is how it stands in the text."""

    number: int
    page: int
    last: int
    token: str


@dataclass(frozen=True, slots=True)
class NumberedRecord:
    """A record that a reference can mean. `listed` is its number in the letter's list of documents."""

    document_id: int
    number: int
    listed: int
    title: str
    page_count: int
    is_considered: bool


@dataclass(frozen=True, slots=True)
class ReferenceProblem:
    """A reference that cannot be printed, and what to do; `document_id` when marking that record mends it."""

    code: str
    message: str
    document_id: int | None = None


def token_of(number: int, page: int) -> str:
    """The reference as it is put into a text."""
    return f"[R{number}, page {page}]"


def references_in(text: str) -> list[Reference]:
    """The references of `text`, in its order."""
    return [_reference(found) for found in _REFERENCE.finditer(text)]


def reference_problems(
    text: str, records: Iterable[NumberedRecord], moved: Mapping[tuple[int, int], tuple[int, int]] = NOWHERE
) -> list[ReferenceProblem]:
    """What keeps the references of `text` from being printed: unknown records, pages that do not exist, records that
    were not considered, and brackets that begin like a reference. Each once, in the order of the text.

    `moved` tells where pages of records that were turned, divided or joined are now.
    """
    known = {record.number: record for record in records}
    problems: list[ReferenceProblem] = []
    for found in _LIKE.finditer(text):
        whole = _REFERENCE.match(text, found.start())
        problem = _problem(_reference(whole), known, moved) if whole else _unreadable(found.group())
        if problem is not None and problem not in problems:
            problems.append(problem)
    return problems


def with_printed_references(text: str, records: Iterable[NumberedRecord]) -> str:
    """`text` with each reference as the letter prints it: `(document 2, page 12)`. What is unknown stays as it is."""
    known = {record.number: record for record in records}
    return _REFERENCE.sub(lambda found: _printed(_reference(found), known), text)


def without_references(text: str) -> str:
    """`text` as it reads without them, for checks of its words."""
    return re.sub(r"[ \t]?" + _REFERENCE.pattern, "", text, flags=re.IGNORECASE)


def _reference(found: re.Match[str]) -> Reference:
    first = int(found["first"])
    return Reference(int(found["number"]), first, int(found["last"] or first), found.group())


def _problem(
    reference: Reference,
    known: Mapping[int, NumberedRecord],
    moved: Mapping[tuple[int, int], tuple[int, int]],
) -> ReferenceProblem | None:
    record = known.get(reference.number)
    if record is None and (now := _places(reference, moved)):
        return ReferenceProblem(
            "reference_moved",
            f"{reference.token} points to a record whose pages were arranged anew since. Write {' and '.join(now)} "
            "instead.",
        )
    if record is None:
        return ReferenceProblem(
            "reference_unknown",
            f"{reference.token} points to a record that is not on the case. Change or remove it.",
        )
    if not FIRST_NUMBER <= reference.page <= reference.last <= record.page_count:
        noun = "page" if record.page_count == 1 else "pages"
        return ReferenceProblem(
            "reference_page",
            f"{reference.token} points to a page that does not exist: R{record.number} (“{record.title}”) has "
            f"{record.page_count:,} {noun}. Change or remove it.",
        )
    if not record.is_considered:
        return ReferenceProblem(
            "reference_not_considered",
            f"Your text refers to R{record.number} (“{record.title}”). Mark it as considered, or remove "
            f"{reference.token}.",
            record.document_id,
        )
    return None


def _places(reference: Reference, moved: Mapping[tuple[int, int], tuple[int, int]]) -> list[str]:
    """The references that mean the pages where they are now; none when one of them went nowhere."""
    if reference.last - reference.page > MOST_MOVED:
        return []
    pages = [moved.get((reference.number, page)) for page in range(reference.page, reference.last + 1)]
    spans: list[list[int]] = []
    for place in pages:
        if place is None:
            return []
        number, page = place
        if spans and spans[-1][0] == number and spans[-1][2] + 1 == page:
            spans[-1][2] = page
        else:
            spans.append([number, page, page])
    return [
        token_of(number, first) if first == last else f"[R{number}, pages {first}-{last}]"
        for number, first, last in spans
    ]


def _unreadable(token: str) -> ReferenceProblem:
    return ReferenceProblem(
        "reference_unreadable",
        f"“{token}” looks like a reference to a record but cannot be read. Write it as {token_of(3, 12)}.",
    )


def _printed(reference: Reference, known: Mapping[int, NumberedRecord]) -> str:
    record = known.get(reference.number)
    if record is None:
        return reference.token
    if reference.last == reference.page:
        return f"(document {record.listed}, page {reference.page})"
    return f"(document {record.listed}, pages {reference.page}-{reference.last})"
