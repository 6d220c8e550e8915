"""The buttons under a rationale that say for which items it is meant."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse

from imr.accounts.permissions import AuthenticatedRequest
from imr.core.errors import ConflictError, DomainError
from reviews.models import Assignment
from reviews.services.shared_rationale import share_rationale, unshare_rationale
from reviews.views.draft_answer import back_to, saved
from reviews.views.workspace_page import Typed, render_workspace, wants_fragment

SHARE, UNSHARE = "share", "unshare"
MOST_ITEMS = 100


def change_sharing(request: AuthenticatedRequest, assignment: Assignment, item_id: int, verb: str) -> HttpResponse:
    """After the words are saved: the ticked items hold this rationale too, or this item has its own again."""
    who: dict[str, Any] = {"assignment_id": assignment.pk, "item_id": item_id, "actor": request.user}
    try:
        if verb == SHARE:
            share_rationale(**who, others=_ticked(request))
        else:
            unshare_rationale(**who)
    except ConflictError:
        raise
    except DomainError as error:
        return _refused(request, assignment, item_id, error.message)
    if not wants_fragment(request):
        done = "The items share this rationale now." if verb == SHARE else "This item has a rationale of its own now."
        messages.success(request, done)
        return back_to(assignment, f"item_{item_id}_shared")
    return saved(request, assignment, item_id=item_id, share_changed=True)


def _refused(request: AuthenticatedRequest, assignment: Assignment, item_id: int, message: str) -> HttpResponse:
    if not wants_fragment(request):
        return render_workspace(request, assignment, typed=Typed(share_problems={item_id: message}), status=422)
    return saved(request, assignment, item_id=item_id, share_changed=True, share_problem=message, status=422)


def _ticked(request: AuthenticatedRequest) -> set[int]:
    numbers = request.POST.getlist("share")[:MOST_ITEMS]
    return {int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) <= 18}
