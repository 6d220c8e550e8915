"""Citations as letters print them, from plain values.

Two styles are in use. Guidelines that are cited by page name the regulation, the day it took effect and the pages
("... 8 C.C.R. 9792.20-9792.26 MTUS (Effective July 18, 2009) Page(s): 46-47 of 127"). The others name the year and
the sections ("Low Back Complaints 2004, Section(s): Special Studies"), and the pages where a reviewer gives them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from guidelines.enums import SourceBody

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A place in a guideline: the edition's facts, and the section and pages within it.

    `label` is the name that letters of the edition's time print; without it the source's name stands. `section`
    without text means the whole chapter or edition.
    """

    body: str
    source: str
    year: int
    effective_on: date
    label: str = ""
    regulation: str = ""
    page_total: int | None = None
    chapter: str = ""
    section: str = ""
    pages: str = ""

    @property
    def is_mtus(self) -> bool:
        return self.body == SourceBody.MTUS

    @property
    def is_cited_by_page(self) -> bool:
        return self.is_mtus and bool(self.regulation) and self.page_total is not None

    @property
    def edition(self) -> tuple[str, str, int]:
        """What makes two places parts of one edition."""
        return self.body, self.source, self.year


def citation_text(place: CitedPlace, pages: str | None = None) -> str:
    """One place as a letter prints it, without a full stop; `pages` stands in for the section's own pages."""
    return _edition_text([_with_pages(place, pages)])


def citations_text(places: Iterable[CitedPlace]) -> str:
    """Several places of one kind (MTUS or not) as one clause: places of one edition share its name.

    Editions of the MTUS are joined by ", and", as published letters do; sources outside it by semicolons.
    """
    editions: dict[tuple[str, str, int], list[CitedPlace]] = {}
    for place in places:
        editions.setdefault(place.edition, []).append(place)
    texts = [_edition_text(group) for group in editions.values()]
    separator = ", and " if all(body == SourceBody.MTUS for body, _, _ in editions) else "; "
    return separator.join(texts)


def _edition_text(places: Sequence[CitedPlace]) -> str:
    first = places[0]
    if not first.is_mtus:
        return _outside_text(places)
    pages = _joined(place.pages for place in places)
    if first.is_cited_by_page:
        head = f"{first.label or first.source} {first.regulation} MTUS (Effective {long_date(first.effective_on)})"
        if pages:
            return f"{head} Page(s): {pages} of {first.page_total}"
    else:
        head = f"{first.source} {first.year}"
    sections = _joined(_section(place) for place in places)
    named = f"{head}, Section(s): {sections}" if sections else head
    return f"{named}, Page(s): {pages}" if pages else named


def _outside_text(places: Sequence[CitedPlace]) -> str:
    chapters: dict[str, list[CitedPlace]] = {}
    for place in places:
        chapters.setdefault(place.chapter, []).append(place)
    parts = [places[0].source]
    for chapter, group in chapters.items():
        parts += [chapter, *(_with_page_words(place) for place in group)]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _with_page_words(place: CitedPlace) -> str:
    pages = f"Page(s): {place.pages}" if place.pages else ""
    return ", ".join(part for part in (place.section, pages) if part)


def _section(place: CitedPlace) -> str:
    return ", ".join(part for part in (place.chapter, place.section) if part)


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _with_pages(place: CitedPlace, pages: str | None) -> CitedPlace:
    return place if pages is None else replace(place, pages=pages)


def long_date(day: date) -> str:
    """`July 18, 2009`, whatever the process's locale."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
