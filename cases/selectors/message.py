"""Reading the messages of cases, and what is unread."""

from dataclasses import dataclass

from django.db.models import QuerySet

from cases.models import Case, CaseMessage, CaseThread
from cases.selectors.case import visible_to
from imr.accounts.enums import Action
from imr.accounts.models import User


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as `reader` may see it: own side's names, and whether the other side has opened it since."""

    message: CaseMessage
    by: str
    is_own: bool
    is_read: bool


def thread_of(case: Case, *, reader: User) -> list[ShownMessage]:
    """Every message of the case, oldest first."""
    thread = CaseThread.objects.filter(case=case).first()
    seen = {True: thread.staff_seen_at, False: thread.claims_seen_at} if thread else {True: None, False: None}
    rows = CaseMessage.objects.filter(case=case).select_related("sent_by__organization").prefetch_related("documents")
    return [
        ShownMessage(
            message=row,
            by=_by(row, reader),
            is_own=row.sent_by_id == reader.pk,
            is_read=(at := seen[row.is_from_claims]) is not None and at >= row.sent_at,
        )
        for row in rows
    ]


def threads(user: User) -> QuerySet[CaseThread]:
    """The threads that exist for this person, with their cases."""
    cases = visible_to(user, action=Action.CASE_MESSAGE)
    return CaseThread.objects.filter(case__in=cases).select_related("case__organization")


def is_unread(case: Case, *, reader: User) -> bool:
    """Whether the other side wrote something in the case that nobody of the reader's side has opened."""
    mark = "is_unread_by_claims" if reader.is_claims else "is_unread_by_staff"
    return CaseThread.objects.filter(case=case, **{mark: True}).exists()


def unread_count(user: User) -> int:
    """In how many cases the other side wrote something that nobody of the person's side has opened."""
    if not user.can(Action.CASE_MESSAGE):
        return 0
    if user.is_claims:
        rows = CaseThread.objects.filter(is_unread_by_claims=True, case__organization_id=user.organization_id)
    else:
        rows = CaseThread.objects.filter(is_unread_by_staff=True)
    return rows.count()


def _by(row: CaseMessage, reader: User) -> str:
    if row.sent_by_id == reader.pk:
        return "You"
    if reader.is_claims and not row.is_from_claims:
        return "IMR organization"
    name = row.sent_by.display_name
    return f"{name}, {row.sent_by.organization.name}" if row.is_from_claims and not reader.is_claims else name
