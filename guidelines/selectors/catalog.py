"""Reading the guideline catalog: search for the picker and the pages, editions in force, one source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Prefetch, Q, QuerySet

from guidelines.enums import SourceBody
from guidelines.letters import CitedPlace, citation_text
from guidelines.models import GuidelineEdition, GuidelineSection, GuidelineSource
from guidelines.models.catalog import Words
from imr.core.errors import DomainError

MAXIMUM_QUERY = 200
MAXIMUM_WORDS = 12
# Hits are sorted by how well they match after this many were taken.
MAXIMUM_HITS = 1_000

_BETWEEN_WORDS = re.compile("[^0-9A-Za-z]+")
_LITERAL = re.compile(r"[%_\\]")


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """One citable place with all that a picker shows and a citation prints."""

    section_id: int
    edition_id: int
    source_code: str
    body: str
    step: int
    source: str
    short_name: str
    year: int
    label: str
    regulation: str
    effective_on: date
    in_force_from: date
    in_force_until: date | None
    page_total: int | None
    is_confirmed: bool
    chapter: str
    title: str
    pages: str
    position: int

    @property
    def is_mtus(self) -> bool:
        return self.body == SourceBody.MTUS

    @property
    def body_label(self) -> str:
        return str(SourceBody(self.body).label)

    @property
    def place_label(self) -> str:
        """The section within its chapter, or that the whole guideline is meant."""
        return ", ".join(part for part in (self.chapter, self.title) if part) or "Whole guideline"

    @property
    def is_whole(self) -> bool:
        """Whether no section is meant; a list then leads with the guideline's name."""
        return not (self.chapter or self.title)

    @property
    def place(self) -> CitedPlace:
        return CitedPlace(
            body=self.body,
            source=self.source,
            year=self.year,
            effective_on=self.effective_on,
            label=self.label,
            regulation=self.regulation,
            page_total=self.page_total,
            chapter=self.chapter,
            section=self.title,
            pages=self.pages,
        )

    @property
    def citation(self) -> str:
        """The place as a letter prints it."""
        return citation_text(self.place)


def sections_matching(
    query: str, *, on: date | None = None, body: str | None = None, limit: int = 20
) -> list[CatalogRow]:
    """The places whose source, edition, chapter or section hold a word that starts with each word of `query`.

    Best matches first. `on` keeps editions in force that day, `body` those of one publisher. `%`, `_` and `\\` stand
    for themselves. A query without words finds nothing; one of more than 200 characters raises `DomainError`.
    """
    text = query.replace("\x00", " ").strip()
    if len(text) > MAXIMUM_QUERY:
        message = f"Search for {MAXIMUM_QUERY} characters or fewer. You typed {len(text)}."
        raise DomainError(message, code="query_too_long", fields={"q": [message]})
    words = _words(text)[:MAXIMUM_WORDS]
    literals = [part for part in text.split() if _LITERAL.search(part)]
    if not words and not literals:
        return []
    sections = _active_sections(on=on, body=body)
    if words:
        sections = _with_words(sections, words)
    for literal in literals:
        sections = sections.filter(
            Q(title__icontains=literal) | Q(chapter__icontains=literal) | Q(edition__source__name__icontains=literal)
        )
    hits = [catalog_row(section) for section in sections.order_by("pk")[:MAXIMUM_HITS]]
    hits.sort(key=lambda row: _rank(row, words, text.lower()))
    return hits[:limit]


def section_row(section_id: int) -> CatalogRow | None:
    """One citable place, or None when the catalog has no such section."""
    section = GuidelineSection.objects.select_related("edition__source").filter(pk=section_id).first()
    return catalog_row(section) if section else None


def edition_in_force(source: GuidelineSource, on: date) -> GuidelineEdition | None:
    """The edition of `source` in force on that day, or None."""
    return source.editions.filter(_in_force(on)).first()


def sources(*, on: date | None = None, body: str | None = None) -> QuerySet[GuidelineSource]:
    """The active sources in search order, each with `edition_count`; `on` keeps those in force that day."""
    found = GuidelineSource.objects.filter(is_active=True)
    if body:
        found = found.filter(body=body)
    if on:
        in_force = GuidelineEdition.objects.filter(_in_force(on))
        found = found.filter(pk__in=in_force.values("source_id"))
    return found.annotate(edition_count=Count("editions", distinct=True)).order_by("step", "body", "name")


def source_with_editions(code: str) -> GuidelineSource | None:
    """An active source with its editions, newest first, and their sections; or None."""
    sections = GuidelineSection.objects.order_by("position", "pk")
    editions = GuidelineEdition.objects.order_by("-in_force_from").prefetch_related(Prefetch("sections", sections))
    found = GuidelineSource.objects.filter(is_active=True, code=code)
    return found.prefetch_related(Prefetch("editions", editions)).first()


def catalog_row(section: GuidelineSection) -> CatalogRow:
    """The values of a section that was read with its edition and source."""
    edition = section.edition
    source = edition.source
    return CatalogRow(
        section_id=section.pk,
        edition_id=edition.pk,
        source_code=source.code,
        body=source.body,
        step=source.step,
        source=source.name,
        short_name=source.short_name,
        year=edition.year,
        label=edition.label,
        regulation=edition.regulation,
        effective_on=edition.effective_on,
        in_force_from=edition.in_force_from,
        in_force_until=edition.in_force_until,
        page_total=edition.page_total,
        is_confirmed=edition.is_confirmed,
        chapter=section.chapter,
        title=section.title,
        pages=section.pages,
        position=section.position,
    )


def _active_sections(*, on: date | None, body: str | None) -> QuerySet[GuidelineSection]:
    sections = GuidelineSection.objects.select_related("edition__source").filter(edition__source__is_active=True)
    if body:
        sections = sections.filter(edition__source__body=body)
    if on:
        editions = GuidelineEdition.objects.filter(_in_force(on))
        sections = sections.filter(edition__in=editions)
    return sections


def _with_words(sections: QuerySet[GuidelineSection], words: Sequence[str]) -> QuerySet[GuidelineSection]:
    sections = sections.alias(words=Words("chapter", "title"))
    editions = _edition_words()
    for word in words:
        named = [pk for pk, held in editions.items() if _starts(held, word)]
        lexeme = SearchQuery(f"{word}:*", config="simple", search_type="raw")
        sections = sections.filter(Q(words=lexeme) | Q(edition_id__in=named))
    return sections


def _edition_words() -> dict[int, list[str]]:
    """Editions and their sources are few; their words are matched here, those of sections by the index."""
    editions = GuidelineEdition.objects.filter(source__is_active=True).values_list(
        "pk", "year", "label", "source__name", "source__short_name", "source__body"
    )
    return {pk: _words(" ".join(str(part) for part in parts)) for pk, *parts in editions}


def _in_force(on: date) -> Q:
    return Q(in_force_from__lte=on) & (Q(in_force_until__isnull=True) | Q(in_force_until__gt=on))


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(text.lower()) if word]


def _starts(held: Sequence[str], word: str) -> bool:
    return any(candidate.startswith(word) for candidate in held)


def _rank(row: CatalogRow, words: Sequence[str], text: str) -> tuple[bool, int, bool, int, str, int, int]:
    """Places that begin with the query, then by words found in their own name, editions that did not end, steps."""
    own = _words(row.title or row.chapter or row.source)
    matched = sum(_starts(own, word) for word in words)
    begins = (row.title or row.chapter or row.source).lower().startswith(text)
    return not begins, -matched, row.in_force_until is not None, row.step, row.source, -row.year, row.position
