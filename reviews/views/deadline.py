"""How the date of a reviewer's determination is found."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.enums import DeadlineKind
from cases.selectors.deadline import latest_deadline
from cases.views.deadline import render_explained
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from reviews.selectors.workspace import assignments_of


@require_safe
@requires(Action.ASSIGNMENT_ANSWER)
def determination_deadline(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """The due date of a case that is or was offered to the reviewer."""
    assignment = get_object_or_404(assignments_of(request.user).select_related("case"), pk=assignment_id)
    deadline = latest_deadline(assignment.case, DeadlineKind.DETERMINE)
    if deadline is None:
        raise Http404
    return render_explained(request, assignment.case, deadline, {"back_url": reverse("reviews:worklist")})
