"""The one door for a case's status."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus
from cases.exceptions import TransitionError
from cases.models import Case
from cases.services.deadlines import start_deadlines, stop_deadlines
from cases.services.fees import note_fee
from cases.workflow import OFFERED_EVENTS, TRANSITIONS, events_for
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import NotAllowedError

Guard = Callable[[Case], None]
Effect = Callable[[Case], None]


def lock_case(case_id: int) -> Case:
    """The case, its row locked until the transaction ends. First in the order of locks: case, item, assignment."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case_id)


def lock_cases(*case_ids: int) -> dict[int, Case]:
    """Several cases by id, locked in the order of their ids, so that two acts on the same cases never wait in a ring.

    Raises `Case.DoesNotExist` when one is missing.
    """
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=case_ids).order_by("pk")
    found = {case.pk: case for case in rows}
    if set(found) != set(case_ids):
        raise Case.DoesNotExist
    return found


@transaction.atomic
def transition_case(
    *,
    case_id: int,
    event: CaseEvent,
    actor: User | None,
    guards: tuple[Guard, ...] = (),
    changes: dict[str, Any] | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
    before_clocks: Effect | None = None,
) -> Case:
    """Move the case by `event`; afterwards it has the target status, its clocks run, its fee is on record if it
    falls due, and so is the act.

    `actor` None is the system. `guards` run on the locked row and raise a `DomainError` to refuse. `changes` are
    further fields of the case that belong to the event. `before_clocks` writes what a clock depends on. `at` is the
    moment from which clocks count (default: now). Raises `TransitionError` (409) when the status does not allow the
    event, naming what is possible instead, and `NotAllowedError` (403) for a role outside the table.
    """
    case = lock_case(case_id)
    row = TRANSITIONS[event]
    if actor is not None and actor.role not in row.roles:
        raise NotAllowedError(f"Your role ({actor.get_role_display()}) may not do this: {event.label}.")
    if CaseStatus(case.status) not in row.sources:
        raise TransitionError(_refusal(case, event, actor))
    for guard in guards:
        guard(case)
    came_from = case.status
    fields: dict[str, Any] = {**(changes or {}), "status": row.target}
    Case.objects.filter(pk=case.pk).update(**fields, status_changed_at=Now(), version=F("version") + 1)
    case.refresh_from_db()
    if before_clocks is not None:
        before_clocks(case)
    stop_deadlines(case=case, kinds=row.stops)
    start_deadlines(case=case, kinds=row.starts, at=at or clock.now(), event=event.label)
    note_fee(case=case, event=event, came_from=came_from, at=at or clock.now())
    record(
        action=f"case.{event}",
        actor=actor,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        reason=reason,
        detail={"from": came_from, "to": row.target.value, **(detail or {})},
    )
    return case


def _refusal(case: Case, event: CaseEvent, actor: User | None) -> str:
    since = case.status_changed_at.astimezone(clock.PACIFIC)
    moment = f"{since:%m/%d/%Y}, {since.strftime('%I:%M %p').lstrip('0')} PT"
    status = case.party_status if actor is not None and actor.is_claims else CaseStatus(case.status).label
    words = f"“{event.label}” is not possible: the case has been “{status}” since {moment}."
    allowed = events_for(case.status, actor.role) if actor is not None else ()
    possible = [step for step in allowed if step in OFFERED_EVENTS]
    if possible:
        words += " Possible now: " + ", ".join(step.label for step in possible) + "."
    return words + " Open the case to see it as it is."
