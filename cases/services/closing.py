"""The end of a decided case: the time to appeal is over, and nothing is left to be authorized or paid."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from cases.enums import CaseEvent, CaseStatus, DeadlineKind
from cases.exceptions import IncompleteError
from cases.models import Case, Deadline
from cases.selectors.implementation import outstanding_items, why_not_closable
from cases.services.deadlines import stop_deadlines
from cases.services.implementation import begin_implementation
from cases.services.transitions import lock_case, transition_case
from cases.workflow import TRANSITIONS
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError

MOST_AT_ONCE = 500
_DECIDED = TRANSITIONS[CaseEvent.CLOSE].sources


@transaction.atomic
def close_case(*, case_id: int, actor: User, reason: str = "") -> Case:
    """The case is closed and takes nothing more; everything stays readable.

    Raises `ConflictError` (409) while the time to appeal runs, and `IncompleteError` when treatment is outstanding and
    nobody says why the case is closed all the same.
    """
    case = lock_case(case_id)
    is_decided, why = CaseStatus(case.status) in _DECIDED, why_not_closable(case)
    if is_decided and why:
        raise ConflictError(f"{why} The case can be closed after that.")
    left = outstanding_items().filter(case=case).count()
    if is_decided and left and not reason.strip():
        words = "Treatment is neither authorized nor paid yet. Write why the case is closed all the same."
        raise IncompleteError(words, fields={"reason": [words]})
    return transition_case(
        case_id=case_id, event=CaseEvent.CLOSE, actor=actor, reason=reason, detail={"outstanding": left}
    )


def finish_cases(*, now: datetime | None = None) -> dict[str, int]:
    """What time alone brings about has happened: served cases with an overturn are in implementation, times to appeal
    that are over have ended, and decided cases with nothing left are closed. How many of each.

    Safe to run twice and side by side: every case is locked and looked at again.
    """
    moment = now or clock.now()
    outstanding = Exists(outstanding_items().filter(case=OuterRef("pk")))
    served = Case.objects.filter(outstanding, status=CaseStatus.ISSUED)
    begun = sum(begin_implementation(case_id=key) for key in _some(served))
    over = Case.objects.filter(
        Exists(_windows(moment).filter(case=OuterRef("pk"))), status__in=[*_DECIDED, CaseStatus.INELIGIBLE]
    )
    ended = sum(_end_window(key, moment) for key in _some(over))
    running = Deadline.objects.filter(case=OuterRef("pk"), kind=DeadlineKind.APPEAL, ended_at__isnull=True)
    finished = Case.objects.filter(~outstanding, ~Exists(running), status__in=_DECIDED)
    closed = sum(_close_finished(key, moment) for key in _some(finished))
    return {"begun": begun, "windows_ended": ended, "closed": closed}


def _some(cases: QuerySet[Case]) -> list[int]:
    return list(cases.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])


def _windows(moment: datetime) -> QuerySet[Deadline]:
    """Times to appeal that are over and still count as running."""
    return Deadline.objects.filter(kind=DeadlineKind.APPEAL, ended_at__isnull=True, due_at__lt=moment)


@transaction.atomic
def _end_window(case_id: int, moment: datetime) -> bool:
    case = lock_case(case_id)
    row = _windows(moment).filter(case=case).first()
    if row is None or case.status not in {*_DECIDED, CaseStatus.INELIGIBLE}:
        return False
    stop_deadlines(case=case, kinds=(DeadlineKind.APPEAL,))
    record(
        action="appeal_window.over",
        actor=None,
        object_type="deadline",
        object_id=row.pk,
        case_id=case.pk,
        detail={"due": row.due_at.isoformat()},
    )
    return True


@transaction.atomic
def _close_finished(case_id: int, moment: datetime) -> bool:
    case = lock_case(case_id)
    is_left = why_not_closable(case, now=moment) or outstanding_items().filter(case=case).exists()
    if is_left or CaseStatus(case.status) not in _DECIDED:
        return False
    transition_case(case_id=case_id, event=CaseEvent.CLOSE, actor=None, detail={"outstanding": 0})
    return True
