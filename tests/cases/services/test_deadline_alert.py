"""Alerts of clocks: each level once, however often and by however many the task runs."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from cases.enums import AlertLevel, CaseStatus, DeadlineKind
from cases.models import Case, Deadline, DeadlineAlert
from cases.selectors.deadline import due_queue
from cases.services.deadline_alert import raise_deadline_alerts
from cases.services.deadlines import pause_deadline
from cases.tasks import raise_deadline_alerts as task
from imr.audit.models import Event
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.races import race

START = datetime(2026, 10, 1, 17, tzinfo=UTC)


def case_with_clock() -> tuple[Case, Deadline]:
    with time_machine.travel(START, tick=False):
        case = make_case(CaseStatus.READY_FOR_REVIEW)
    return case, Deadline.objects.get(case=case, kind=DeadlineKind.DETERMINE, ended_at__isnull=True)


def levels(row: Deadline) -> list[str]:
    return list(DeadlineAlert.objects.filter(deadline=row).order_by("pk").values_list("level", flat=True))


@pytest.mark.usefixtures("db")
def test_each_level_is_raised_once_at_its_moment() -> None:
    case, row = case_with_clock()
    moments = [
        (timedelta(hours=-48), []),
        (timedelta(hours=-48, seconds=1), [AlertLevel.SOON]),
        (timedelta(0), [AlertLevel.SOON]),
        (timedelta(microseconds=1), [AlertLevel.SOON, AlertLevel.OVERDUE]),
        (timedelta(hours=24), [AlertLevel.SOON, AlertLevel.OVERDUE]),
        (timedelta(hours=24, seconds=1), [AlertLevel.SOON, AlertLevel.OVERDUE, AlertLevel.ESCALATED]),
    ]
    for distance, expected in moments:
        raise_deadline_alerts(now=row.due_at + distance)
        assert levels(row) == expected, distance
        assert raise_deadline_alerts(now=row.due_at + distance) == 0
    acts = Event.objects.filter(object_type="deadline", object_id=row.pk).order_by("pk")
    assert [act.action for act in acts] == ["deadline.overdue", "deadline.escalated"]
    assert {act.case_id for act in acts} == {case.pk}


def test_paused_and_ended_clocks_raise_nothing(cast: Cast) -> None:
    case, row = case_with_clock()
    with time_machine.travel(START, tick=False):
        pause_deadline(case_id=case.pk, kind=DeadlineKind.DETERMINE, actor=cast.administrator, reason="On hold")
    later = row.due_at + timedelta(days=9)
    raise_deadline_alerts(now=later)
    assert not DeadlineAlert.objects.filter(deadline__case=case, deadline__kind=DeadlineKind.DETERMINE).exists()
    assert not due_queue(now=later).filter(kind=DeadlineKind.DETERMINE).exists()
    with time_machine.travel(later):
        task()
    assert list(due_queue(now=later, level=AlertLevel.ESCALATED).values_list("kind", flat=True)) == [
        DeadlineKind.ASSIGN
    ]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_raise_each_level_once() -> None:
    rows = [case_with_clock()[1] for _ in range(2)]
    now = max(row.due_at for row in rows) + timedelta(days=3)

    race(lambda: raise_deadline_alerts(now=now), lambda: raise_deadline_alerts(now=now))
    raise_deadline_alerts(now=now)
    for row in rows:
        assert sorted(levels(row)) == sorted(AlertLevel.values)
    overdue = Event.objects.filter(action="deadline.overdue", object_id__in=[row.pk for row in rows])
    assert overdue.count() == len(rows)
