"""Messages inside a case, between its claims administrator and the IMR organization; reviewers are no part of them."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import NoReturn

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from cases.enums import CaseStatus
from cases.exceptions import IncompleteError
from cases.models import Case, CaseMessage, CaseThread
from cases.rules.messages import MOST_IN_A_WHILE, WHILE_MINUTES, why_not_writable
from cases.selectors.document import current_documents
from cases.services.news import claims_people, staff_people, tell_of_case
from cases.services.transitions import lock_case
from imr.accounts.enums import MailEvent
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError, DomainError

# Whether words let a reviewer of the case be recognized. The app that knows the reviewers sets it when it is ready.
type NameCheck = Callable[[int, str], bool]
_names_reviewer: NameCheck | None = None


class TooManyMessagesError(DomainError):
    """The person has written too much in a short time (HTTP 429)."""

    status = 429
    code = "too_many_messages"


def use_name_check(check: NameCheck) -> None:
    """From now on `check` says whether words name a reviewer of a case."""
    global _names_reviewer  # noqa: PLW0603 - set once, when the apps are ready
    _names_reviewer = check


@transaction.atomic
def send_message(*, case_id: int, actor: User, text: str, document_ids: Collection[int] = ()) -> CaseMessage:
    """The message stands in the case's thread and is unread by the other side; what that side wrote counts as read.

    `document_ids` are documents of the case that it speaks of. Raises `ConflictError` (409) once the case has ended,
    `TooManyMessagesError` (429), and `IncompleteError` beside the field, also for staff's words that let the reviewer
    be recognized (LC 4610.6(f)).
    """
    case = lock_case(case_id)
    why = why_not_writable(CaseStatus(case.status))
    if why:
        raise ConflictError(why)
    _require_patience(actor)
    if not text.strip():
        _refuse("text", "Write the message.")
    if not actor.is_claims and _names_reviewer is not None and _names_reviewer(case.pk, text):
        _refuse("text", "These words let the reviewer be recognized. Take that out (LC 4610.6(f)).")
    documents = list(current_documents(case.pk).filter(pk__in=document_ids))
    if len(documents) != len(set(document_ids)):
        _refuse("documents", "One of the documents was replaced or removed meanwhile. Choose again.")
    message = CaseMessage.objects.create(case=case, text=text, is_from_claims=actor.is_claims, sent_by=actor)
    tell_of_case(
        case,
        MailEvent.MESSAGE,
        people=staff_people(case) if actor.is_claims else claims_people(case),
        key=f"case:{message.pk}",
        path=reverse("cases:message-thread", args=[case.pk]),
    )
    message.documents.set(documents)
    _note(case, actor)
    record(
        action="case_message.send",
        actor=actor,
        object_type="casemessage",
        object_id=message.pk,
        case_id=case.pk,
        detail={"length": len(text), "documents": len(documents)},
    )
    return message


@transaction.atomic
def open_thread(*, case_id: int, actor: User) -> None:
    """What the other side wrote until now counts as read, and it is on record that this person looked."""
    rows = CaseThread.objects.filter(case_id=case_id)
    if actor.is_claims:
        rows.update(is_unread_by_claims=False, claims_seen_at=Now())
    else:
        rows.update(is_unread_by_staff=False, staff_seen_at=Now())
    record(action="case_message.viewed", actor=actor, object_type="case", object_id=case_id, case_id=case_id)


def _note(case: Case, actor: User) -> None:
    thread, _ = CaseThread.objects.get_or_create(case=case, defaults={"last_at": clock.now()})
    thread.is_unread_by_staff, thread.is_unread_by_claims = actor.is_claims, not actor.is_claims
    seen = "claims_seen_at" if actor.is_claims else "staff_seen_at"
    thread.last_at = clock.now()
    setattr(thread, seen, thread.last_at)
    thread.save(update_fields=["last_at", "is_unread_by_claims", "is_unread_by_staff", seen])


def _require_patience(actor: User) -> None:
    since = clock.now() - timedelta(minutes=WHILE_MINUTES)
    if CaseMessage.objects.filter(Q(sent_at__gte=since), sent_by=actor).count() >= MOST_IN_A_WHILE:
        raise TooManyMessagesError(
            f"You have sent {MOST_IN_A_WHILE} messages in {WHILE_MINUTES} minutes. Wait a little, then send this one."
        )


def _refuse(field: str, words: str) -> NoReturn:
    raise IncompleteError(words, fields={field: [words]})
