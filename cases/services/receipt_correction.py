"""Correcting the moment of receipt: proposed with a reason, approved by a second person, the clocks counted again."""

from datetime import datetime
from typing import cast

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseStatus, CorrectionState, DeadlineKind
from cases.exceptions import IncompleteError
from cases.models import Case, ReceiptCorrection, URDecision
from cases.rules.receipt import check_arrival, is_same_minute
from cases.services.deadlines import restart_deadline
from cases.services.transitions import lock_case
from cases.workflow import BEFORE_ISSUE
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError, NotAllowedError


@transaction.atomic
def propose_receipt(*, case_id: int, actor: User, corrected_at: datetime, reason: str) -> ReceiptCorrection:
    """The correction waits for a second person; nothing has changed yet.

    Raises `IncompleteError` beside `received_on`, and `ConflictError` when one waits already or the letter is served.
    """
    case = lock_case(case_id)
    _require_open(case)
    decided_on = URDecision.objects.values_list("decided_on", flat=True).get(case=case)
    problem = check_arrival(corrected_at, decided_on=decided_on, now=clock.now())
    if is_same_minute(corrected_at, cast("datetime", case.received_at)):
        problem = "This is the moment that is on record already."
    if problem:
        raise IncompleteError(problem, fields={"received_on": [problem]})
    if ReceiptCorrection.objects.filter(case=case, state=CorrectionState.PROPOSED).exists():
        raise ConflictError("Another correction of this receipt waits for a second person. Decide that one first.")
    row = ReceiptCorrection.objects.create(
        case=case,
        former_at=cast("datetime", case.received_at),
        corrected_at=corrected_at,
        reason=reason,
        proposed_by=actor,
    )
    _record(row, actor, "receipt.correction_propose", reason)
    return row


@transaction.atomic
def decide_receipt(*, correction_id: int, actor: User, is_approved: bool) -> ReceiptCorrection:
    """Approved, the case counts as received at the corrected moment, and the clock that counts from it is recounted.

    Raises `NotAllowedError` (403) for the person who proposed it, and `ConflictError` when it was decided meanwhile.
    """
    case_id = ReceiptCorrection.objects.values_list("case_id", flat=True).get(pk=correction_id)
    case = lock_case(case_id)
    row = ReceiptCorrection.objects.select_for_update(of=("self",)).get(pk=correction_id)
    if row.state != CorrectionState.PROPOSED:
        raise ConflictError(f"This correction was decided meanwhile: {row.get_state_display().lower()}.")
    if is_approved and row.proposed_by_id == actor.pk:
        raise NotAllowedError("You proposed this correction, so a second person has to approve it.")
    if is_approved:
        _require_open(case)
    row.state = CorrectionState.APPROVED if is_approved else CorrectionState.REFUSED
    row.decided_by, row.decided_at = actor, Now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    row.refresh_from_db()
    if is_approved:
        # The database lets the moment change because the row above is approved.
        Case.objects.filter(pk=case.pk).update(received_at=row.corrected_at)
        case.refresh_from_db()
        restart_deadline(
            case=case, kind=DeadlineKind.SCREEN, started_at=row.corrected_at, actor=actor, reason=row.reason
        )
    _record(row, actor, f"receipt.correction_{'approve' if is_approved else 'refuse'}", row.reason)
    return row


def _require_open(case: Case) -> None:
    if CaseStatus(case.status) not in BEFORE_ISSUE:
        raise ConflictError(
            f"The moment of receipt can no longer be corrected: the case is “{CaseStatus(case.status).label}”."
        )


def _record(row: ReceiptCorrection, actor: User, action: str, reason: str) -> None:
    record(
        action=action,
        actor=actor,
        object_type="case",
        object_id=row.case_id,
        case_id=row.case_id,
        reason=reason,
        detail={"from": row.former_at.isoformat(), "to": row.corrected_at.isoformat()},
    )
