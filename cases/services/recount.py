"""Counting running clocks again after a change of the law's figures or of the holidays."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from cases.enums import DeadlineOrigin
from cases.models import Deadline, LegalParameter, ReferenceChange
from cases.services.deadline_alert import raise_deadline_alerts
from cases.services.deadlines import recount_deadlines
from cases.services.transitions import lock_case
from imr.core import clock
from imr.core.jobs import confirm_lease, enqueue

RECOUNT_JOB = "cases.recount_clocks"
# A clock that was being started while the change was approved is found by the second round.
SECOND_ROUND = timedelta(minutes=5)
BATCH = 200


def promise_recount(*, change: ReferenceChange) -> None:
    """A worker counts the running clocks that the approved change touches, and once more a little later.

    Called in the transaction of the approval.
    """
    enqueue(RECOUNT_JOB, unique_key=f"recount:{change.pk}:1", change_id=change.pk)
    later = clock.now() + SECOND_ROUND
    enqueue(RECOUNT_JOB, unique_key=f"recount:{change.pk}:2", not_before=later, change_id=change.pk)


def recount_clocks(*, change_id: int) -> int:
    """Every running clock that the change touches has the date that follows from it, with its history, and what became
    overdue is told; how many clocks have another date because of the change.

    Safe to run twice, and to go on where a killed run ended: a clock that has the right date is left alone. Each case
    is counted in a transaction of its own.
    """
    change = ReferenceChange.objects.select_related("decided_by").get(pk=change_id)
    actor, reason = change.decided_by, reason_of(change)
    if actor is None:
        return 0
    last = 0
    while cases := list(_touched(change).filter(case_id__gt=last).values_list("case_id", flat=True)[:BATCH]):
        for case_id in cases:
            with transaction.atomic():
                recount_deadlines(case=lock_case(case_id), actor=actor, reason=reason)
        last = cases[-1]
    raise_deadline_alerts()
    moved = Deadline.objects.filter(origin=DeadlineOrigin.RECOUNTED, reason=reason).count()
    with transaction.atomic():
        confirm_lease()
        ReferenceChange.objects.filter(pk=change.pk).update(recounted_at=Now(), recounted=moved)
    return moved


def reason_of(change: ReferenceChange) -> str:
    """Why a clock has another date, for its history."""
    return f"Change {change.pk} of the reference data: {change.title}. {change.reason}"[:500]


def _touched(change: ReferenceChange) -> QuerySet[Deadline]:
    """The running clocks that may have another date, one a case, in the order of the cases."""
    running = Deadline.objects.filter(ended_at__isnull=True)
    made = change.made_id or change.object_id
    if change.kind == "holidays":
        days = {change.former.get("day"), change.values.get("day")} - {None}
        around = Q(pk__in=())
        for day in days:
            begins = datetime.combine(datetime.fromisoformat(str(day)).date(), time(), tzinfo=clock.PACIFIC)
            # A clock that is paused may end on any day after it goes on.
            ends_later = Q(due_at__gte=begins) | Q(paused_at__isnull=False)
            around |= Q(started_at__lt=begins + timedelta(days=1)) & ends_later
        running = running.filter(around)
    else:
        first = LegalParameter.objects.values_list("in_force_from", flat=True).filter(pk=made or 0).first()
        if first is not None:
            running = running.filter(started_at__gte=datetime.combine(first, time(), tzinfo=clock.PACIFIC))
    return running.order_by("case_id").distinct("case_id")
