"""The reviewer's worklist."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.enums import CaseOutcome
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.paging import keyset_page
from reviews.forms.worklist import WorkFilterForm
from reviews.models import Assignment
from reviews.selectors.colleague import opinions_waiting_for
from reviews.selectors.own_file import due_soon
from reviews.selectors.worklist import (
    WorkState,
    narrowed,
    next_work,
    progress_of,
    state_of,
    work_counts,
    worklist,
)
from reviews.selectors.workspace import Progress, assignments_of

SORTS: Final = {"due": "sort_due", "number": "case__number", "signed": "signed_at"}
EMPTY: Final = {
    WorkState.OPEN: ("Nothing to review", "Cases that are offered to you appear here. You need do nothing until then."),
    WorkState.OFFERS: ("No offers to answer", "When a case is offered to you, it appears here to accept or decline."),
    WorkState.IN_REVIEW: ("No case in review", "Cases that you accepted appear here until you sign them."),
    WorkState.RETURNED: ("Nothing was returned", "A determination that needs a correction appears here."),
    WorkState.SIGNED: ("Nothing signed yet", "What you signed in the last 12 months appears here."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list."""

    assignment: Assignment
    state: WorkState
    progress: Progress

    @property
    def outcome_label(self) -> str:
        """The outcome of what was signed."""
        outcome = getattr(self.assignment, "outcome", None)
        return CaseOutcome(outcome).label if outcome else ""

    @property
    def done(self) -> int:
        """Of the steps: items decided, records marked, the summary written."""
        written = bool(getattr(self.assignment, "has_summary", False))
        return self.progress.items_decided + self.progress.documents_marked + written

    @property
    def steps(self) -> int:
        return self.progress.items_total + self.progress.documents_total + 1


@dataclass(frozen=True, slots=True)
class Tab:
    """A list with its length and address; `is_current` for the one that is shown."""

    label: str
    count: int
    url: str
    is_current: bool


@require_safe
@requires(Action.ASSIGNMENT_ANSWER)
def worklist_page(request: AuthenticatedRequest) -> HttpResponse:
    """Offers, reviews and returns by due date; what was signed by date of signature."""
    asked = request.GET.get("state", "")
    state = WorkState(asked) if asked in set(WorkState) else WorkState.OPEN
    default = "-signed" if state == WorkState.SIGNED else "due"
    sort = request.GET.get("sort") or default
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    if key not in SORTS or (key == "signed") != (state == WorkState.SIGNED and key == "signed"):
        sort, key, descending = default, default.removeprefix("-"), default.startswith("-")
    filters = WorkFilterForm(request.GET)
    page = keyset_page(
        narrowed(worklist(request.user, state), filters.wanted()),
        field=SORTS[key],
        descending=descending,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    title, text = EMPTY[state]
    if filters.is_narrowing:
        title, text = "Nothing found", "No case of this list fits the filter. Clear it to see them all."
    context = {
        "tabs": _tabs(request, state),
        "state": state.value,
        "sort": sort,
        "page": page,
        "rows": [Row(row, state_of(row), progress_of(row)) for row in page.rows],
        "empty_title": title,
        "empty_text": text,
        "filters": filters,
        "file_due": due_soon(request.user),
        "opinions": opinions_waiting_for(request.user),
    }
    return render(request, "reviews/worklist.html", context, status=422 if filters.errors else 200)


@require_safe
@requires(Action.REVIEW_WRITE)
def next_case(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """On to the next case in review, by due date; the worklist when there is no other."""
    assignment = assignments_of(request.user).filter(pk=assignment_id).first()
    if assignment is None:
        raise Http404("There is no such case.")
    following = next_work(assignment, request.user)
    if following is None:
        messages.info(request, "No other case is in review with you.")
        return redirect("reviews:worklist")
    return redirect("reviews:workspace", following.pk)


def _tabs(request: AuthenticatedRequest, state: WorkState) -> list[Tab]:
    counts = work_counts(request.user)
    base = reverse("reviews:worklist")
    lists = [
        (WorkState.OPEN, "To do", counts.open),
        (WorkState.OFFERS, "Offers to answer", counts.offers),
        (WorkState.IN_REVIEW, "In review", counts.in_review),
        (WorkState.RETURNED, "Returned for correction", counts.returned),
        (WorkState.SIGNED, "Signed, last 12 months", counts.signed),
    ]
    return [Tab(label, count, f"{base}?state={one.value}", one == state) for one, label, count in lists]
