"""Saying once that a date is near or has passed. Nothing is blocked by it: a late act stays possible (LC 4610.6)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from cases.enums import AlertLevel, DeadlineKind
from cases.models import Deadline, DeadlineAlert
from cases.selectors.deadline import escalation_delay, soon_span
from cases.services.due_reminder import promise_reminder
from imr.audit.services import record
from imr.core import clock

BATCH = 500


def raise_deadline_alerts(*, now: datetime | None = None) -> int:
    """Every running clock has the alerts of the levels it has reached, each once; how many are new.

    Safe to run twice and side by side: rows that another run holds are left to it, and the database allows one alert
    a level.
    """
    at = now or clock.now()
    levels = {
        AlertLevel.SOON: at + soon_span(at),
        AlertLevel.OVERDUE: at,
        AlertLevel.ESCALATED: at - escalation_delay(at),
    }
    return sum(_raise_level(level, before) for level, before in levels.items())


def _raise_level(level: AlertLevel, before: datetime) -> int:
    raised = 0
    while batch := _raise_batch(level, before):
        raised += batch
    return raised


@transaction.atomic
def _raise_batch(level: AlertLevel, before: datetime) -> int:
    told = DeadlineAlert.objects.filter(deadline=OuterRef("pk"), level=level)
    due = Deadline.objects.filter(ended_at__isnull=True, paused_at__isnull=True, due_at__lt=before)
    if level != AlertLevel.SOON:
        # The time to appeal is nobody's duty: nobody is late when it is over.
        due = due.exclude(kind=DeadlineKind.APPEAL)
    waiting = due.filter(~Exists(told)).select_related("case").order_by("pk")
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    # Another run may have finished with a row between the search and the lock.
    done = set(DeadlineAlert.objects.filter(deadline__in=rows, level=level).values_list("deadline_id", flat=True))
    new = [row for row in rows if row.pk not in done]
    alerts = DeadlineAlert.objects.bulk_create([DeadlineAlert(deadline=row, level=level) for row in new])
    for alert in alerts:
        promise_reminder(alert)
    if level != AlertLevel.SOON:
        for row in new:
            _record(row, level)
    return len(new)


def alert_overdue(row: Deadline) -> None:
    """The clock, which ends because its time is over, is known to be overdue; once. Called before it ends."""
    alert, is_new = DeadlineAlert.objects.get_or_create(deadline=row, level=AlertLevel.OVERDUE)
    if is_new:
        promise_reminder(alert)
        _record(row, AlertLevel.OVERDUE)


def _record(row: Deadline, level: AlertLevel) -> None:
    record(
        action=f"deadline.{level}",
        actor=None,
        object_type="deadline",
        object_id=row.pk,
        case_id=row.case_id,
        detail={"kind": row.kind, "due": row.due_at.isoformat()},
    )
