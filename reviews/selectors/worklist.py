"""What a reviewer has to do, and did."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.enums import CaseStatus, DeadlineKind, ItemEligibility, ItemStatus
from cases.models import Deadline, DisputedItem
from cases.selectors.document import reviewable_documents
from imr.accounts.models import User
from imr.core import clock
from reviews.enums import AssignmentStatus, DocumentUse, LookPlace
from reviews.models import (
    Assignment,
    AssignmentLook,
    ConsideredDocument,
    Determination,
    DocumentRequest,
    Finding,
    Opinion,
    Review,
)
from reviews.selectors.message import unread_by_reviewer
from reviews.selectors.workspace import OWN_LETTERS, WRITABLE, Progress, assignments_of

# Sorts what has no due date behind what has one.
_FAR = datetime(9999, 12, 31, tzinfo=UTC)


class WorkState(StrEnum):
    """The lists of the worklist; `OPEN` is the first three together."""

    OPEN = "open"
    OFFERS = "offers"
    IN_REVIEW = "in-review"
    RETURNED = "returned"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What a list is narrowed to; empty fields narrow nothing. `due` is "overdue" or "week"."""

    number: str = ""
    priority: str = ""
    due: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How many assignments stand in each list."""

    offers: int
    in_review: int
    returned: int
    signed: int

    @property
    def open(self) -> int:
        return self.offers + self.in_review + self.returned


def worklist(user: User, state: WorkState) -> QuerySet[Assignment]:
    """The reviewer's assignments of one list, with what a line shows.

    Annotated: `due_at` and `sort_due`, `items_total`, `items_decided`, `records_total`, `records_marked`,
    `has_summary`, `is_new`, `last_request` (the status of the last request for records), `unread` messages,
    `returned_at` and `void_reason` of the last return, `signed_at` and `outcome` of the determination that stands.
    """
    rows = _with_state(assignments_of(user)).filter(_condition(state))
    running = Deadline.objects.filter(case=OuterRef("case"), kind=DeadlineKind.DETERMINE, ended_at__isnull=True)
    signed = _signed_by(OuterRef("pk"))
    returned = signed.filter(voided_at__isnull=False).order_by("-voided_at")
    standing = signed.filter(voided_at__isnull=True)
    opinion = Opinion.objects.filter(assignment=OuterRef("pk"), voided_at__isnull=True)
    return rows.select_related("case").annotate(
        due_at=Subquery(running.values("due_at")[:1]),
        sort_due=Coalesce(Subquery(running.values("due_at")[:1]), Value(_FAR)),
        items_total=_counted(_open_items(OuterRef("case")), "case"),
        items_decided=_counted(
            Finding.objects.filter(
                review__assignment=OuterRef("pk"),
                item__eligibility=ItemEligibility.ELIGIBLE,
                item__status=ItemStatus.OPEN,
            ).exclude(Q(outcome="") | Q(rationale="")),
            "review",
        ),
        records_total=_counted(reviewable_documents(OuterRef("case")), "case"),
        records_marked=_counted(
            ConsideredDocument.objects.filter(
                review__assignment=OuterRef("pk"), document__removed_at__isnull=True
            ).exclude(use=DocumentUse.UNREAD),
            "review",
        ),
        has_summary=Exists(Review.objects.filter(assignment=OuterRef("pk")).exclude(clinical_case_summary="")),
        last_request=Subquery(
            DocumentRequest.objects.filter(assignment=OuterRef("pk")).order_by("-asked_at", "-pk").values("status")[:1]
        ),
        is_new=~Exists(
            AssignmentLook.objects.filter(
                assignment=OuterRef("pk"), place=LookPlace.CASE, seen_at__gte=OuterRef("news_at")
            )
        ),
        unread=_counted(unread_by_reviewer().filter(assignment=OuterRef("pk")), "assignment"),
        returned_at=Subquery(returned.values("voided_at")[:1]),
        void_reason=Subquery(returned.values("void_reason")[:1]),
        signed_at=Coalesce(Subquery(opinion.values("signed_at")[:1]), Subquery(standing.values("signed_at")[:1])),
        outcome=Subquery(standing.values("outcome")[:1]),
    )


def work_counts(user: User) -> WorkCounts:
    """The length of each list, in one query."""
    rows = _with_state(assignments_of(user))
    counts = rows.aggregate(
        offers=Count("pk", filter=_condition(WorkState.OFFERS)),
        in_review=Count("pk", filter=_condition(WorkState.IN_REVIEW)),
        returned=Count("pk", filter=_condition(WorkState.RETURNED)),
        signed=Count("pk", filter=_condition(WorkState.SIGNED)),
    )
    return WorkCounts(**counts)


def state_of(row: Assignment) -> WorkState:
    """In which of the four lists a row of `worklist` belongs."""
    if row.status == AssignmentStatus.OFFERED:
        return WorkState.OFFERS
    if getattr(row, "has_signature", False):
        return WorkState.SIGNED
    return WorkState.RETURNED if getattr(row, "was_returned", False) else WorkState.IN_REVIEW


def progress_of(row: Assignment) -> Progress:
    """How many items of a row of `worklist` are decided, and how many records are marked."""
    return Progress(
        items_decided=getattr(row, "items_decided", 0),
        items_total=getattr(row, "items_total", 0),
        documents_marked=getattr(row, "records_marked", 0),
        documents_total=getattr(row, "records_total", 0),
    )


def narrowed(rows: QuerySet[Any], wanted: WorkFilter) -> QuerySet[Any]:
    """Those rows of `worklist` that the filter means."""
    if wanted.number:
        rows = rows.filter(case__number__icontains=wanted.number)
    if wanted.priority:
        rows = rows.filter(case__priority=wanted.priority)
    now = clock.now()
    if wanted.due == "overdue":
        rows = rows.filter(sort_due__lt=now)
    elif wanted.due == "week":
        rows = rows.filter(sort_due__gte=now, sort_due__lt=now + timedelta(days=7))
    if wanted.is_new:
        rows = rows.filter(is_new=True)
    return rows


def next_work(assignment: Assignment, user: User) -> Assignment | None:
    """The case to write at after this one, by due date, from the top again after the last; None when there is no other.

    Cases that wait for documents are left out.
    """
    listed: QuerySet[Any] = worklist(user, WorkState.OPEN)
    others = listed.filter(status=AssignmentStatus.ACCEPTED, case__status=CaseStatus.IN_REVIEW).exclude(
        pk=assignment.pk
    )
    rows: list[Assignment] = list(others.order_by("sort_due", "pk")[:200])
    here = listed.filter(pk=assignment.pk).values_list("sort_due", "pk").first()
    later = [row for row in rows if here and (getattr(row, "sort_due", _FAR), row.pk) > here]
    return next(iter([*later, *rows]), None)


def determination_of(assignment: Assignment) -> Determination | None:
    """The determination of this assignment that stands; None before signing and after a return."""
    return _signed_by(assignment.pk).filter(voided_at__isnull=True).first()


def own_signature(assignment: Assignment) -> Determination | None:
    """What the reviewer signed, before any correction; None before signing and after a return."""
    return Determination.objects.filter(assignment=assignment, voided_at__isnull=True, corrects__isnull=True).first()


def last_return(assignment: Assignment) -> Determination | None:
    """The determination that the medical director returned last; None when none was, or a later one stands."""
    last = _signed_by(assignment.pk).first()
    return last if last is not None and last.voided_at is not None else None


def _signed_by(assignment: OuterRef | int) -> QuerySet[Determination]:
    """The determinations of an assignment: its own, and those of a panel that its opinion is part of."""
    own = Opinion.objects.filter(determination=OuterRef("pk"), assignment=_outer(assignment))
    return Determination.objects.filter(Q(assignment=assignment) | Exists(own))


def _outer(assignment: OuterRef | int) -> OuterRef | int:
    """Within a subquery of a subquery the row of the assignment is one level further out."""
    return OuterRef(assignment) if isinstance(assignment, OuterRef) else assignment


def _with_state(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    signed = _signed_by(OuterRef("pk"))
    since = clock.now() - OWN_LETTERS
    opinion = Opinion.objects.filter(assignment=OuterRef("pk"), voided_at__isnull=True, signed_at__gte=since)
    return rows.annotate(
        has_signature=Exists(signed.filter(voided_at__isnull=True, signed_at__gte=since)) | Exists(opinion),
        was_returned=Exists(signed.filter(voided_at__isnull=False)),
    )


def _condition(state: WorkState) -> Q:
    # An offer of a further seat of a panel stands while the others are at work.
    offers = Q(status=AssignmentStatus.OFFERED, case__status__in=[CaseStatus.READY_FOR_REVIEW, *WRITABLE])
    offers &= Q(answer_due_at__isnull=True) | Q(answer_due_at__gte=clock.now())
    at_work = Q(status=AssignmentStatus.ACCEPTED, case__status__in=WRITABLE, has_signature=False)
    return {
        WorkState.OPEN: offers | at_work,
        WorkState.OFFERS: offers,
        WorkState.IN_REVIEW: at_work & Q(was_returned=False),
        WorkState.RETURNED: at_work & Q(was_returned=True),
        WorkState.SIGNED: Q(status__in=[AssignmentStatus.ACCEPTED, AssignmentStatus.COMPLETED], has_signature=True),
    }[state]


def _open_items(case: OuterRef) -> QuerySet[DisputedItem]:
    return DisputedItem.objects.filter(case=case, eligibility=ItemEligibility.ELIGIBLE, status=ItemStatus.OPEN)


def _counted(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
