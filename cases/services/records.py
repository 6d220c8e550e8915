"""The notice of assignment, and when the records are complete (8 CCR 9792.10.4, 9792.10.5)."""

from datetime import datetime

from django.db import transaction

from cases.enums import UR_INFORMATION_KINDS, CaseEvent, CaseStatus, DeadlineKind, NoticeKind, PartyRole, ServiceMethod
from cases.exceptions import IncompleteError
from cases.models import Case, Deadline, NoticeService
from cases.selectors.document import reviewable_documents, unscanned_documents
from cases.services.notice import issue_notice
from cases.services.transitions import lock_case, transition_case
from imr.accounts.models import User
from imr.core import clock
from imr.core.errors import ConflictError


@transaction.atomic
def record_notice_served(*, case_id: int, actor: User, method: str, served_at: datetime, free_text: str = "") -> Case:
    """The notice of assignment and request for information is served on every party, and the record deadline runs.

    `method` is how the claims administrator gets it, on which the deadline depends (8 CCR 9792.10.5(a)(1)).

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

    case = transition_case(
        case_id=case_id,
        event=CaseEvent.SERVE_NOARFI,
        actor=actor,
        guards=(sensible,),
        before_clocks=write,
        at=served_at,
        detail={"method": method},
    )
    issue_notice(
        case=case,
        kind=NoticeKind.ASSIGNMENT,
        actor=actor,
        free_text=free_text,
        channels={PartyRole.CLAIMS_ADMINISTRATOR: method},
        on=clock.pacific_date(served_at),
    )
    return case


def complete_records(*, case_id: int, actor: User, reason: str = "") -> Case:
    """The case is ready for review; the reviewer's period runs from now (LC 4610.6(d)).

    Raises `IncompleteError` when nothing but the utilization review's own papers has arrived: a decision may not
    rest on them alone (8 CCR 9792.10.6(b)(2)).
    """

    def has_records(case: Case) -> None:
        if not _has_records(case) and unscanned_documents().filter(case=case).exists():
            raise IncompleteError(
                "The records that have arrived are still being checked for viruses. Try again when that is done."
            )
        if not _has_records(case):
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


@transaction.atomic
def find_records_insufficient(*, case_id: int, actor: User, free_text: str = "") -> Case:
    """The records are insufficient, and the parties are asked for them again; the case waits until they arrive.

    In a case that waits already this asks once more. Raises `ConflictError` (409) while the time for records is still
    running, or when a medical record has arrived: then a review is possible (8 CCR 9792.10.5, 9792.10.6(b)(2)).
    """

    def overdue_and_bare(case: Case) -> None:
        running = Deadline.objects.filter(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True)
        if running.filter(due_at__gte=clock.now()).exists():
            raise ConflictError("The time for records has not passed yet. Wait until it has.")
        if _has_records(case):
            raise ConflictError("Medical records have arrived. Set the records complete instead.")

    case = lock_case(case_id)
    if case.status == CaseStatus.INSUFFICIENT_RECORDS:
        overdue_and_bare(case)
    else:
        case = transition_case(
            case_id=case_id,
            event=CaseEvent.FIND_RECORDS_INSUFFICIENT,
            actor=actor,
            guards=(overdue_and_bare,),
        )
    issue_notice(case=case, kind=NoticeKind.INSUFFICIENT_RECORDS, actor=actor, free_text=free_text)
    return case


def _has_records(case: Case) -> bool:
    return reviewable_documents(case.pk).exclude(kind__in=UR_INFORMATION_KINDS).exists()
