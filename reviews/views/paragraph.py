"""Paragraphs that are used again: the list, writing one, proposing it for everybody, deciding on proposals."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from reviews.forms.paragraph import ParagraphForm
from reviews.forms.refusal import add_refusal
from reviews.models import Paragraph, ParagraphVersion
from reviews.selectors.paragraph import (
    MARKS,
    filled_paragraphs,
    paragraphs_for,
    proposals,
    search_paragraphs,
    waiting_keys,
)
from reviews.selectors.workspace import is_writable, item_work, review_of
from reviews.services import paragraph as service
from reviews.views.workspace_page import find_assignment, first_guideline

PAGE_SIZE = 25
MOST_QUERY = 100


@require_safe
@requires(Action.PARAGRAPH_WRITE, Action.PARAGRAPH_DECIDE)
def paragraph_list(request: AuthenticatedRequest) -> HttpResponse:
    """The paragraphs that hold, searched by `q`; above them, for those who decide, the proposals."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MOST_QUERY]
    may_decide = request.user.can(Action.PARAGRAPH_DECIDE)
    page = Paginator(search_paragraphs(request.user, query), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "query": query,
        "proposals": proposals() if may_decide else [],
        "waiting": waiting_keys(),
        "may_write": request.user.can(Action.PARAGRAPH_WRITE),
        "may_decide": may_decide,
    }
    return render(request, "reviews/paragraph/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PARAGRAPH_WRITE)
def paragraph_create(request: AuthenticatedRequest) -> HttpResponse:
    """A paragraph of one's own."""
    form = ParagraphForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.create_paragraph(actor=request.user, words=form.words())
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, "The paragraph is saved. Its key finds it beside every rationale.")
                return redirect("reviews:paragraph-list")
    return _edit_page(request, form, None, status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PARAGRAPH_WRITE)
def paragraph_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One's own paragraph in a new version; of a shared one, a proposal."""
    paragraph = get_object_or_404(paragraphs_for(request.user), pk=pk)
    initial = {name: getattr(paragraph, name) for name in ("key", "title", "text")}
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and paragraph.is_shared:
        data["key"] = paragraph.key
    form = ParagraphForm(data, initial=initial)
    if paragraph.is_shared:
        form.fields["key"].disabled = True
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.edit_paragraph(paragraph_id=pk, actor=request.user, words=form.words())
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                saved = "The change is proposed. The approved words hold until it is decided upon."
                messages.success(request, saved if paragraph.is_shared else "The paragraph is saved.")
                return redirect("reviews:paragraph-list")
    return _edit_page(request, form, paragraph, status)


@require_POST
@requires(Action.PARAGRAPH_WRITE)
def paragraph_propose(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One's own paragraph is proposed for everybody."""
    get_object_or_404(paragraphs_for(request.user).filter(owner=request.user), pk=pk)
    try:
        service.propose_paragraph(paragraph_id=pk, actor=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The paragraph is proposed for everybody. You can use your own meanwhile.")
    return redirect("reviews:paragraph-list")


@require_POST
@requires(Action.PARAGRAPH_WRITE, Action.PARAGRAPH_DECIDE)
def paragraph_remove(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The paragraph is offered no more."""
    paragraph = get_object_or_404(paragraphs_for(request.user), pk=pk)
    service.remove_paragraph(
        paragraph_id=pk, actor=request.user, may_remove_shared=request.user.can(Action.PARAGRAPH_DECIDE)
    )
    messages.success(request, f"The paragraph “{paragraph.key}” is removed. Drafts and letters keep its words.")
    return redirect("reviews:paragraph-list")


@require_POST
@requires(Action.PARAGRAPH_DECIDE)
def paragraph_decide(request: AuthenticatedRequest, version_id: int) -> HttpResponse:
    """Proposed words are approved or refused."""
    get_object_or_404(ParagraphVersion, pk=version_id)
    answer = request.POST.get("action")
    if answer not in {"approve", "refuse"}:
        raise DomainError("Choose whether the proposal is approved or refused.")
    try:
        version = service.decide_version(version_id=version_id, actor=request.user, is_approved=answer == "approve")
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"The proposal is {version.get_status_display().lower()}.")
    return redirect("reviews:paragraph-list")


@require_safe
@requires(Action.REVIEW_WRITE)
def paragraph_find(request: AuthenticatedRequest, assignment_id: int, item_id: int) -> HttpResponse:
    """The paragraphs that match `p`, filled for the item, as a fragment while typing."""
    assignment = find_assignment(request, assignment_id)
    review = review_of(assignment)
    work = item_work(review, item_id) if review and is_writable(assignment) else None
    if work is None:
        raise Http404
    query = request.GET.get("p", "").replace("\x00", "").strip()[:MOST_QUERY]
    found = filled_paragraphs(request.user, work, query, guideline=first_guideline(work))
    context = {"found": found, "query": query, "item_id": item_id}
    return render(request, "reviews/workspace/_paragraph_results.html", context)


def _edit_page(
    request: AuthenticatedRequest, form: ParagraphForm, paragraph: Paragraph | None, status: int
) -> HttpResponse:
    context = {"form": form, "paragraph": paragraph, "marks": MARKS.items()}
    return render(request, "reviews/paragraph/edit.html", context, status=status)
