"""Appeals of a finding of ineligibility, and what follows from the board's decision (8 CCR 10575, 9792.10.3(f))."""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import AppealOutcome, CaseStatus, DeadlineKind, PartyRole
from cases.exceptions import IncompleteError
from cases.models import EligibilityDecision, IneligibilityAppeal
from cases.selectors.deadline import latest_deadline
from cases.services.deadlines import stop_deadlines
from cases.services.eligibility import carry_out_reversal
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.clock import pacific_date
from imr.core.errors import ConflictError
from imr.core.words import mmddyyyy


@transaction.atomic
def record_ineligibility_appeal(
    *, case_id: int, actor: User, filed_on: date, received_on: date, appellant: PartyRole, grounds: str
) -> IneligibilityAppeal:
    """The appeal is on record; the case stays ineligible, its time to appeal has ended, until the board decides.

    One that was filed after the last day is taken and marked: the board judges that. Raises `IncompleteError` beside
    the field for days that cannot be, `ConflictError` (409) when the case is not ineligible or an appeal is open.
    """
    case = lock_case(case_id)
    if case.status != CaseStatus.INELIGIBLE:
        raise ConflictError(f"The case is “{CaseStatus(case.status).label}”; there is no finding to appeal.")
    if IneligibilityAppeal.objects.filter(case=case, outcome="").exists():
        raise ConflictError("An appeal is open already. Record what the board decides about it first.")
    found = EligibilityDecision.objects.filter(case=case, is_eligible=False).first()
    _require_order(filed_on, received_on, pacific_date(found.decided_at) if found else None)
    window = latest_deadline(case, DeadlineKind.APPEAL)
    appeal = IneligibilityAppeal.objects.create(
        case=case,
        filed_on=filed_on,
        received_on=received_on,
        appellant=appellant,
        grounds=grounds,
        is_late=window is not None and filed_on > pacific_date(window.due_at),
        recorded_by=actor,
    )
    stop_deadlines(case=case, kinds=(DeadlineKind.APPEAL,))
    _record("ineligibility_appeal.record", actor, appeal, late=appeal.is_late)
    return appeal


@transaction.atomic
def decide_ineligibility_appeal(
    *, case_id: int, actor: User, outcome: AppealOutcome, decided_on: date, note: str
) -> IneligibilityAppeal:
    """The board's decision is on record. Denied: the finding stands, and the case has ended. Reversed: the case and its
    items are eligible, and the notice of assignment is next.

    Raises `ConflictError` (409) when no appeal is open, `IncompleteError` for a day before it was filed.
    """
    case = lock_case(case_id)
    appeal = IneligibilityAppeal.objects.select_for_update(of=("self",)).filter(case=case, outcome="").first()
    if appeal is None:
        raise ConflictError("No appeal of this finding is open.")
    if not appeal.filed_on <= decided_on <= clock.today():
        words = f"Enter a day from {mmddyyyy(appeal.filed_on)}, when the appeal was filed, until today."
        raise IncompleteError(words, fields={"decided_on": [words]})
    IneligibilityAppeal.objects.filter(pk=appeal.pk).update(
        outcome=outcome, outcome_on=decided_on, outcome_note=note, decided_at=Now(), decided_by=actor
    )
    appeal.refresh_from_db()
    _record("ineligibility_appeal.decide", actor, appeal, outcome=outcome.value, decided_on=decided_on.isoformat())
    if outcome == AppealOutcome.REVERSED:
        carry_out_reversal(case_id=case_id, actor=actor, reason=f"By order of the appeals board: {note}"[:500])
    return appeal


def _require_order(filed_on: date, received_on: date, found_on: date | None) -> None:
    if found_on is not None and filed_on < found_on:
        words = f"The finding is of {mmddyyyy(found_on)}. Enter that day or a later one."
        raise IncompleteError(words, fields={"filed_on": [words]})
    if not filed_on <= received_on <= clock.today():
        words = f"Enter a day from {mmddyyyy(filed_on)}, when it was filed, until today."
        raise IncompleteError(words, fields={"received_on": [words]})


def _record(action: str, actor: User, appeal: IneligibilityAppeal, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="ineligibilityappeal",
        object_id=appeal.pk,
        case_id=appeal.case_id,
        detail={"appellant": appeal.appellant, "filed_on": appeal.filed_on.isoformat(), **detail},
    )
