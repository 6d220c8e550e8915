"""Deciding on the penalty for late records (8 CCR 9792.12). Nothing is charged by it."""

from decimal import Decimal

from django.db import transaction

from cases.enums import PenaltyDecisionKind
from cases.models import PenaltyDecision
from cases.selectors.penalty import late_records_of
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError, DomainError


@transaction.atomic
def decide_penalty(*, case_id: int, actor: User, kind: str, reason: str, shown: int | None = None) -> PenaltyDecision:
    """The decision is on record with the figures of today; there is one for a case, and it stays.

    `shown` is the amount that the person saw. Raises `DomainError` beside the fields, `ConflictError` (409) when
    the records are not late, a decision was made before, another amount was seen, or an assessment would fix a penalty
    that still grows.
    """
    lock_case(case_id)
    late = late_records_of(actor, case_id, today=clock.today())
    if late is None:
        raise ConflictError("The records of this case are not late; there is nothing to decide.")
    if late.decision is not None:
        raise ConflictError(f"This was decided meanwhile: {late.decision.get_kind_display().lower()}.")
    if kind not in PenaltyDecisionKind.values:
        raise DomainError("Choose what to do.", fields={"kind": ["Choose what to do."]})
    if kind != PenaltyDecisionKind.ASSESS and not reason.strip():
        raise DomainError("Say why.", fields={"reason": ["Say why, in a sentence."]})
    if shown is not None and shown != late.penalty.amount:
        raise ConflictError(f"The amount is ${late.penalty.amount:,} by now. Look at it again.")
    if kind == PenaltyDecisionKind.ASSESS and late.penalty.is_running:
        raise ConflictError("The penalty still grows. It can be assessed when the records are there or at its maximum.")
    decision = PenaltyDecision.objects.create(
        case_id=case_id,
        kind=kind,
        due_on=late.penalty.due_on,
        received_on=late.received_on,
        days=late.penalty.days,
        amount=Decimal(late.penalty.amount),
        citation=late.citation,
        reason=reason,
        decided_by=actor,
    )
    record(
        action="penalty.decide",
        actor=actor,
        object_type="penalty",
        object_id=decision.pk,
        case_id=case_id,
        reason=reason,
        detail={"kind": kind, "days": decision.days, "amount": str(decision.amount)},
    )
    return decision
