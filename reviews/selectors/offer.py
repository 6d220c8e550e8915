"""Offers and accepted cases that wait: which of them are due for a reminder, have run out, or were never begun."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.enums import AlertLevel, CaseStatus, DeadlineKind
from cases.models import ApplicationVersion, Case, DeadlineAlert
from cases.selectors.amendment import amended_for_reviewers
from reviews.enums import OPEN_ASSIGNMENTS, AssignmentStatus
from reviews.models import Assignment, ConsideredDocument, Finding
from reviews.selectors.period import end_of_period, span_before

# A run that finds more leaves the rest to the next one.
BATCH = 500


def unanswered_offers(at: datetime) -> list[int]:
    """Ids of the offers whose time to answer was over at `at`, the longest waiting first."""
    rows = Assignment.objects.filter(status=AssignmentStatus.OFFERED, answer_due_at__lt=at)
    return list(rows.order_by("answer_due_at", "pk").values_list("pk", flat=True)[:BATCH])


def is_unanswered(offer: Assignment, at: datetime) -> bool:
    """Whether the time to answer was over at `at`, whether or not the schedule has ended the offer yet."""
    return offer.status == AssignmentStatus.OFFERED and offer.answer_due_at is not None and offer.answer_due_at < at


def due_for_reminder(at: datetime) -> list[int]:
    """Ids of the open offers whose end is near and of which the reviewer was not reminded yet."""
    rows = Assignment.objects.filter(
        status=AssignmentStatus.OFFERED, reminded_at__isnull=True, answer_due_at__gte=at
    ).select_related("case")
    return [
        row.pk
        for row in rows.order_by("answer_due_at", "pk")[:BATCH]
        if row.answer_due_at is not None and row.answer_due_at - span_before("offer_reminder", row.case, at) <= at
    ]


def due_alerts(at: datetime) -> list[int]:
    """Ids of the alerts of a day that a determination is due soon or overdue, of clocks that still run."""
    rows = DeadlineAlert.objects.filter(
        deadline__kind=DeadlineKind.DETERMINE,
        deadline__ended_at__isnull=True,
        level__in=[AlertLevel.SOON, AlertLevel.OVERDUE],
        raised_at__gte=at - timedelta(days=1),
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def fresh_amendments(at: datetime) -> list[ApplicationVersion]:
    """The amendments of a day, in cases that a reviewer has accepted, of facts that a reviewer sees."""
    accepted = Assignment.objects.filter(status=AssignmentStatus.ACCEPTED).values("case")
    return amended_for_reviewers(Case.objects.filter(pk__in=accepted), since=at - timedelta(days=1))


def due_for_start_reminder(at: datetime) -> list[int]:
    """Ids of the accepted cases in which nothing was written for the time that a row gives, not reminded yet."""
    rows = unstarted().filter(start_reminded_at__isnull=True)
    return [
        row.pk
        for row in rows[:BATCH]
        if row.accepted_at and end_of_period("review_start", row.case, row.accepted_at) < at
    ]


def unstarted() -> QuerySet[Assignment]:
    """Cases in review whose draft is as it was opened: no words, no decision, no record marked."""
    touched = Finding.objects.filter(review__assignment=OuterRef("pk"), version__gt=1)
    marked = ConsideredDocument.objects.filter(review__assignment=OuterRef("pk"))
    return (
        Assignment.objects.filter(status=AssignmentStatus.ACCEPTED, case__status=CaseStatus.IN_REVIEW)
        .filter(Q(review__isnull=True) | Q(review__version=1))
        .filter(~Exists(touched), ~Exists(marked))
        .select_related("case", "reviewer")
        .order_by("accepted_at", "pk")
    )


def is_unstarted(assignment: Assignment) -> bool:
    """Whether nothing was written in this accepted case."""
    return unstarted().filter(pk=assignment.pk).exists()


def stalled(at: datetime) -> list[Assignment]:
    """The accepted cases without a word long after the reminder, for those who assign, the longest waiting first."""
    rows = unstarted().filter(start_reminded_at__isnull=False)[:BATCH]
    return [
        row
        for row in rows
        if row.start_reminded_at and end_of_period("review_start_escalation", row.case, row.start_reminded_at) < at
    ]


def ids_of_open_work() -> list[int]:
    """Ids of every open assignment that has not been signed, in the order in which rows are locked."""
    rows = Assignment.objects.filter(status__in=OPEN_ASSIGNMENTS).filter(
        Q(status=AssignmentStatus.OFFERED) | Q(case__status__in=[CaseStatus.IN_REVIEW, CaseStatus.DOCS_REQUESTED])
    )
    return list(rows.order_by("case_id", "pk").values_list("pk", flat=True))


def open_work_of(reviewer_id: int) -> list[int]:
    """As `ids_of_open_work`, for one reviewer."""
    rows = Assignment.objects.filter(reviewer_id=reviewer_id, status__in=OPEN_ASSIGNMENTS)
    return list(rows.order_by("case_id", "pk").values_list("pk", flat=True))
