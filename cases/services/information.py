"""Asking the parties for information while eligibility is open, and their answers (8 CCR 9792.10.3(b), (c))."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus, DeadlineKind, NoticeKind
from cases.exceptions import IncompleteError
from cases.models import Case, Deadline, InformationAnswer, InformationRequest
from cases.selectors.information import ANSWERABLE, answer_due_at, complete_answer, enclosures
from cases.services.deadline_alert import alert_overdue
from cases.services.notice import issue_notice
from cases.services.transitions import lock_case, transition_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError
from imr.core.words import pacific

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


@transaction.atomic
def answer_information(*, request_id: int, actor: User, text: str, is_complete: bool, token: UUID) -> InformationAnswer:
    """The answer is on record with the documents that its sender's side has added since the request, once for a
    `token`; the case stays as it is until an administrator closes the request or its time is over.

    Late answers are taken and marked while eligibility is open. Raises `IncompleteError` without words and
    `ConflictError` (409) when the request was closed or answered in full meanwhile, naming who did it, or when
    eligibility is decided.
    """
    case = lock_case(InformationRequest.objects.values_list("case_id", flat=True).get(pk=request_id))
    request = InformationRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    before = InformationAnswer.objects.filter(request=request, token=token).first()
    if before is not None:
        return before
    _require_answerable(case, request)
    if not text.strip():
        words = "Write the answer, or say what the documents show."
        raise IncompleteError(words, fields={"text": [words]})
    documents = list(enclosures(request, actor))
    answer = InformationAnswer.objects.create(
        request=request,
        token=token,
        text=text,
        is_complete=is_complete,
        is_late=request.expired_at is not None or clock.now() > answer_due_at(request),
        sent_by=actor,
    )
    answer.documents.set(documents)
    record(
        action="information.answer",
        actor=actor,
        object_type="informationrequest",
        object_id=request.pk,
        case_id=case.pk,
        detail={"complete": is_complete, "late": answer.is_late, "documents": len(documents)},
    )
    return answer


def _require_answerable(case: Case, request: InformationRequest) -> None:
    if request.answered_at is not None:
        raise ConflictError(f"The IMR organization closed this request on {pacific(request.answered_at)}.")
    done = complete_answer(request)
    if done is not None:
        raise ConflictError(
            f"{done.sent_by.display_name} answered this request in full on {pacific(done.sent_at)}. "
            "Nothing of yours was sent; add documents to the case if more is to be said."
        )
    if CaseStatus(case.status) not in ANSWERABLE:
        raise ConflictError(f"Eligibility is decided: the case is “{case.party_status}”. No answer is taken any more.")


def return_unanswered_cases(*, now: datetime | None = None) -> int:
    """Every case whose time to answer is over is in eligibility review again; its request is closed when it was
    answered in full, and marked as unanswered otherwise.

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
    asked = InformationRequest.objects.filter(case=case, answered_at__isnull=True, expired_at__isnull=True)
    request = asked.select_for_update(of=("self",)).first()
    answer = complete_answer(request) if request else None
    if answer is None:
        alert_overdue(running.get())
    transition_case(
        case_id=case_id,
        event=CaseEvent.RECEIVE_INFORMATION,
        actor=None,
        detail={"answered": answer is not None},
    )
    if answer is not None:
        asked.update(answered_at=moment, answered_by=answer.sent_by)
    else:
        asked.update(expired_at=moment)
    return True
