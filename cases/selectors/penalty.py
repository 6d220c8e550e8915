"""Records that came late or are still missing, and what the penalty comes to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Case as CaseOf
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, TruncDate

from cases.enums import CaseStatus, DeadlineKind, DocumentSource
from cases.models import Case, Deadline, Document, PenaltyDecision
from cases.rules.penalty import Penalty, PenaltyFigures, late_records_penalty
from cases.selectors.law import legal_parameter
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from imr.core import clock
from imr.core.clock import PACIFIC, pacific_date

PER_DAY, MAXIMUM = "late_record_penalty", "late_record_penalty_maximum"
WAITING = frozenset({CaseStatus.AWAITING_RECORDS, CaseStatus.INSUFFICIENT_RECORDS})


@dataclass(frozen=True, slots=True)
class LateRecords:
    """A case whose records are or were late: the penalty as of today, and what was decided about it."""

    case: Case
    penalty: Penalty
    received_on: date | None
    citation: str
    decision: PenaltyDecision | None


@dataclass(frozen=True, slots=True)
class Exposure:
    """What undecided penalties come to, and how many of them still grow."""

    count: int
    running: int
    amount: int


def late_deadlines(user: User) -> QuerySet[Deadline]:
    """The clock for the records of each visible case in which it was missed, with `last_sent_at`."""
    latest = Deadline.objects.filter(case=OuterRef("case"), kind=DeadlineKind.RECORDS).order_by("-pk").values("pk")[:1]
    sent = (
        Document.objects.filter(
            case=OuterRef("case"),
            source=DocumentSource.CLAIMS_ADMINISTRATOR,
            removed_at__isnull=True,
            received_at__gte=OuterRef("started_at"),
            received_at__lte=OuterRef("ended_at"),
        )
        .order_by()
        .values("case")
        .annotate(last=Max("received_at"))
        .values("last")
    )
    rows = (
        Deadline.objects.filter(kind=DeadlineKind.RECORDS, pk=Subquery(latest), paused_at__isnull=True)
        .filter(
            Q(ended_at__isnull=True, due_at__lt=clock.now(), case__status__in=WAITING) | Q(ended_at__gt=F("due_at"))
        )
        .annotate(last_sent_at=Subquery(sent))
        .select_related("case__organization")
    )
    match user.scope(Action.PENALTY_VIEW):
        case Scope.ANY:
            return rows
        case Scope.ORGANIZATION:
            return rows.filter(case__organization=user.organization_id)
        case _:
            return rows.none()


def late_records(deadlines: Iterable[Deadline], *, today: date) -> list[LateRecords]:
    """Those of them that are late by a day or more, each with its penalty and decision."""
    rows = list(deadlines)
    decided = {row.case_id: row for row in PenaltyDecision.objects.filter(case__in=[row.case_id for row in rows])}
    figures = cache(figures_on)
    found = [_late(row, decided.get(row.case_id), today, figures) for row in rows]
    return [row for row in found if row.penalty.days > 0]


def late_records_of(user: User, case_id: int, *, today: date) -> LateRecords | None:
    """The late records of one visible case; None when they are not late."""
    rows = late_records(late_deadlines(user).filter(case=case_id), today=today)
    return rows[0] if rows else None


def open_exposure(user: User, *, today: date) -> Exposure:
    """What the visible cases that nobody has decided on yet come to.

    The database counts them by the two days that decide the amount, so that the sum takes as long for ten thousand
    cases as for the days on which their records were due.
    """
    undecided = late_deadlines(user).exclude(
        Exists(PenaltyDecision.objects.filter(case=OuterRef("case"))),
    )
    pairs = (
        undecided.order_by()
        .annotate(due_on=TruncDate("due_at", tzinfo=PACIFIC))
        .annotate(
            received_on=CaseOf(
                When(
                    ended_at__isnull=False,
                    then=TruncDate(Coalesce("last_sent_at", "ended_at"), tzinfo=PACIFIC),
                )
            )
        )
        .values("due_on", "received_on")
        .annotate(cases=Count("pk"))
    )
    figures = cache(figures_on)
    count = running = amount = 0
    for pair in pairs:
        penalty = late_records_penalty(
            due_on=pair["due_on"], received_on=pair["received_on"], today=today, figures=figures(pair["due_on"])
        )
        if penalty.days:
            count += pair["cases"]
            running += pair["cases"] * penalty.is_running
            amount += pair["cases"] * penalty.amount
    return Exposure(count=count, running=running, amount=amount)


def figures_on(due_on: date) -> PenaltyFigures:
    """The dated figures for records that were due on that day."""
    per_day, maximum = legal_parameter(PER_DAY, on=due_on), legal_parameter(MAXIMUM, on=due_on)
    return PenaltyFigures(
        per_day=per_day.value,
        maximum=maximum.value,
        citation=per_day.citation,
        is_confirmed=per_day.is_confirmed and maximum.is_confirmed,
    )


def _late(
    deadline: Deadline,
    decision: PenaltyDecision | None,
    today: date,
    figures_for: Callable[[date], PenaltyFigures],
) -> LateRecords:
    due_on = pacific_date(deadline.due_at)
    received_on = _received_on(deadline)
    figures = figures_for(due_on)
    penalty = late_records_penalty(due_on=due_on, received_on=received_on, today=today, figures=figures)
    return LateRecords(deadline.case, penalty, received_on, figures.citation, decision)


def _received_on(deadline: Deadline) -> date | None:
    """The day on which the last of the claims administrator's records came while the clock ran, so that the time in
    which the IMR organization looked at them is not counted; without any, the day on which the clock ended."""
    if deadline.ended_at is None:
        return None
    last = getattr(deadline, "last_sent_at", None)
    return pacific_date(last or deadline.ended_at)
