"""The last status of a case: closed, and a public copy of its letter is approved (8 CCR 9792.10.9)."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.services.transitions import lock_case, transition_case
from imr.accounts.models import User
from reviews.enums import PublicationState
from reviews.models import PublicCopy

MOST_AT_ONCE = 500


@transaction.atomic
def publish_case(*, case_id: int, actor: User | None) -> bool:
    """A closed case with an approved public copy is published; whether it was moved. Twice changes nothing."""
    case = lock_case(case_id)
    copies = PublicCopy.objects.filter(case=case, state=PublicationState.APPROVED)
    if case.status != CaseStatus.CLOSED or not copies.exists():
        return False
    transition_case(case_id=case_id, event=CaseEvent.PUBLISH, actor=actor)
    return True


def publish_closed_cases() -> int:
    """Cases that were closed after their public copy was approved are published; how many. Safe to run twice."""
    approved = PublicCopy.objects.filter(case=OuterRef("pk"), state=PublicationState.APPROVED)
    closed = Case.objects.filter(Exists(approved), status=CaseStatus.CLOSED).order_by("pk")
    return sum(
        publish_case(case_id=key, actor=None) for key in list(closed.values_list("pk", flat=True)[:MOST_AT_ONCE])
    )
