"""What the pages and fragments of the workspace show: forms over stored words, conflicts, citations, what is open."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cases.enums import GuidelineBasis, Outcome
from cases.models import Document
from cases.selectors.amendment import changes_for_reviewer
from guidelines.enums import EvidenceStep
from guidelines.letters import citation_text
from guidelines.selectors.catalog import CatalogRow, catalog_row, sections_matching
from imr.accounts.models import User
from imr.accounts.permissions import AuthenticatedRequest
from imr.core.errors import DomainError
from reviews.enums import DocumentUse
from reviews.exceptions import StaleVersionError
from reviews.forms.review import CitationForm, FindingForm, SummaryForm
from reviews.models import Assignment, Citation, Review
from reviews.rules.merge import Merged, merge_texts, settle
from reviews.selectors.citation import recent_places
from reviews.selectors.document_request import requests_of
from reviews.selectors.message import unread_by_reviewer
from reviews.selectors.returned import returned_parts
from reviews.selectors.worklist import last_return
from reviews.selectors.workspace import ItemWork, Workspace, relevant_day, workspace, workspaces_of
from reviews.services.completeness import find_open_gaps
from reviews.services.review import CHOICES
from reviews.services.revision import SavedFrom
from reviews.views.reading_panel import reading_panel

MOST_RESULTS = 20
MOST_EDITOR = 32
_NOT_IN_EDITOR = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two windows filled differently, both texts whole, and what both together would be."""

    label: str
    mine: str
    stored: str
    merged: str
    overlaps: int
    is_choice: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A refused save: what to say, which version is stored now, and where the two differ."""

    message: str
    stored_version: int
    differences: tuple[Difference, ...]
    can_merge: bool = True

    @property
    def overlaps(self) -> int:
        """In how many places both changed the same words."""
        return sum(difference.overlaps for difference in self.differences)


@dataclass(frozen=True, slots=True)
class Result:
    """A place in the catalog, and whether its edition was in force when it mattered."""

    row: CatalogRow
    is_in_force: bool

    @property
    def step_label(self) -> str:
        """`Step 2: current ACOEM or ODG`."""
        name = str(EvidenceStep(self.row.step).label)
        return f"Step {self.row.step}: {name if name[:4].isupper() else name[0].lower() + name[1:]}"


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it is shown: the printed words, its link, and whether the edition was in force."""

    citation: Citation
    text: str
    effective_on: date | None
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class Picker:
    """The search for a place to cite: what was asked, what was found, and the fields for other sources."""

    form: CitationForm
    query: str = ""
    problem: str = ""
    results: tuple[Result, ...] = ()
    recent: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareChoice:
    """Another item that may hold the same rationale, and what it holds now."""

    work: ItemWork
    is_shared: bool

    @property
    def has_own_words(self) -> bool:
        return bool(self.work.finding.rationale)


@dataclass(frozen=True, slots=True)
class ItemPanel:
    """One item on the page."""

    work: ItemWork
    form: FindingForm
    picker: Picker
    cited: tuple[Cited, ...]
    save_url: str
    find_url: str
    history_url: str
    paragraph_url: str
    conflict: Conflict | None = None
    others: tuple[ShareChoice, ...] = ()
    share_problem: str = ""

    @property
    def place(self) -> str:
        """The id of the section, and the start of the ids within it."""
        return f"item_{self.work.item.pk}"

    @property
    def shared_with(self) -> str:
        """`items 2 and 3`, those that share the rationale; empty without any."""
        *first, last = [str(position) for position in self.work.shared_with] or [""]
        return f"items {', '.join(first)} and {last}" if first else last and f"item {last}"

    @property
    def can_share_with(self) -> tuple[ShareChoice, ...]:
        """The other items that have a rationale of their own."""
        return tuple(other for other in self.others if not other.is_shared)


@dataclass(slots=True)
class Typed:
    """What a refused request had typed, so that the page shows it again instead of what is stored."""

    summary: SummaryForm | None = None
    findings: dict[int, FindingForm] = field(default_factory=dict)
    pickers: dict[int, Picker] = field(default_factory=dict)
    conflicts: dict[int, Conflict] = field(default_factory=dict)
    share_problems: dict[int, str] = field(default_factory=dict)

    SUMMARY = 0


def find_assignment(request: AuthenticatedRequest, assignment_id: int) -> Assignment:
    """The reviewer's own accepted assignment, or a 404."""
    return get_object_or_404(workspaces_of(request.user), pk=assignment_id)


