"""What stands in a reviewer's calendar: the cases in review with their due date, and the offers with theirs."""

from dataclasses import dataclass
from datetime import datetime

from cases.enums import DeadlineKind
from cases.models import Deadline
from cases.selectors.deadline import MOST_EVENTS, PAST_EVENTS
from imr.accounts.models import User
from reviews.models import Assignment
from reviews.selectors.worklist import WorkState, worklist


@dataclass(frozen=True, slots=True)
class ReviewerDate:
    """Something the reviewer has to do by `due_at`; `clock` is None for the answer to an offer."""

    assignment: Assignment
    due_at: datetime
    clock: Deadline | None


def reviewer_dates(user: User, *, now: datetime) -> list[ReviewerDate]:
    """The reviewer's own dates, the next due first, at most `MOST_EVENTS`.

    What has been overdue for a month is left to the worklist, and so are cases whose decision is signed.
    """
    offers = worklist(user, WorkState.OFFERS).filter(answer_due_at__gte=now - PAST_EVENTS)
    dates = [
        ReviewerDate(one, one.answer_due_at, None)
        for one in offers.order_by("answer_due_at", "pk")[:MOST_EVENTS]
        if one.answer_due_at is not None
    ]
    at_work = {one.case_id: one for one in worklist(user, WorkState.OPEN).exclude(pk__in=offers.values("pk"))}
    clocks = Deadline.objects.filter(
        case__in=at_work, kind=DeadlineKind.DETERMINE, ended_at__isnull=True, due_at__gte=now - PAST_EVENTS
    )
    dates += [
        ReviewerDate(at_work[clock.case_id], clock.due_at, clock)
        for clock in clocks.order_by("due_at", "pk")[:MOST_EVENTS]
    ]
    return sorted(dates, key=lambda one: one.due_at)[:MOST_EVENTS]
