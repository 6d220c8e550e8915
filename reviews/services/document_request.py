"""Records that a review lacks: asked for, passed on to the parties or not, received (8 CCR 9792.10.5(c))."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.services.transitions import lock_case, transition_case
from imr.accounts.enums import Action, MailEvent
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import AssignmentStatus, RequestStatus
from reviews.models import Assignment, DocumentRequest
from reviews.selectors.document_request import open_request
from reviews.selectors.workspace import items_under_review
from reviews.services.assignment_end import lock_assignment
from reviews.services.identity_check import find_own_identity
from reviews.services.reviewer_mail import tell_reviewer


@transaction.atomic
def ask_for_records(*, assignment_id: int, actor: User, words: str, item_ids: Iterable[int]) -> DocumentRequest:
    """The staff see what is missing and for which items; the case stays with the reviewer, who may go on writing.

    Raises `ConflictError` (409) when a request is open or the case is not in review with this reviewer, and
    `DomainError` beside the field for items of another case and for words that name the reviewer.
    """
    case, assignment = _in_review(assignment_id, of=actor)
    items = list(items_under_review(case.pk).filter(pk__in=list(item_ids)))
    if not items:
        _refuse("items", "Tick the items for which the records are missing.")
    if find_own_identity(reviewer_id=assignment.reviewer_id, texts={"words": words}):
        _refuse("words", "Leave out who you are: the words may be passed on to the parties (LC 4610.6(f)).")
    if open_request(assignment) is not None:
        raise ConflictError("A request for records is open already. Wait for the answer, or take it back.")
    request = DocumentRequest.objects.create(assignment=assignment, words=words, asked_by=actor)
    request.items.set(items)
    _record("document_request.ask", actor, request, items=[item.pk for item in items])
    return request


@transaction.atomic
def withdraw_request(*, request_id: int, actor: User) -> DocumentRequest:
    """The reviewer no longer asks. `ConflictError` (409) when the staff have answered meanwhile."""
    request, _ = _lock(request_id, of=actor)
    _require_asked(request)
    DocumentRequest.objects.filter(pk=request.pk).update(status=RequestStatus.WITHDRAWN)
    request.refresh_from_db()
    _record("document_request.withdraw", actor, request)
    return request


@transaction.atomic
def pass_on_request(*, request_id: int, actor: User, words: str) -> DocumentRequest:
    """The parties are asked in these words: the case waits for documents, and their clock (D9) runs from now.

    Who reviews stays unsaid. Raises `ConflictError` (409) when the request was answered or taken back meanwhile, and
    `DomainError` for words that name the reviewer.
    """
    request, case = _lock(request_id)
    _require(actor)
    _require_asked(request)
    if find_own_identity(reviewer_id=request.assignment.reviewer_id, texts={"words": words}):
        _refuse("words", "These words let the reviewer be recognized. Take that out (LC 4610.6(f)).")
    transition_case(
        case_id=case.pk, event=CaseEvent.REQUEST_DOCUMENTS, actor=actor, detail={"document_request": request.pk}
    )
    DocumentRequest.objects.filter(pk=request.pk).update(
        status=RequestStatus.REQUESTED, requested_words=words, answered_at=Now(), answered_by=actor
    )
    request.refresh_from_db()
    _record("document_request.pass_on", actor, request)
    return request


@transaction.atomic
def decline_request(*, request_id: int, actor: User, answer: str) -> DocumentRequest:
    """The parties are not asked; the reviewer reads why, and the case is with the reviewer as before."""
    request, _ = _lock(request_id)
    _require(actor)
    _require_asked(request)
    if not answer.strip():
        _refuse("words", "Say why the records are not requested. The reviewer reads it.")
    DocumentRequest.objects.filter(pk=request.pk).update(
        status=RequestStatus.DECLINED, answer=answer, answered_at=Now(), answered_by=actor
    )
    request.refresh_from_db()
    _news(request, MailEvent.REQUEST_ANSWERED)
    _record("document_request.answer", actor, request)
    return request


@transaction.atomic
def receive_documents(*, case_id: int, actor: User, note: str = "") -> Case:
    """The case is back in review and the reviewer is told; the parties' clock has ended.

    Also where nothing arrived: the review then goes on with what is there, and `note` tells the reviewer so.
    """
    _require(actor)
    lock_case(case_id)
    request = (
        DocumentRequest.objects.select_for_update(of=("self",))
        .select_related("assignment")
        .filter(assignment__case_id=case_id, status=RequestStatus.REQUESTED)
        .first()
    )
    case = transition_case(case_id=case_id, event=CaseEvent.RECEIVE_DOCUMENTS, actor=actor)
    if request is not None:
        DocumentRequest.objects.filter(pk=request.pk).update(
            status=RequestStatus.RECEIVED, received_at=Now(), received_by=actor, answer=note
        )
        _news(request, MailEvent.RECORDS_ARRIVED)
        _record("document_request.receive", actor, request)
    return case


def _in_review(assignment_id: int, *, of: User) -> tuple[Case, Assignment]:
    case, assignment = lock_assignment(assignment_id, of=of)
    if assignment.status != AssignmentStatus.ACCEPTED or case.status != CaseStatus.IN_REVIEW:
        raise ConflictError(
            f"The case is “{case.get_status_display()}” now; records are asked for while it is in review."
        )
    return case, assignment


def _lock(request_id: int, *, of: User | None = None) -> tuple[DocumentRequest, Case]:
    found = DocumentRequest.objects.select_related("assignment").get(pk=request_id)
    case, _ = lock_assignment(found.assignment_id, of=of)
    request = DocumentRequest.objects.select_for_update(of=("self",)).select_related("assignment").get(pk=request_id)
    return request, case


def _require_asked(request: DocumentRequest) -> None:
    if request.status != RequestStatus.ASKED:
        raise ConflictError(f"This request was answered meanwhile: {request.get_status_display().lower()}.")


def _require(actor: User) -> None:
    if not actor.can(Action.NOTICE_SERVE):
        raise NotAllowedError("Your role does not request documents from the parties.")


def _news(request: DocumentRequest, event: MailEvent) -> None:
    """The worklist marks the case as new to the reviewer, who gets a mail."""
    Assignment.objects.filter(pk=request.assignment_id).update(news_at=Now())
    tell_reviewer(event, assignment_id=request.assignment_id, again=f":{request.pk}")


def _refuse(field: str, words: str) -> None:
    raise DomainError(words, fields={field: [words]})


def _record(action: str, actor: User, request: DocumentRequest, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="document_request",
        object_id=request.pk,
        case_id=request.assignment.case_id,
        detail=detail,
    )
