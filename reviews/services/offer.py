"""What the clock does to assignments: reminders, the end of unanswered offers, a second look at files.

Each runs from the schedule, may run twice and beside itself, and takes one case a transaction.
"""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from cases.models import ApplicationVersion, DeadlineAlert
from imr.accounts.enums import MailEvent
from imr.audit.services import record
from imr.core import clock
from imr.core.words import pacific
from reviews.enums import AssignmentStatus
from reviews.models import Assignment
from reviews.selectors.offer import (
    due_alerts,
    due_for_reminder,
    due_for_start_reminder,
    fresh_amendments,
    ids_of_open_work,
    is_unstarted,
    unanswered_offers,
)
from reviews.services.assignment_end import end_assignment, lock_assignment, take_back_if_barred
from reviews.services.colleague import end_opinions_over
from reviews.services.reviewer_mail import tell_of_amendment, tell_of_due, tell_reviewer


def watch_assignments(*, now: datetime | None = None) -> dict[str, int]:
    """Reminders have gone out, unanswered offers have ended, and nobody holds a case that the file bars; how many."""
    at = now or clock.now()
    return {
        "expired": sum(_expire(pk, at) for pk in unanswered_offers(at)),
        "reminded": sum(_remind(pk) for pk in due_for_reminder(at)),
        "start_reminded": sum(_remind_start(pk) for pk in due_for_start_reminder(at)),
        "amendments_told": sum(_tell_of_amendment(row) for row in fresh_amendments(at)),
        "due_told": sum(_tell_of_due(pk) for pk in due_alerts(at)),
        "opinions_ended": end_opinions_over(now=at),
        "taken_back": sum(bool(take_back_if_barred(assignment_id=pk)) for pk in ids_of_open_work()),
    }


@transaction.atomic
def _expire(assignment_id: int, at: datetime) -> bool:
    case, assignment = lock_assignment(assignment_id)
    # The reviewer's answer may have come between the search and the lock.
    if assignment.status != AssignmentStatus.OFFERED or assignment.answer_due_at is None:
        return False
    if assignment.answer_due_at >= at:
        return False
    note = f"No answer by {pacific(assignment.answer_due_at)}."
    end_assignment(case, assignment, None, AssignmentStatus.EXPIRED, note=note, action="assignment.expire")
    tell_reviewer(MailEvent.OFFER_ENDED, assignment_id=assignment.pk)
    return True


@transaction.atomic
def _remind(assignment_id: int) -> bool:
    _, assignment = lock_assignment(assignment_id)
    if assignment.status != AssignmentStatus.OFFERED or assignment.reminded_at is not None:
        return False
    Assignment.objects.filter(pk=assignment.pk).update(reminded_at=Now())
    tell_reviewer(MailEvent.OFFER_REMINDER, assignment_id=assignment.pk)
    _record("assignment.remind", assignment)
    return True


@transaction.atomic
def _remind_start(assignment_id: int) -> bool:
    _, assignment = lock_assignment(assignment_id)
    if assignment.start_reminded_at is not None or not is_unstarted(assignment):
        return False
    Assignment.objects.filter(pk=assignment.pk).update(start_reminded_at=Now())
    tell_reviewer(MailEvent.START_REMINDER, assignment_id=assignment.pk)
    _record("assignment.remind_start", assignment)
    return True


@transaction.atomic
def _tell_of_amendment(version: ApplicationVersion) -> bool:
    return bool(tell_of_amendment(version))


@transaction.atomic
def _tell_of_due(alert_id: int) -> bool:
    tell_of_due(DeadlineAlert.objects.select_related("deadline__case").get(pk=alert_id))
    return True


def _record(action: str, assignment: Assignment) -> None:
    record(
        action=action,
        actor=None,
        object_type="assignment",
        object_id=assignment.pk,
        case_id=assignment.case_id,
    )
