"""Reading requests for records: the reviewer's own, the staff's queue, and what the parties may know."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cases.models import Case
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from reviews.enums import OPEN_REQUESTS, RequestStatus
from reviews.models import Assignment, DocumentRequest

# What the parties were asked, whatever became of it.
_TOLD = (RequestStatus.REQUESTED, RequestStatus.RECEIVED)


@dataclass(frozen=True, slots=True)
class PartyRequest:
    """What a party reads of a request: no reviewer, and not the reviewer's own words."""

    words: str
    items: tuple[int, ...]
    requested_at: datetime | None
    received_at: datetime | None


def requests_visible_to(user: User) -> QuerySet[DocumentRequest]:
    """A reviewer's own requests; every one for those who request documents from the parties."""
    rows = DocumentRequest.objects.select_related(
        "assignment__case", "assignment__reviewer", "answered_by", "received_by"
    )
    if user.scope(Action.NOTICE_SERVE) == Scope.ANY:
        return rows
    return rows.filter(assignment__reviewer__user=user) if user.can(Action.REVIEW_WRITE) else rows.none()


def requests_of(assignment: Assignment) -> list[DocumentRequest]:
    """Every request of this assignment with its items, newest first."""
    return list(DocumentRequest.objects.filter(assignment=assignment).prefetch_related("items"))


def waiting_requests() -> QuerySet[DocumentRequest]:
    """Those that the staff have not answered."""
    return DocumentRequest.objects.filter(status=RequestStatus.ASKED).select_related("assignment__case")


def requests_of_case(case: Case) -> list[DocumentRequest]:
    """Every request of the case, newest first, for the staff."""
    return list(
        DocumentRequest.objects.filter(assignment__case=case)
        .select_related("assignment__reviewer", "answered_by", "received_by")
        .prefetch_related("items")
    )


def party_requests(case: Case) -> list[PartyRequest]:
    """What the parties were asked in this case, newest first."""
    rows = DocumentRequest.objects.filter(assignment__case=case, status__in=_TOLD).prefetch_related("items")
    return [
        PartyRequest(
            words=row.requested_words,
            items=tuple(sorted(item.position for item in row.items.all())),
            requested_at=row.answered_at,
            received_at=row.received_at,
        )
        for row in rows
    ]


def open_request(assignment: Assignment) -> DocumentRequest | None:
    """The request of this assignment that waits for the staff or for the parties."""
    return DocumentRequest.objects.filter(assignment=assignment, status__in=OPEN_REQUESTS).first()
