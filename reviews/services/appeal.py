"""Appeals of a determination, and the new review after a reversal (LC 4610.6(h), (i))."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from cases.enums import CaseEvent, ItemStatus, PartyRole
from cases.models import Case, DisputedItem
from cases.services.transitions import lock_case, transition_case
from imr.accounts.models import User
from imr.core.errors import ConflictError, DomainError
from imr.core.words import mmddyyyy
from reviews.enums import AppealGround, AppealOutcome, CorrectionStatus
from reviews.models import Appeal, Correction, Determination, Dispatch, Letter
from reviews.services.dispatch import take_back_open


@transaction.atomic
def record_appeal(
    *, case_id: int, actor: User, filed_on: date, appellant: PartyRole, ground: AppealGround, note: str
) -> Appeal:
    """The appeal is on record and the case is appealed. The letter stays in force meanwhile.

    Raises `TransitionError` (409) unless the case is issued or in implementation; `DomainError` for a day before the
    determination was first served.
    """
    lock_case(case_id)
    determination = _standing(case_id)
    case = transition_case(
        case_id=case_id,
        event=CaseEvent.APPEAL,
        actor=actor,
        reason=note,
        detail={"filed_on": filed_on.isoformat(), "appellant": appellant.value, "ground": ground.value},
    )
    served_on = (
        Dispatch.objects.filter(case=case, round=case.round, served_at__isnull=False)
        .order_by("version")
        .values_list("service_on", flat=True)
        .first()
    )
    if served_on is not None and filed_on < served_on:
        problem = f"The letter was served on {mmddyyyy(served_on)}. Enter that day or a later one."
        raise DomainError(problem, fields={"filed_on": [problem]})
    return Appeal.objects.create(
        case=case,
        determination=determination,
        round=case.round,
        filed_on=filed_on,
        appellant=appellant,
        ground=ground,
        note=note,
        recorded_by=actor,
    )


@transaction.atomic
def decide_appeal(*, case_id: int, actor: User, outcome: AppealOutcome, decided_on: date, note: str) -> Appeal:
    """The board's decision is on record. Denied: the determination stands and is implemented. Reversed: it is set
    aside, its letter is no longer in force, and a correction or a letter on its way is taken back.

    Raises `TransitionError` (409) unless the case is appealed.
    """
    case = lock_case(case_id)
    appeal = Appeal.objects.select_for_update(of=("self",)).filter(case=case, outcome="").first()
    is_reversed = outcome == AppealOutcome.REVERSED
    transition_case(
        case_id=case_id,
        event=CaseEvent.REVERSE_ON_APPEAL if is_reversed else CaseEvent.DENY_APPEAL,
        actor=actor,
        reason=note,
        detail={"decided_on": decided_on.isoformat(), "round": case.round},
    )
    if appeal is None:
        raise ConflictError(f"{case.number}: no appeal is open.")
    if decided_on < appeal.filed_on:
        problem = f"The appeal was filed on {mmddyyyy(appeal.filed_on)}. Enter that day or a later one."
        raise DomainError(problem, fields={"decided_on": [problem]})
    if is_reversed:
        _set_aside(case, actor)
    Appeal.objects.filter(pk=appeal.pk).update(
        outcome=outcome, outcome_on=decided_on, outcome_note=note, decided_at=Now(), decided_by=actor
    )
    appeal.refresh_from_db()
    return appeal


@transaction.atomic
def open_new_review(*, case_id: int, actor: User, reason: str) -> Case:
    """The case waits for a reviewer in a new round; the items that the reversed determination decided are open.

    Who reviewed an earlier round cannot be assigned (`check_history`). Raises `TransitionError` (409) unless the
    case was remanded.
    """
    case = lock_case(case_id)
    items = list(DisputedItem.objects.select_for_update(of=("self",)).filter(case=case, status=ItemStatus.DECIDED))
    case = transition_case(
        case_id=case_id,
        event=CaseEvent.REOPEN_AFTER_REMAND,
        actor=actor,
        reason=reason,
        changes={"round": F("round") + 1},
        detail={"round": case.round + 1, "items": len(items)},
    )
    DisputedItem.objects.filter(pk__in=[item.pk for item in items]).update(status=ItemStatus.OPEN, outcome="")
    return case


def _standing(case_id: int) -> Determination:
    found = Determination.objects.filter(
        case_id=case_id, round=F("case__round"), voided_at__isnull=True, superseded_at__isnull=True
    ).first()
    if found is None:
        raise ConflictError("The case has no determination in force to appeal.")
    return found


def _set_aside(case: Case, actor: User) -> None:
    why = "The determination was reversed on appeal."
    for determination in Determination.objects.select_for_update(of=("self",)).filter(
        case=case, round=case.round, voided_at__isnull=True
    ):
        take_back_open(determination=determination, actor=actor, reason=why)
        Letter.objects.filter(determination=determination, superseded_at__isnull=True).update(superseded_at=Now())
    Determination.objects.filter(case=case, round=case.round, voided_at__isnull=True).update(set_aside_at=Now())
    Correction.objects.filter(case=case, status=CorrectionStatus.PROPOSED).update(
        status=CorrectionStatus.WITHDRAWN, decided_at=Now(), decided_by=actor, decision_note=why
    )
