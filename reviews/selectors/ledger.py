"""Reading what reviewers earned. A reviewer reads the own ledger, those who may know the reviewers all of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth

from cases.selectors.fee import month_after
from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.core.words import mmddyyyy
from reviews.models import LedgerEntry, LedgerStatement, Reviewer, ReviewerFeeRate

_MONEY = DecimalField(max_digits=12, decimal_places=2)
NIL = Value(Decimal("0.00"), output_field=_MONEY)
EXPORT_HEAD = ("Month", "Reviewer", "Case", "For", "Served", "Amount", "Taken back", "Reason")


@dataclass(frozen=True, slots=True)
class ReviewerMonth:
    """What a reviewer earned by the end of a month and is on no statement yet, or the statement."""

    reviewer: Reviewer
    count: int
    unknown: int
    total: Decimal
    statement: LedgerStatement | None


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """A month of the own ledger."""

    month: date
    count: int
    unknown: int
    total: Decimal


def rate_on(kind: str, on: date) -> ReviewerFeeRate | None:
    """The rate for this kind of review in force on the day; None where none is."""
    rows = ReviewerFeeRate.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=on), kind=kind, in_force_from__lte=on
    )
    return rows.first()


def entries_visible_to(user: User) -> QuerySet[LedgerEntry]:
    """The entries that exist for `user`, each with `is_reversed`."""
    rows = LedgerEntry.objects.select_related("reviewer", "assignment__case", "statement", "reverses").annotate(
        is_reversed=Exists(LedgerEntry.objects.filter(reverses=OuterRef("pk")))
    )
    if user.can(Action.LEDGER_VIEW):
        return rows
    return rows.filter(reviewer__user=user) if user.can(Action.LEDGER_OWN) else rows.none()


def entries_of_month(user: User, month: date) -> QuerySet[LedgerEntry]:
    """The visible entries of a month, the last first."""
    return entries_visible_to(user).filter(earned_on__gte=month, earned_on__lt=month_after(month))


def sum_of(rows: QuerySet[LedgerEntry]) -> Decimal:
    """The exact sum of the amounts that are known."""
    total: Decimal = rows.order_by().aggregate(total=Coalesce(Sum("amount"), NIL))["total"]
    return total


def own_months(user: User) -> list[OwnMonth]:
    """The months in which the reviewer has entries, the last first."""
    rows = (
        entries_visible_to(user)
        .order_by()
        .annotate(month=TruncMonth("earned_on"))
        .values("month")
        .annotate(
            count=Count("pk"), unknown=Count("pk", filter=Q(amount__isnull=True)), total=Coalesce(Sum("amount"), NIL)
        )
        .order_by("-month")
    )
    return [OwnMonth(row["month"], row["count"], row["unknown"], row["total"]) for row in rows]


def own_statements(user: User) -> dict[date, LedgerStatement]:
    """The approved months of the reviewer who is signed in, by their first day."""
    rows = LedgerStatement.objects.filter(reviewer__user=user)
    return {row.month: row for row in rows}


def open_entries(month: date) -> QuerySet[LedgerEntry]:
    """What fell due by the end of the month and stands on no statement."""
    return LedgerEntry.objects.filter(statement__isnull=True, earned_on__lt=month_after(month))


def reviewer_months(month: date) -> list[ReviewerMonth]:
    """Every reviewer who has something to be approved for the month, or was approved, by code."""
    stated = {row.reviewer_id: row for row in LedgerStatement.objects.filter(month=month)}
    sums = {
        row["reviewer"]: row
        for row in open_entries(month)
        .order_by()
        .values("reviewer")
        .annotate(
            count=Count("pk"), unknown=Count("pk", filter=Q(amount__isnull=True)), total=Coalesce(Sum("amount"), NIL)
        )
    }
    counts = dict(
        LedgerEntry.objects.filter(statement__in=stated.values())
        .order_by()
        .values_list("reviewer")
        .annotate(total=Count("pk"))
    )
    rows = []
    for reviewer in Reviewer.objects.filter(pk__in={*stated, *sums}).order_by("code"):
        if statement := stated.get(reviewer.pk):
            rows.append(ReviewerMonth(reviewer, counts.get(reviewer.pk, 0), 0, statement.total, statement))
        if found := sums.get(reviewer.pk):
            rows.append(ReviewerMonth(reviewer, found["count"], found["unknown"], found["total"], None))
    return rows


def rates() -> QuerySet[ReviewerFeeRate]:
    """All rates, the newest of each kind first."""
    return ReviewerFeeRate.objects.order_by("kind", "-in_force_from")


def statement_rows(statements: Iterable[LedgerStatement]) -> Iterator[tuple[object, ...]]:
    """The entries of approved months as rows of a file, after its head. What is taken back has a column of its own, for
    a cell that begins with a minus is no number to be trusted."""
    yield EXPORT_HEAD
    rows = LedgerEntry.objects.filter(statement__in=statements).select_related(
        "reviewer", "assignment__case", "statement"
    )
    for entry in rows.order_by("reviewer__code", "earned_on", "pk"):
        amount = entry.amount or Decimal(0)
        yield (
            f"{entry.statement.month:%m/%Y}" if entry.statement else "",
            entry.reviewer.code,
            entry.assignment.case.number if entry.assignment else "",
            entry.get_kind_display(),
            mmddyyyy(entry.earned_on),
            amount if amount >= 0 else "",
            -amount if amount < 0 else "",
            entry.reason,
        )
