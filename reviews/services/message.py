"""The thread between a reviewer and the IMR organization about one assignment."""

from django.db import transaction

from imr.accounts.enums import Action, MailEvent
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError, NotAllowedError
from reviews.enums import OPEN_ASSIGNMENTS, AssignmentStatus, LookPlace
from reviews.models import Assignment, Message
from reviews.services.assignment_end import lock_assignment
from reviews.services.look import note_look
from reviews.services.reviewer_mail import tell_reviewer, tell_staff_of_message

WRITABLE = OPEN_ASSIGNMENTS | {AssignmentStatus.COMPLETED}


@transaction.atomic
def send_message(*, assignment_id: int, actor: User, text: str) -> Message:
    """The message stands in the thread; what the other side wrote before counts as read.

    The other side is told of it by a mail without its words. Raises
    `ConflictError` (409) when the assignment has ended before a signature, `NotAllowedError` for a third person.
    """
    _, assignment = lock_assignment(assignment_id)
    is_from_reviewer = _side(assignment, actor)
    if assignment.status not in WRITABLE:
        raise ConflictError(
            f"This assignment has ended ({assignment.get_status_display().lower()}); "
            "the thread can be read, not continued."
        )
    _note(assignment, is_reviewer=is_from_reviewer)
    message = Message.objects.create(assignment=assignment, text=text, sent_by=actor, is_from_reviewer=is_from_reviewer)
    if not is_from_reviewer:
        tell_reviewer(MailEvent.MESSAGE, assignment_id=assignment.pk, again=f":{message.pk}")
    else:
        tell_staff_of_message(assignment, message_id=message.pk)
    record(
        action="message.send",
        actor=actor,
        object_type="assignment",
        object_id=assignment.pk,
        case_id=assignment.case_id,
        detail={"message": message.pk, "length": len(text)},
    )
    return message


@transaction.atomic
def open_thread(*, assignment_id: int, actor: User) -> None:
    """What the other side wrote counts as read, and it is on record that this person looked."""
    assignment = Assignment.objects.select_related("reviewer").get(pk=assignment_id)
    _note(assignment, is_reviewer=_side(assignment, actor))
    record(
        action="message.viewed",
        actor=actor,
        object_type="assignment",
        object_id=assignment.pk,
        case_id=assignment.case_id,
    )


def _note(assignment: Assignment, *, is_reviewer: bool) -> None:
    place = LookPlace.THREAD_REVIEWER if is_reviewer else LookPlace.THREAD_STAFF
    note_look(assignment_id=assignment.pk, place=place)


def _side(assignment: Assignment, actor: User) -> bool:
    """Whether this person is the reviewer of the assignment; the other side is whoever assigns."""
    if assignment.reviewer.user_id == actor.pk and actor.can(Action.REVIEW_WRITE):
        return True
    if actor.can(Action.ASSIGNMENT_MAKE):
        return False
    raise NotAllowedError("This thread is between the reviewer and those who assign cases.")
