"""Asking the parties for information while eligibility is open (8 CCR 9792.10.3(b), (c))."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus, DeadlineKind, NoticeKind
from cases.exceptions import IncompleteError
from cases.models import Case, Deadline, InformationRequest
from cases.services.notice import issue_notice
from cases.services.transitions import lock_case, transition_case
from imr.accounts.models import User
from imr.core import clock

MOST_AT_ONCE = 500


@transaction.atomic
def request_information(*, case_id: int, actor: User, question: str) -> InformationRequest:
    """The parties are asked by a notice, and the time to answer runs. Raises `IncompleteError` without words."""
    if not question.strip():
        words = "Write what is needed."
        raise IncompleteError(words, fields={"question": [words]})
    case = transition_case(case_id=case_id, event=CaseEvent.REQUEST_INFORMATION, actor=actor)
    due = Deadline.objects.get(case=case, kind=DeadlineKind.INFORMATION, ended_at__isnull=True)
    request = InformationRequest.objects.create(case=case, question=question, requested_by=actor, due_at=due.due_at)
    issue_notice(case=case, kind=NoticeKind.INFORMATION, actor=actor, free_text=question)
    return request


@transaction.atomic
def receive_information(*, case_id: int, actor: User, answer: str) -> Case:
    """The answer is on record and the case is in eligibility review again."""
    case = transition_case(case_id=case_id, event=CaseEvent.RECEIVE_INFORMATION, actor=actor, reason=answer[:500])
    InformationRequest.objects.filter(case=case, answered_at__isnull=True, expired_at__isnull=True).update(
        answer=answer, answered_at=Now(), answered_by=actor
    )
    return case


def return_unanswered_cases(*, now: datetime | None = None) -> int:
    """Every case whose time to answer is over is in eligibility review again, the request marked as unanswered.

    What no answer leads to is for a person (INE-INFO needs one). Returns how many came back; safe to run twice.
    """
    moment = now or clock.now()
    overdue = Deadline.objects.filter(
        kind=DeadlineKind.INFORMATION,
        ended_at__isnull=True,
        paused_at__isnull=True,
        due_at__lt=moment,
        case__status=CaseStatus.INFO_REQUESTED,
    )
    returned = 0
    for case_id in list(overdue.order_by("due_at").values_list("case_id", flat=True)[:MOST_AT_ONCE]):
        returned += _expire(case_id, moment)
    return returned


@transaction.atomic
def _expire(case_id: int, moment: datetime) -> bool:
    case = lock_case(case_id)
    running = Deadline.objects.filter(
        case=case, kind=DeadlineKind.INFORMATION, ended_at__isnull=True, paused_at__isnull=True, due_at__lt=moment
    )
    if case.status != CaseStatus.INFO_REQUESTED or not running.exists():
        return False
    transition_case(case_id=case_id, event=CaseEvent.RECEIVE_INFORMATION, actor=None, detail={"answered": False})
    InformationRequest.objects.filter(case=case, answered_at__isnull=True, expired_at__isnull=True).update(
        expired_at=moment
    )
    return True
