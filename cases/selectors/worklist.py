"""Lists of cases: the intake queue, the case list, and what stands on a line of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case as CaseWhen
from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from cases.enums import CaseStatus, PartyRole, Priority
from cases.models import Case, Deadline, DisputedItem, Party
from cases.selectors.duplicate import with_duplicate_mark
from imr.accounts.models import User

# So far before its own moment an expedited case sorts, and so before every standard one, with one key for both.
_EXPEDITED_LEAD = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class QueueCount:
    """A status and how many cases stand in it."""

    status: CaseStatus
    count: int


def with_summary(cases: QuerySet[Case]) -> QuerySet[Case]:
    """`cases` with what a list line shows: next due date, number of items, the worker's name, the application."""
    running = Deadline.objects.filter(case=OuterRef("pk"), ended_at__isnull=True).order_by("due_at")
    # Counted for the lines of a page alone; a join would group every case of the list before it is cut.
    items = DisputedItem.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(count=Count("pk"))
    return (
        cases.select_related("application", "organization", "analyst")
        .prefetch_related(
            Prefetch(
                "parties",
                queryset=Party.objects.filter(role=PartyRole.EMPLOYEE),
                to_attr="employee_rows",
            )
        )
        .annotate(
            due_at=Subquery(running.values("due_at")[:1]),
            due_kind=Subquery(running.values("kind")[:1]),
            item_count=Coalesce(Subquery(items.values("count")), 0),
        )
    )


def matching(cases: QuerySet[Case], query: str) -> QuerySet[Case]:
    """`cases` whose number, claim number or worker's name holds `query`, taken literally."""
    words = query.split()
    for word in words:
        cases = cases.filter(
            Q(number__icontains=word)
            | Q(application__claim_number__icontains=word)
            | Exists(
                Party.objects.filter(case=OuterRef("pk"), role=PartyRole.EMPLOYEE).filter(
                    Q(first_name__icontains=word) | Q(last_name__icontains=word)
                )
            )
        )
    return cases


def due_before(cases: QuerySet[Case], end: datetime, *, since: datetime | None = None) -> QuerySet[Case]:
    """`cases` with a running deadline before `end`, and not before `since` when that is given."""
    running = Deadline.objects.filter(
        case=OuterRef("pk"), ended_at__isnull=True, paused_at__isnull=True, due_at__lt=end
    )
    if since is not None:
        running = running.filter(due_at__gte=since)
    return cases.filter(Exists(running))


def status_counts(cases: QuerySet[Case]) -> list[QueueCount]:
    """How many of `cases` stand in each status, in the order of the case's life; empty ones left out."""
    found = dict(cases.order_by().values_list("status").annotate(count=Count("pk")))
    return [QueueCount(status, found[status.value]) for status in CaseStatus if found.get(status.value)]


def expedited_first(moment: str) -> Combinable:
    """A sort key: the instant of the field `moment`, moved so that expedited cases precede all others."""
    return CaseWhen(When(priority=Priority.EXPEDITED, then=F(moment) - _EXPEDITED_LEAD), default=F(moment))


def intake_queue() -> QuerySet[Case]:
    """Received cases that nobody has taken: expedited before standard, then oldest first, by `queue_key`."""
    received = with_duplicate_mark(with_summary(Case.objects.filter(status=CaseStatus.RECEIVED)))
    return received.annotate(queue_key=expedited_first("received_at")).order_by("queue_key", "pk")


def analyst_cases(user: User) -> QuerySet[Case]:
    """The cases in eligibility review that `user` has taken, the next due first."""
    return with_summary(
        Case.objects.filter(analyst=user, status__in=[CaseStatus.ELIGIBILITY_REVIEW, CaseStatus.INFO_REQUESTED])
    ).order_by(F("due_at").asc(nulls_last=True), "pk")


def oldest_received() -> datetime | None:
    """When the longest waiting case of the intake queue was received."""
    oldest: datetime | None = Case.objects.filter(status=CaseStatus.RECEIVED).aggregate(at=Min("received_at"))["at"]
    return oldest