def window_of(request: AuthenticatedRequest) -> SavedFrom:
    """The window that a save came from; a page that is shown anew gets a token of its own."""
    editor = _NOT_IN_EDITOR.sub("", request.POST.get("editor", ""))[:MOST_EDITOR]
    number = request.POST.get("sequence", "")
    sequence = int(number) if number.isascii() and number.isdigit() and len(number) <= 15 else 0
    return SavedFrom(editor or secrets.token_urlsafe(9), sequence)


def wants_fragment(request: AuthenticatedRequest) -> bool:
    """Whether htmx asks, and takes a part of the page."""
    return request.headers.get("HX-Request") == "true"


def render_workspace(
    request: AuthenticatedRequest, assignment: Assignment, *, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, with what was typed instead of what is stored where `typed` has it."""
    typed = typed or Typed()
    space = workspace(assignment)
    day = relevant_day(assignment.case_id)
    recent = recently_cited(request.user, day)
    panels = [item_panel(assignment, work, space.items, day, typed=typed, recent=recent) for work in space.items]
    forms: list[Form] = [form for form in (typed.summary, *typed.findings.values()) if form is not None]
    forms += [picker.form for picker in typed.pickers.values()]
    opened = opened_document(space, request)
    context = {
        **shared_context(assignment, space),
        "space": space,
        "reading": reading_panel(assignment, space, request.user),
        "facts": space.facts,
        "panels": panels,
        "summary": summary_context(assignment, space.review, typed=typed, starter=space.facts.starter),
        "refused_forms": forms,
        "opened": opened,
        "opened_page": opened_page(opened, request),
        "returned": last_return(assignment),
        "amended": changes_for_reviewer(assignment.case_id, since=assignment.accepted_at),
        "editor": window_of(request).editor,
        "unread": unread_by_reviewer().filter(assignment=assignment).count(),
        "last_request": next(iter(requests_of(assignment)), None),
    }
    return render(request, "reviews/workspace/page.html", context, status=status)


def opened_document(space: Workspace, request: AuthenticatedRequest) -> Document | None:
    """The record in the viewer: the one that the address asks for, else the first one still to be marked."""
    works = [work for group in space.groups for work in group.documents]
    wanted = request.GET.get("document", "")
    for work in works:
        if str(work.document.pk) == wanted:
            return work.document
    unmarked = [work for work in works if work.use == DocumentUse.UNREAD]
    return next((work.document for work in [*unmarked, *works]), None)


def opened_page(opened: Document | None, request: AuthenticatedRequest) -> int:
    """The page of the open record: the one that the address asks for if there is such a page, else the first."""
    wanted = request.GET.get("page", "")
    if opened is None or not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 7):
        return 1
    return int(wanted) if 1 <= int(wanted) <= opened.page_count else 1


def shared_context(assignment: Assignment, space: Workspace | None = None) -> dict[str, Any]:
    """What the bar and every fragment show: the case, progress, what is still open."""
    space = space or workspace(assignment)
    return {
        "assignment": assignment,
        "case": assignment.case,
        "due": space.due,
        "progress": space.progress,
        "gaps": find_open_gaps(review=space.review),
        "sign_url": reverse("reviews:sign", args=[assignment.pk]),
        # Read by the parts of the page that show it, and not by those that a save swaps.
        "returned_parts": SimpleLazyObject(partial(returned_parts, assignment)),
    }


def summary_context(
    assignment: Assignment, review: Review, *, typed: Typed | None = None, starter: str = ""
) -> dict[str, Any]:
    """The section of the clinical case summary. As long as nothing was ever saved its field begins with `starter`;
    once it was emptied on purpose, the words are only offered."""
    typed = typed or Typed()
    is_untouched = review.version == 1 and not review.clinical_case_summary
    text = starter if is_untouched else review.clinical_case_summary
    form = typed.summary or SummaryForm(initial={"version": review.version, "clinical_case_summary": text})
    return {
        "form": form,
        "review": review,
        "starter": starter if not review.clinical_case_summary else "",
        "is_filled_in": is_untouched and bool(starter) and typed.summary is None,
        "conflict": typed.conflicts.get(Typed.SUMMARY),
        "save_url": reverse("reviews:summary-save", args=[assignment.pk]),
        "history_url": reverse("reviews:summary-history", args=[assignment.pk]),
    }


def recently_cited(user: User, day: date) -> tuple[Result, ...]:
    """What this reviewer cited last, in any case."""
    return tuple(_result(row, day) for row in recent_places(user))


def item_panel(
    assignment: Assignment,
    work: ItemWork,
    works: Sequence[ItemWork],
    day: date,
    *,
    typed: Typed | None = None,
    recent: tuple[Result, ...] = (),
) -> ItemPanel:
    """The section of one of the items `works`; `day` is the one on which cited editions should have been in force."""
    typed = typed or Typed()
    pk = work.item.pk
    finding = work.finding
    form = typed.findings.get(pk) or FindingForm(
        item_id=pk, initial={name: getattr(finding, name) for name in FindingForm.base_fields}
    )
    return ItemPanel(
        work=work,
        form=form,
        picker=typed.pickers.get(pk) or Picker(CitationForm(item_id=pk), recent=recent),
        cited=tuple(_cited(citation, day) for citation in work.citations),
        conflict=typed.conflicts.get(pk),
        save_url=reverse("reviews:finding-save", args=[assignment.pk, pk]),
        find_url=reverse("reviews:citation-find", args=[assignment.pk, pk]),
        history_url=reverse("reviews:finding-history", args=[assignment.pk, pk]),
        paragraph_url=reverse("reviews:paragraph-find", args=[assignment.pk, pk]),
        others=tuple(
            ShareChoice(other, is_shared=other.item.position in work.shared_with)
            for other in works
            if other.item.pk != pk
        ),
        share_problem=typed.share_problems.get(pk, ""),
    )


def find_places(assignment: Assignment, item_id: int, query: str) -> Picker:
    """The catalog searched for `query`; editions in force on the day of the UR decision come first."""
    form = CitationForm(item_id=item_id)
    try:
        rows = sections_matching(query, limit=4 * MOST_RESULTS)
    except DomainError as error:
        return Picker(form, query=query, problem=error.message)
    day = relevant_day(assignment.case_id)
    results = [_result(row, day) for row in rows]
    results.sort(key=lambda result: not result.is_in_force)
    return Picker(form, query=query, results=tuple(results[:MOST_RESULTS]))


def picker_as_typed(request: AuthenticatedRequest, item_id: int) -> Picker:
    """The fields of a source that was typed and not added, as they came; nothing of them is judged yet."""
    names = CitationForm.base_fields
    return Picker(CitationForm(item_id=item_id, initial={name: request.POST.get(name, "") for name in names}))


def first_guideline(work: ItemWork) -> str:
    """The first cited place in words, without its page; empty when nothing is cited."""
    for citation in work.citations:
        return citation_text(catalog_row(citation.section).place) if citation.section else citation.text
    return ""


def conflict_of(error: StaleVersionError, form: SummaryForm | FindingForm, mine: Mapping[str, Any]) -> Conflict:
    """Both sides of a refused save and the two together, for the fields that both changed."""
    sent = {name: str(mine[name]) for name in error.current}
    clashes = settle(base=error.base, mine=sent, stored=error.current, choices=CHOICES).clashes
    differences, can_merge = [], True
    for name in clashes:
        is_choice = name in CHOICES
        stored = error.current[name]
        merged = Merged(sent[name]) if is_choice else merge_texts(error.base.get(name, ""), sent[name], stored)
        limit = getattr(form.fields[name], "max_length", None)
        can_merge = can_merge and (limit is None or len(merged.text) <= limit)
        differences.append(
            Difference(
                label=str(form[name].label),
                mine=shown_answer(name, sent[name]),
                stored=shown_answer(name, stored),
                merged=shown_answer(name, merged.text),
                overlaps=merged.overlaps,
                is_choice=is_choice,
            )
        )
    return Conflict(error.message, error.current_version, tuple(differences), can_merge)


def shown_answer(name: str, value: Any) -> str:
    """A stored value as a person reads it: the label of a choice, the text of a text."""
    if name == "outcome":
        return Outcome(value).label if value else ""
    if name in {"claims_basis", "reviewer_basis"}:
        return GuidelineBasis(value).label if value else ""
    return str(value)


def _cited(citation: Citation, day: date) -> Cited:
    if citation.section is None:
        text = f"{citation.text}, Page(s): {citation.pages}" if citation.pages else citation.text
        return Cited(citation, text, None, is_in_force=True)
    row = catalog_row(citation.section)
    text = citation_text(row.place, citation.pages or None)
    return Cited(
        citation,
        f"{text}, {citation.text}" if citation.text else text,
        row.effective_on,
        _was_in_force(row.in_force_from, row.in_force_until, day),
    )


def _result(row: CatalogRow, day: date) -> Result:
    return Result(row, _was_in_force(row.in_force_from, row.in_force_until, day))


def _was_in_force(since: date, until: date | None, day: date) -> bool:
    return since <= day and (until is None or day < until)
