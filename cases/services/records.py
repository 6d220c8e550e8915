"""The notice of assignment, and when the records are complete (8 CCR 9792.10.4, 9792.10.5)."""

from datetime import datetime

from django.db import transaction

from cases.enums import UR_INFORMATION_KINDS, CaseEvent, ServiceMethod
from cases.exceptions import IncompleteError
from cases.models import Case, Document, NoticeService
from cases.services.transitions import transition_case
from imr.accounts.models import User
from imr.core import clock


@transaction.atomic
def record_notice_served(*, case_id: int, actor: User, method: str, served_at: datetime) -> Case:
    """The notice of assignment and request for information is on record as served; the record deadline runs.

    `served_at` may be earlier than now, not later, and not before the application was received.
    """
    if method not in ServiceMethod.values:
        raise IncompleteError("Choose how the notice was served.", fields={"method": ["Choose how it was served."]})

    def sensible(case: Case) -> None:
        if served_at > clock.now():
            raise IncompleteError(
                "The notice cannot have been served in the future.",
                fields={"served_on": ["Enter a date and time that is not in the future."]},
            )
        if case.received_at is not None and served_at < case.received_at:
            received = case.received_at.astimezone(clock.PACIFIC)
            raise IncompleteError(
                "The notice cannot have been served before the application was received.",
                fields={
                    "served_on": [
                        (
                            f"Enter a date and time after {received:%m/%d/%Y %I:%M %p} PT, "
                            "when the application was received."
                        )
                    ]
                },
            )

    def write(case: Case) -> None:
        NoticeService.objects.create(case=case, method=method, served_at=served_at, recorded_by=actor)

    return transition_case(
        case_id=case_id,
        event=CaseEvent.SERVE_NOARFI,
        actor=actor,
        guards=(sensible,),
        before_clocks=write,
        at=served_at,
        detail={"method": method},
    )


def complete_records(*, case_id: int, actor: User, reason: str = "") -> Case:
    """The case is ready for review; the reviewer's period runs from now (LC 4610.6(d)).

    Raises `IncompleteError` when nothing but the utilization review's own papers has arrived: a decision may not
    rest on them alone (8 CCR 9792.10.6(b)(2)).
    """

    def has_records(case: Case) -> None:
        records = Document.objects.filter(case=case, removed_at__isnull=True).exclude(kind__in=UR_INFORMATION_KINDS)
        if not records.exists():
            raise IncompleteError(
                "No medical record has arrived: a decision may not rest on the UR decision and the form alone "
                "(8 CCR 9792.10.6(b)(2)). Add at least one record first."
            )

    return transition_case(
        case_id=case_id,
        event=CaseEvent.COMPLETE_RECORDS,
        actor=actor,
        guards=(has_records,),
        reason=reason,
    )
