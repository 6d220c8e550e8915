"""Deciding from when an application counts whose UR decision letter came after it was filed."""

from django.db import transaction

from cases.enums import CaseStatus, DeadlineKind
from cases.exceptions import IncompleteError, TransitionError
from cases.models import CompletenessDecision, Deadline
from cases.selectors.completeness import SCREENED, late_letter
from cases.services.deadlines import restart_deadline
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError

MOVED = "The application counts from the day on which the UR decision letter came (8 CCR 9792.10.1(b))."
BACK = "The application counts from its receipt; the letter that came later does not move it."


@transaction.atomic
def decide_completeness(
    *, case_id: int, actor: User, document_id: int, is_moved: bool, reason: str
) -> CompletenessDecision:
    """The application counts from the arrival of its letter, or from the receipt as before; the time to file is judged
    by that day, and the clock of the eligibility check counts from it, in this transaction.

    A later decision takes the place of an earlier one. Raises `IncompleteError` without a reason, `ConflictError` (409)
    when the letter is another one by now, `TransitionError` (409) when eligibility is decided.
    """
    case = lock_case(case_id)
    if CaseStatus(case.status) not in SCREENED:
        raise TransitionError(
            f"The case is “{CaseStatus(case.status).label}”; eligibility is decided, and what was known then stays."
        )
    if not reason.strip():
        words = "Write why, in a sentence."
        raise IncompleteError(words, fields={"reason": [words]})
    letter = late_letter(case)
    if letter is None or letter.document.pk != document_id:
        raise ConflictError("The documents have changed since you saw them. Look at the letter again.")
    former = letter.decision
    decision = CompletenessDecision.objects.create(
        case=case, document=letter.document, is_moved=is_moved, reason=reason, decided_by=actor
    )
    arrived_at = letter.document.received_at
    running = Deadline.objects.filter(case=case, kind=DeadlineKind.SCREEN, ended_at__isnull=True).first()
    was_moved = former is not None and former.is_moved
    if running is not None and is_moved and running.started_at < arrived_at:
        restart_deadline(case=case, kind=DeadlineKind.SCREEN, started_at=arrived_at, actor=actor, reason=MOVED)
    elif running is not None and was_moved and not is_moved and running.started_at == arrived_at and case.received_at:
        restart_deadline(case=case, kind=DeadlineKind.SCREEN, started_at=case.received_at, actor=actor, reason=BACK)
    record(
        action="eligibility.completeness",
        actor=actor,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        reason=reason,
        detail={"document": letter.document.pk, "moved": is_moved, "arrived_on": letter.arrived_on.isoformat()},
    )
    return decision
