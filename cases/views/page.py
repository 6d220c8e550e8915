"""Searching the text of a case's records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.forms.page import PageSearchForm
from cases.models import Document
from cases.selectors.document import current_documents
from cases.selectors.page import MOST_HITS, PageHit, TextState, page_hits, page_matches, search_query, text_states
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import ocr

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A page that was found, and where it opens."""

    hit: PageHit
    url: str


@dataclass(frozen=True, slots=True)
class FoundPages:
    """What a search of the records shows. Without words in the address nothing was looked for."""

    form: PageSearchForm
    states: list[TextState]
    is_asked: bool = False
    hits: list[ShownHit] = field(default_factory=list)
    page: "Page[Any] | None" = None
    total: int = 0
    is_cut: bool = False

    @property
    def status(self) -> int:
        return HTTPStatus.BAD_REQUEST if self.form.is_bound and self.form.errors else HTTPStatus.OK

    @property
    def total_words(self) -> str:
        """`3 pages`, `1 page`, `more than 1,000 pages`."""
        if self.is_cut:
            return f"more than {MOST_HITS:,} pages"
        return "1 page" if self.total == 1 else f"{self.total:,} pages"

    @property
    def can_read_scans(self) -> bool:
        """Whether text recognition is installed here."""
        return ocr.is_available()

    @property
    def waiting(self) -> int:
        """How many documents are not read yet."""
        return sum(state.reading is None for state in self.states)

    @property
    def incomplete(self) -> list[TextState]:
        """Documents with pages that a search cannot see."""
        return [state for state in self.states if not state.is_complete]


@require_safe
@requires(Action.DOCUMENT_VIEW)
def page_search(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The pages of the case's documents that hold the words of `q`."""
    case = find_case(request, case_id, Action.DOCUMENT_VIEW)

    def address(document: Document) -> str:
        return reverse("cases:document-view", args=[case.pk, document.pk])

    found = search_records(request, case.pk, current_documents(case.pk), address)
    return render(request, "cases/page_search.html", {"case": case, "found": found}, status=found.status)


def search_records(
    request: AuthenticatedRequest, case_id: int, documents: QuerySet[Document], address: Callable[[Document], str]
) -> FoundPages:
    """The answer to `q` of the request over `documents`, in one `document` of them or in all.

    `address` is where a document opens for the person who asks; the caller has checked that this person may read the
    documents of the case. The search goes on the audit record with the number of pages that were found, without its
    words: they may say something of the person's health.
    """
    states = text_states(documents)
    choices = [(state.document.pk, state.document.title) for state in states]
    if "q" not in request.GET:
        return FoundPages(PageSearchForm(documents=choices), states)
    form = PageSearchForm(request.GET, documents=choices)
    if not form.is_valid():
        return FoundPages(form, states)
    query = search_query(form.cleaned_data["q"])
    ids = page_matches(documents, query, document_id=form.cleaned_data["document"])
    page = Paginator(ids[:MOST_HITS], PAGE_SIZE).get_page(request.GET.get("page"))
    record(
        action="document.search",
        actor=request.user,
        object_type="case",
        object_id=case_id,
        case_id=case_id,
        detail={"pages": min(len(ids), MOST_HITS), "screen": page.number},
    )
    return FoundPages(
        form,
        states,
        is_asked=True,
        hits=[ShownHit(hit, page_address(address(hit.document), hit.number)) for hit in page_hits(page, query)],
        page=page,
        total=min(len(ids), MOST_HITS),
        is_cut=len(ids) > MOST_HITS,
    )


def page_address(document: str, number: int) -> str:
    """Where a viewer opens the document at this page; the query makes an open viewer go there, too."""
    return f"{document}?page={number}#page={number}&navpanes=0&view=FitH"
