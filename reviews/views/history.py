"""Earlier texts of a field, and bringing one back."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core.redline import Piece, redline
from reviews.forms.review import FindingForm, SummaryForm
from reviews.models import Assignment, Review, Revision
from reviews.rules.completeness import place_of
from reviews.selectors.revision import HistoryLine, field_history
from reviews.selectors.workspace import is_writable, item_work, review_of
from reviews.services.review import CHOICES, restore_revision
from reviews.views.workspace_page import find_assignment, shown_answer

SUMMARY_FIELD = "clinical_case_summary"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the history: the text then, and what bringing it back would change today."""

    line: HistoryLine
    text: str
    changes: tuple[Piece, ...]


@require_safe
@requires(Action.REVIEW_WRITE)
def summary_history(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """The texts that the clinical case summary had."""
    assignment, review = _open_review(request, assignment_id)
    return _page(request, assignment, review, None, SUMMARY_FIELD)


@require_safe
@requires(Action.REVIEW_WRITE)
def finding_history(request: AuthenticatedRequest, assignment_id: int, item_id: int) -> HttpResponse:
    """The texts that a field of an item had; `field` names it, else it is the rationale."""
    assignment, review = _open_review(request, assignment_id)
    field = request.GET.get("field", "rationale")
    if field not in FindingForm.base_fields or field == "version" or item_work(review, item_id) is None:
        raise Http404
    return _page(request, assignment, review, item_id, field)


@require_POST
@requires(Action.REVIEW_WRITE)
def revision_restore(request: AuthenticatedRequest, assignment_id: int, revision_id: int) -> HttpResponse:
    """The text of an earlier moment is the field's again."""
    assignment, review = _open_review(request, assignment_id)
    if not Revision.objects.filter(pk=revision_id, review=review).exists():
        raise Http404
    revision = restore_revision(assignment_id=assignment.pk, actor=request.user, revision_id=revision_id)
    messages.success(request, "The earlier text is back. The one it replaced is in the list of earlier texts.")
    place = "summary" if revision.item_id is None else place_of(revision.item_id, revision.field)
    return redirect(reverse("reviews:workspace", args=[assignment.pk]) + f"#{place}")


def _open_review(request: AuthenticatedRequest, assignment_id: int) -> tuple[Assignment, Review]:
    assignment = find_assignment(request, assignment_id)
    review = review_of(assignment)
    if review is None or not is_writable(assignment):
        raise Http404
    return assignment, review


def _page(
    request: AuthenticatedRequest, assignment: Assignment, review: Review, item_id: int | None, field: str
) -> HttpResponse:
    lines = field_history(review, item_id, field)
    current = next((line.revision.text for line in lines if line.is_current), "")
    shown = [
        ShownLine(
            line,
            shown_answer(field, line.revision.text),
            () if line.is_current or field in CHOICES else redline(current, line.revision.text),
        )
        for line in lines
    ]
    record(
        action="review.history_viewed",
        actor=request.user,
        object_type="review",
        object_id=review.pk,
        case_id=assignment.case_id,
        detail={"item_id": item_id, "field": field},
    )
    form_class = SummaryForm if item_id is None else FindingForm
    work = item_work(review, item_id) if item_id else None
    context = {
        "assignment": assignment,
        "case": assignment.case,
        "label": form_class.base_fields[field].label,
        "position": work.item.position if work else None,
        "lines": shown,
    }
    return render(request, "reviews/workspace/history.html", context)
