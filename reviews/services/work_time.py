"""How long a reviewer works on an assignment: measured from what the server sees anyway, and corrected in words."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import DomainError, NotAllowedError
from reviews.models import Assignment, TimeCorrection, WorkSitting
from reviews.selectors.work_time import times_of

# After this long without an act the next one begins another sitting; what lies between does not count.
IDLE: Final = timedelta(minutes=5)


def note_work(*, assignment_id: int) -> None:
    """The reviewer of the assignment did something now: the present sitting lasts until here, or one begins.

    Call it in the transaction of the act, under the lock of the assignment's row: two windows make one sitting.
    """
    now = clock.now()
    latest = WorkSitting.objects.filter(assignment_id=assignment_id).first()
    if latest is None or now - latest.ended_at > IDLE:
        WorkSitting.objects.create(assignment_id=assignment_id, began_at=now, ended_at=now)
    elif now > latest.ended_at:
        WorkSitting.objects.filter(pk=latest.pk).update(ended_at=now)


@transaction.atomic
def correct_time(*, assignment_id: int, actor: User, minutes: int, reason: str) -> TimeCorrection:
    """The assignment took `minutes` by the reviewer's own word; what was measured stays beside it.

    Raises `NotAllowedError` for anybody but its reviewer, `DomainError` without a reason or outside 0 to 6,000 minutes.
    """
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=assignment_id)
    if assignment.reviewer.user_id != actor.pk:
        raise NotAllowedError("Only its reviewer corrects the time of a case.")
    if not reason.strip():
        words = "Say why the time is another one."
        raise DomainError(words, fields={"reason": [words]})
    if not 0 <= minutes <= TimeCorrection.MOST_MINUTES:
        words = f"Enter a number of minutes from 0 to {TimeCorrection.MOST_MINUTES:,}."
        raise DomainError(words, fields={"minutes": [words]})
    correction = TimeCorrection.objects.create(
        assignment=assignment,
        minutes=minutes,
        measured_minutes=times_of([assignment.pk])[assignment.pk].measured,
        reason=reason.strip(),
        corrected_by=actor,
    )
    record(
        action="assignment.time_corrected",
        actor=actor,
        object_type="assignment",
        object_id=assignment.pk,
        case_id=assignment.case_id,
        detail={"minutes": minutes, "measured": correction.measured_minutes},
    )
    return correction
