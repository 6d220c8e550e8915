"""Earlier determinations on the treatment of an item, after its outcome was chosen."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import ConflictError
from imr.core.paging import keyset_page
from reviews.forms.precedent import PrecedentFilterForm
from reviews.models import Assignment, Precedent
from reviews.rules.precedent import words_of
from reviews.selectors.precedent import (
    PrecedentFilters,
    likeness_of_work,
    precedent_lines,
    precedents_like,
    public_words_of,
    reveal_of,
    split_of,
    standing_precedents,
)
from reviews.selectors.workspace import ItemWork, item_work, review_of
from reviews.services.precedent import record_precedent_view, reveal_precedents
from reviews.views.workspace_page import find_assignment


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEW_WRITE)
def precedent_list(request: AuthenticatedRequest, assignment_id: int, item_id: int) -> HttpResponse:
    """Hidden until an outcome is chosen and the reviewer asks; then the list with the split of outcomes."""
    assignment = find_assignment(request, assignment_id)
    work = _work(assignment, item_id)
    problem = ""
    if request.method == "POST":
        try:
            reveal_precedents(assignment_id=assignment.pk, item_id=item_id, actor=request.user)
        except ConflictError as error:
            problem = error.message
        else:
            return redirect(reverse("reviews:precedent-list", args=[assignment.pk, item_id]))
    reveal = reveal_of(assignment, work.item)
    context: dict[str, Any] = {"assignment": assignment, "case": assignment.case, "work": work, "problem": problem}
    if reveal is None:
        status = 409 if problem else 200
        return render(request, "reviews/precedent/hidden.html", context, status=status)
    record_precedent_view(assignment=assignment, item=work.item, actor=request.user)
    return render(request, "reviews/precedent/list.html", context | {"reveal": reveal} | _found(request, work))


@require_safe
@requires(Action.REVIEW_WRITE)
def precedent_detail(
    request: AuthenticatedRequest, assignment_id: int, item_id: int, precedent_id: int
) -> HttpResponse:
    """The published words of one earlier item."""
    assignment = find_assignment(request, assignment_id)
    work = _work(assignment, item_id)
    precedent = (
        standing_precedents()
        .select_related("archived_item__determination", "determination")
        .filter(pk=precedent_id)
        .first()
    )
    words = public_words_of(precedent) if precedent is not None and reveal_of(assignment, work.item) else None
    if precedent is None or words is None:
        raise Http404
    record_precedent_view(assignment=assignment, item=work.item, actor=request.user, precedent=precedent)
    letter, item = words
    context = {"assignment": assignment, "case": assignment.case, "work": work, "letter": letter, "item": item}
    return render(request, "reviews/precedent/detail.html", context)


def _found(request: AuthenticatedRequest, work: ItemWork) -> dict[str, Any]:
    form = PrecedentFilterForm(request.GET or None)
    is_wrong = form.is_bound and not form.is_valid()
    filters = form.filters if form.is_bound and not is_wrong else PrecedentFilters()
    likeness = likeness_of_work(work)
    rows = precedents_like(likeness, filters, without=work.item.case)
    rows = Precedent.objects.none() if is_wrong else rows
    page = keyset_page(
        rows,
        field="decided_on",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return {
        "form": form,
        "page": page,
        "lines": precedent_lines(page.rows),
        "split": split_of(rows),
        "treatment": words_of(likeness.subject),
        "parts": words_of(likeness.parts),
        "chapters": words_of(likeness.chapters),
    }


def _work(assignment: Assignment, item_id: int) -> ItemWork:
    review = review_of(assignment)
    work = item_work(review, item_id) if review is not None else None
    if work is None:
        raise Http404
    return work
