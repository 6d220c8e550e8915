"""Saving the draft: by the button, or by itself while typing. What was typed comes back whatever happens."""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import ConflictError, DomainError
from reviews.enums import DocumentUse, Keep
from reviews.exceptions import StaleVersionError
from reviews.forms.review import DocumentMarksForm, FindingForm, SummaryForm
from reviews.models import Assignment, Finding
from reviews.selectors.workspace import (
    case_facts,
    has_finding,
    is_writable,
    records_of,
    review_of,
    workspace,
)
from reviews.services import review as service
from reviews.services.review import ASK, Choice
from reviews.views.draft_answer import (
    back_to,
    conflicted,
    elsewhere_fields,
    item_again,
    refused,
    saved,
    saved_and_on,
    summary_again,
)
from reviews.views.draft_citation import ADD, PARAGRAPH, REMOVE, SAME, change_citations, insert_paragraph
from reviews.views.draft_sharing import SHARE, UNSHARE, change_sharing
from reviews.views.reading import reading_of
from reviews.views.workspace_page import (
    Typed,
    conflict_of,
    find_assignment,
    shared_context,
    wants_fragment,
    window_of,
)

SAVE, NEXT, STARTER, FIND = "save", "next", "starter", "find"
RESOLVE = "resolve"


def _on_open_draft(
    view: Callable[[AuthenticatedRequest, Assignment, int], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the reviewer's own draft. When it can no longer be changed, show what was typed instead."""

    @wraps(view)
    def wrapper(request: AuthenticatedRequest, assignment_id: int, item_id: int = 0) -> HttpResponse:
        assignment = find_assignment(request, assignment_id)
        if not is_writable(assignment):
            return _closed(request, assignment)
        try:
            return view(request, assignment, item_id)
        except ConflictError as error:
            return _closed(request, assignment, error.message)

    return wrapper


@require_POST
@requires(Action.REVIEW_WRITE)
@_on_open_draft
def save_summary(request: AuthenticatedRequest, assignment: Assignment, _: int) -> HttpResponse:
    """The clinical case summary."""
    action = request.POST.get("action", SAVE)
    form = SummaryForm(request.POST)
    choice = _choice(request, action)
    if not form.is_valid():
        return refused(request, assignment, form, Typed(summary=form))
    text: str = form.cleaned_data["clinical_case_summary"]
    if action == STARTER and not text:
        text = case_facts(assignment.case_id).starter
    try:
        review = service.save_summary(
            assignment_id=assignment.pk,
            actor=request.user,
            version=form.cleaned_data["version"],
            clinical_case_summary=text,
            window=window_of(request),
            choice=choice,
        )
    except StaleVersionError as error:
        conflict = conflict_of(error, form, form.cleaned_data)
        return conflicted(request, assignment, Typed(summary=form, conflicts={Typed.SUMMARY: conflict}), None)
    if action == STARTER or choice != ASK:
        return summary_again(request, assignment)
    stored = {"clinical_case_summary": review.clinical_case_summary}
    return saved(request, assignment, review=review, elsewhere=elsewhere_fields(form, stored))


@require_POST
@requires(Action.REVIEW_WRITE)
@_on_open_draft
def save_finding(request: AuthenticatedRequest, assignment: Assignment, item_id: int) -> HttpResponse:
    """What is written about one item; then, if a button asked for it, a search or a change of the citations."""
    review = review_of(assignment)
    if review is None or not has_finding(review, item_id):
        raise Http404
    action = request.POST.get("action", SAVE)
    form = FindingForm(request.POST, item_id=item_id)
    choice = _choice(request, action)
    if not form.is_valid():
        return refused(request, assignment, form, Typed(findings={item_id: form}), item_id)
    try:
        finding = service.save_finding(
            assignment_id=assignment.pk,
            item_id=item_id,
            actor=request.user,
            version=form.cleaned_data["version"],
            written=form.words(),
            window=window_of(request),
            choice=choice,
        )
    except StaleVersionError as error:
        conflict = conflict_of(error, form, form.cleaned_data)
        typed = Typed(findings={item_id: form}, conflicts={item_id: conflict})
        return conflicted(request, assignment, typed, item_id)
    if choice != ASK:
        return item_again(request, assignment, item_id)
    if action.partition(":")[0] in {ADD, REMOVE, SAME, PARAGRAPH, SHARE, UNSHARE}:
        return _pressed(request, assignment, finding, form, action)
    query = request.POST.get("q", "").strip()
    if not wants_fragment(request) and query:
        return back_to(assignment, f"item_{item_id}_citations", find=item_id, q=query[:200])
    stored = {name: str(getattr(finding, name)) for name in asdict(form.words())}
    answer = saved_and_on if action == NEXT else saved
    return answer(request, assignment, item_id=item_id, elsewhere=elsewhere_fields(form, stored))


def _pressed(
    request: AuthenticatedRequest, assignment: Assignment, finding: Finding, form: FindingForm, action: str
) -> HttpResponse:
    verb, _, number = action.partition(":")
    if verb == PARAGRAPH:
        return insert_paragraph(request, assignment, finding, form.words(), number)
    if verb in {SHARE, UNSHARE}:
        return change_sharing(request, assignment, finding.item_id, verb)
    return change_citations(request, assignment, finding.item_id, verb, number)


@require_POST
@requires(Action.REVIEW_WRITE)
@_on_open_draft
def mark_documents(request: AuthenticatedRequest, assignment: Assignment, _: int) -> HttpResponse:
    """Considered, or not relevant, for the documents whose mark the person changed; with `propose` also considered for
    those that were opened or referred to and carry no mark."""
    known = records_of(assignment.case_id).values_list("pk", flat=True)
    form = DocumentMarksForm(known, request.POST)
    if not form.is_valid():
        raise DomainError("A document can be marked as considered or as not relevant. Reload the page and try again.")
    uses = form.changes()
    if request.POST.get("propose"):
        readings = reading_of(assignment).readings
        uses = {pk: DocumentUse.CONSIDERED for pk, reading in readings.items() if reading.is_proposed} | uses
    service.mark_documents(assignment_id=assignment.pk, actor=request.user, uses=uses)
    if not wants_fragment(request):
        messages.success(request, "The marks on the records are saved.")
        return back_to(assignment, "documents")
    space = workspace(assignment)
    context = {**shared_context(assignment, space), "space": space, "saved_at": clock.now()}
    return render(request, "reviews/workspace/_marks_saved.html", context)


def _choice(request: AuthenticatedRequest, action: str) -> Choice:
    """What was chosen in a conflict, which showed the stored version."""
    verb, _, word = action.partition(":")
    seen = request.POST.get("stored_version", "")
    if verb != RESOLVE or word not in {Keep.MINE, Keep.STORED, Keep.MERGED}:
        return ASK
    return Choice(Keep(word), int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= 9 else 0)


def _closed(request: AuthenticatedRequest, assignment: Assignment, message: str = "") -> HttpResponse:
    """The draft can no longer be changed; what was typed is shown, to be copied."""
    assignment.case.refresh_from_db()
    typed: list[tuple[str, str]] = []
    for form_class in (SummaryForm, FindingForm):
        for name, field in form_class.base_fields.items():
            text = request.POST.get(name, "")
            if name != "version" and text:
                typed.append((str(field.label), text))
    context = {"assignment": assignment, "case": assignment.case, "typed": typed, "message": message}
    fragment = wants_fragment(request)
    name = "reviews/workspace/_closed_answer.html" if fragment else "reviews/workspace/closed.html"
    return render(request, name, context, status=409)
