"""Where the pages of documents came from and where they are now, and how far an arrangement is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from cases.enums import ArrangementState, DocumentKind
from cases.models import ArrangedDocument, Arrangement, Case, Document, PageOrigin
from cases.rules.documents import OPENABLE
from cases.rules.page_ranges import page_words
from cases.selectors.document import current_documents
from imr.core.models import JobState, OutboxJob

type PageKey = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Page `page` of document `document_id`; `is_turned` when it was turned on its way there."""

    document_id: int
    page: int
    is_turned: bool


@dataclass(frozen=True, slots=True)
class OriginWords:
    """From which document pages came: `Pages 1-3 of “Scan of 40 pages”`."""

    source: Document
    words: str


@dataclass(frozen=True, slots=True)
class ArrangementProgress:
    """An arrangement with how far it is. `has_stopped`: no worker will go on with it."""

    arrangement: Arrangement
    results: tuple[ArrangedDocument, ...]
    sources: tuple[Document, ...]
    has_stopped: bool

    @property
    def is_at_work(self) -> bool:
        return self.arrangement.state == ArrangementState.WORKING and not self.has_stopped


def page_places(case_id: int) -> Mapping[PageKey, PagePlace]:
    """Where each page of a document that was turned, divided or joined is now, however often it moved.

    A page that was left out, or whose document never was arranged, has no place here.
    """
    rows = (
        PageOrigin.objects.filter(result__document__case=case_id)
        .order_by("-result__arrangement_id", "result_id", "position")
        .values_list("result_id", "result__document_id", "source_id", "pages", "turns")
    )
    places: dict[PageKey, PagePlace] = {}
    given: dict[int, int] = {}
    # The last arrangement comes first, so that what a page became then is known when its earlier moves are read.
    for result, document, source, pages, turns in rows:
        for page, degrees in zip(pages, turns, strict=True):
            given[result] = number = given.get(result, 0) + 1
            later = places.get((document, number), PagePlace(document, number, is_turned=False))
            places[source, page] = PagePlace(later.document_id, later.page, later.is_turned or degrees > 0)
    return places


def origin_words(documents: Iterable[int]) -> dict[int, list[OriginWords]]:
    """By document: what it was made of, in words; documents that came as they are are not among them."""
    rows = (
        PageOrigin.objects.filter(result__document__in=list(documents))
        .select_related("source", "result")
        .order_by("result_id", "position")
    )
    found: dict[int, list[OriginWords]] = {}
    for row in rows:
        found.setdefault(row.result.document_id or 0, []).append(OriginWords(row.source, words_of(row)))
    return found


def arrangements_of(case: Case) -> QuerySet[Arrangement]:
    """Every arrangement of the case, the latest first."""
    return Arrangement.objects.filter(case=case).select_related("requested_by")


def open_arrangements(case_id: int) -> list[ArrangementProgress]:
    """Those that are being made, and those that were not done while the documents still lie there as they did."""
    rows = Arrangement.objects.filter(case=case_id).exclude(state=ArrangementState.DONE).order_by("-pk")[:20]
    found = [arrangement_progress(row) for row in rows]
    return [one for one in found if one.is_at_work or all(source.removed_at is None for source in one.sources)]


def arrangement_progress(arrangement: Arrangement) -> ArrangementProgress:
    """How far the arrangement is, what it is made of and what it makes."""
    results = tuple(arrangement.results.select_related("document").prefetch_related("origins__source"))
    sources = {origin.source_id: origin.source for result in results for origin in result.origins.all()}
    return ArrangementProgress(arrangement, results, tuple(sources.values()), has_stopped(arrangement))


def has_stopped(arrangement: Arrangement) -> bool:
    """Whether no worker will go on with an arrangement that is not finished."""
    return (
        arrangement.state == ArrangementState.WORKING
        and OutboxJob.objects.filter(
            unique_key=job_key(arrangement.pk, arrangement.steps_done + 1), state=JobState.FAILED
        ).exists()
    )


def job_key(arrangement_id: int, step: int) -> str:
    """The unique key of the job that does a step."""
    return f"arrange:{arrangement_id}:{step}"


def in_work(documents: Sequence[int]) -> list[Arrangement]:
    """Arrangements that are being made of one of these documents."""
    rows = Arrangement.objects.filter(state=ArrangementState.WORKING, results__origins__source__in=documents).distinct()
    return list(rows)


def arrangeable_documents(case_id: int) -> QuerySet[Document]:
    """Documents whose pages can be turned, divided or joined: they count, can be opened, and are no proof of an earlier
    determination's being carried out."""
    return current_documents(case_id).filter(scan__in=OPENABLE).exclude(kind=DocumentKind.IMPLEMENTATION_PROOF)


def words_of(origin: PageOrigin) -> str:
    """`Pages 1-3 of “Scan of 40 pages”`, `Pages 2, 5 turned`."""
    turned = [page for page, degrees in zip(origin.pages, origin.turns, strict=True) if degrees]
    if turned:
        return f"{page_words(turned).capitalize()} turned"
    if len(origin.pages) == origin.source.page_count:
        return f"All of “{origin.source.title}”"
    return f"{page_words(origin.pages).capitalize()} of “{origin.source.title}”"
