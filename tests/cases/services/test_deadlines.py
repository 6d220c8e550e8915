"""Which clocks run, from which rows of law, and how they are paused, lengthened and counted again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from cases.enums import (
    CaseEvent,
    CaseStatus,
    DeadlineKind,
    DeadlineOrigin,
    ItemStatus,
    Outcome,
    Priority,
    ServiceMethod,
)
from cases.exceptions import IncompleteError
from cases.models import Case, Deadline, DisputedItem, NoticeService
from cases.selectors.deadline import explain, former_deadlines, latest_deadline
from cases.selectors.detail import case_detail
from cases.services.deadlines import (
    correct_service,
    extend_deadline,
    pause_deadline,
    recount_deadlines,
    resume_deadline,
)
from cases.services.records import record_notice_served
from cases.services.transitions import transition_case
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

FRIDAY = datetime(2026, 10, 2, 17, tzinfo=UTC)  # 10 AM in Los Angeles


def issued(outcome: Outcome, *, is_retrospective: bool = False) -> Case:
    case = make_case(CaseStatus.DETERMINED)
    DisputedItem.objects.filter(case=case).update(
        status=ItemStatus.DECIDED,
        outcome=outcome,
        is_retrospective=is_retrospective,
        service_date=date(2026, 1, 5) if is_retrospective else None,
    )
    return transition_case(case_id=case.pk, event=CaseEvent.ISSUE, actor=None)


def running(case: Case) -> set[str]:
    return set(Deadline.objects.filter(case=case, ended_at__isnull=True).values_list("kind", flat=True))


def test_release_of_an_overturn_starts_the_clock_to_authorize(cast: Cast) -> None:
    case = issued(Outcome.OVERTURNED)
    assert running(case) == {DeadlineKind.APPEAL, DeadlineKind.AUTHORIZE}
    assert "authorized or paid" in case_detail(case, user=cast.administrator).progress.now


@pytest.mark.usefixtures("db")
def test_release_of_an_overturn_of_given_treatment_starts_the_clock_to_reimburse() -> None:
    case = issued(Outcome.OVERTURNED, is_retrospective=True)
    assert running(case) == {DeadlineKind.APPEAL, DeadlineKind.REIMBURSE}
    reimburse = clock_of(case, DeadlineKind.REIMBURSE)
    assert clock.pacific_date(reimburse.due_at) == clock.pacific_date(reimburse.started_at) + timedelta(days=20)


def test_release_of_an_uphold_asks_nobody_to_authorize(cast: Cast) -> None:
    case = issued(Outcome.UPHELD)
    assert running(case) == {DeadlineKind.APPEAL}
    assert "No treatment was overturned" in case_detail(case, user=cast.administrator).progress.now


@pytest.mark.usefixtures("db")
def test_clock_that_is_started_again_ends_the_running_one() -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW)
    rows = Deadline.objects.filter(case=case, kind=DeadlineKind.DETERMINE)
    assert rows.filter(ended_at__isnull=True).count() == 1
    assert rows.count() == 2, "serving the notice and completing the records both start it"


@pytest.mark.usefixtures("db")
def test_explanation_adds_up_to_the_due_date() -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW)
    deadline = Deadline.objects.get(case=case, kind=DeadlineKind.DETERMINE, ended_at__isnull=True)
    told = deadline.explanation
    assert (told["value"], told["unit"]) == (30, "calendar_days")
    assert "4610.6" in told["citation"]
    last = clock.pacific_date(deadline.due_at)
    rolled = len(told["skipped"])
    assert last == clock.pacific_date(deadline.started_at) + timedelta(days=30 + rolled)


def clock_of(case: Case, kind: DeadlineKind) -> Deadline:
    return Deadline.objects.get(case=case, kind=kind, ended_at__isnull=True)


def due_on(case: Case, kind: DeadlineKind) -> date:
    return clock.pacific_date(clock_of(case, kind).due_at)


def test_paused_days_are_not_counted_and_the_history_stays(cast: Cast) -> None:
    kind, actor = DeadlineKind.DETERMINE, cast.administrator
    with time_machine.travel(FRIDAY, tick=False) as now:
        case = make_case(CaseStatus.READY_FOR_REVIEW)
        before = clock_of(case, kind)
        assert clock.pacific_date(before.due_at) == date(2026, 11, 1)
        now.shift(timedelta(days=3))
        paused = pause_deadline(case_id=case.pk, kind=kind, actor=actor, reason="Liability is disputed")
        assert (paused.paused_at, paused.due_at, paused.origin) == (clock.now(), before.due_at, DeadlineOrigin.PAUSED)
        with pytest.raises(ConflictError, match="paused already"):
            pause_deadline(case_id=case.pk, kind=kind, actor=actor, reason="Again")
        now.shift(timedelta(days=5))
        resumed = resume_deadline(case_id=case.pk, kind=kind, actor=actor, reason="Liability is resolved")
        assert clock.pacific_date(resumed.due_at) == date(2026, 11, 6)
        assert resumed.paused_at is None
        with pytest.raises(ConflictError, match="not paused"):
            resume_deadline(case_id=case.pk, kind=kind, actor=actor, reason="Again")
    told = explain(resumed)
    assert [line.note for line in told.days if line.note.endswith("Liability is disputed")] == (
        ["not counted: clock paused: Liability is disputed"] * 5
    )
    assert [line.count for line in told.days if line.count][-1] == 30
    assert [row.origin for row in former_deadlines(resumed)] == [
        DeadlineOrigin.PAUSED,
        DeadlineOrigin.STARTED,
        DeadlineOrigin.STARTED,
    ]
    events = Event.objects.filter(case_id=case.pk, action__startswith="deadline.").order_by("pk")
    assert [(event.action, event.reason, event.actor) for event in events] == [
        ("deadline.paused", "Liability is disputed", actor),
        ("deadline.resumed", "Liability is resolved", actor),
    ]


def test_rows_of_clocks_are_never_rewritten(cast: Cast) -> None:
    case = make_case()
    row = clock_of(case, DeadlineKind.SCREEN)
    for change in ({"due_at": clock.now()}, {"reason": "x"}, {"pauses": [1]}, {"kind": DeadlineKind.ASSIGN}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Deadline.objects.filter(pk=row.pk).update(**change)
    assert Deadline.objects.filter(pk=row.pk).update(ended_at=clock.now()) == 1


def test_a_passed_date_cannot_be_paused_away_and_blocks_nothing(cast: Cast) -> None:  # T15
    with time_machine.travel(FRIDAY, tick=False) as now:
        case = make_case(CaseStatus.DETERMINED)
        now.shift(timedelta(days=60))
        assert clock_of(case, DeadlineKind.DETERMINE).due_at < clock.now()
        with pytest.raises(ConflictError, match="has passed"):
            pause_deadline(
                case_id=case.pk, kind=DeadlineKind.DETERMINE, actor=cast.administrator, reason="Too late for that"
            )
        after = transition_case(case_id=case.pk, event=CaseEvent.ISSUE, actor=cast.administrator)
    assert after.status == CaseStatus.ISSUED


def test_more_time_to_decide_is_limited_by_the_law(cast: Cast) -> None:
    kind, actor = DeadlineKind.DETERMINE, cast.medical_director
    with time_machine.travel(FRIDAY, tick=False):
        case = make_case(CaseStatus.READY_FOR_REVIEW)
        for days in (0, 4):
            with pytest.raises(IncompleteError, match="1 to 3 days"):
                extend_deadline(case_id=case.pk, kind=kind, actor=actor, days=days, reason="Good cause")
        extend_deadline(case_id=case.pk, kind=kind, actor=actor, days=2, reason="Approved 10/02/2026")
        assert due_on(case, kind) == date(2026, 11, 3)
        extend_deadline(case_id=case.pk, kind=kind, actor=actor, days=1, reason="Approved 10/02/2026")
        assert due_on(case, kind) == date(2026, 11, 4)
        with pytest.raises(IncompleteError, match="No more days"):
            extend_deadline(case_id=case.pk, kind=kind, actor=actor, days=1, reason="Once more")
        told = explain(clock_of(case, kind))
    assert "LC 4610.6(d)(3)" in told.citation
    assert any("Approved 10/02/2026" in step for step in told.steps)


def test_the_time_to_appeal_is_not_the_staffs_to_change(cast: Cast) -> None:
    case = issued(Outcome.UPHELD)
    actor = cast.administrator
    change: dict[str, Any] = {"case_id": case.pk, "kind": DeadlineKind.APPEAL, "actor": actor, "reason": "x"}
    with pytest.raises(ConflictError, match="right of the parties"):
        pause_deadline(**change)
    with pytest.raises(ConflictError, match="right of the parties"):
        extend_deadline(**change, days=1)


def test_another_manner_of_service_counts_again_and_keeps_the_former_date(cast: Cast) -> None:  # T10
    actor = cast.administrator
    with time_machine.travel(FRIDAY, tick=False):
        case = make_case(CaseStatus.ELIGIBLE)
        record_notice_served(case_id=case.pk, actor=actor, method=ServiceMethod.MAIL, served_at=clock.now())
        assert due_on(case, DeadlineKind.RECORDS) == date(2026, 10, 17)
        change: dict[str, Any] = {"case_id": case.pk, "kind": DeadlineKind.RECORDS, "actor": actor, "place": ""}
        correct_service(**change, method=ServiceMethod.ELECTRONIC, reason="It went by e-mail")
        corrected = clock_of(case, DeadlineKind.RECORDS)
        assert clock.pacific_date(corrected.due_at) == date(2026, 10, 14)
        former = former_deadlines(corrected)
        assert [clock.pacific_date(row.due_at) for row in former] == [date(2026, 10, 17)]
        assert corrected.replaces == former[0]
        served = NoticeService.objects.filter(case=case).first()
        assert served is not None
        assert served.method == ServiceMethod.ELECTRONIC
        with pytest.raises(ConflictError, match="does not change"):
            correct_service(
                **{**change, "kind": DeadlineKind.DETERMINE}, method=ServiceMethod.MAIL, reason="Not a served paper"
            )


@pytest.mark.parametrize(
    ("method", "place", "expected"),
    [
        (ServiceMethod.MAIL, "california", date(2026, 11, 6)),
        (ServiceMethod.MAIL, "other_state", date(2026, 11, 12)),  # 11/11 is Veterans Day
        (ServiceMethod.MAIL, "abroad", date(2026, 11, 23)),  # 11/21 is a Saturday
        (ServiceMethod.ELECTRONIC, "", date(2026, 11, 3)),
        (ServiceMethod.PERSONAL, "", date(2026, 11, 2)),
    ],
)
def test_the_time_to_appeal_follows_the_service_of_the_letter(
    cast: Cast, method: ServiceMethod, place: str, expected: date
) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        case = issued(Outcome.UPHELD)
        kind, reason = DeadlineKind.APPEAL, "Proof of service"
        correct_service(case_id=case.pk, kind=kind, actor=cast.administrator, method=method, place=place, reason=reason)
        assert due_on(case, kind) == expected


def test_expedited_conversion_counts_the_running_clocks_again(cast: Cast) -> None:  # C15
    with time_machine.travel(FRIDAY, tick=False):
        case = make_case(CaseStatus.AWAITING_RECORDS)
        Case.objects.filter(pk=case.pk).update(priority=Priority.EXPEDITED)
        case.refresh_from_db()
        changed = recount_deadlines(case=case, actor=cast.administrator, reason="Threat certified")
        assert {row.kind for row in changed} == {DeadlineKind.RECORDS, DeadlineKind.DETERMINE}
        assert clock_of(case, DeadlineKind.RECORDS).due_at == FRIDAY + timedelta(hours=24)
        assert clock_of(case, DeadlineKind.DETERMINE).due_at == FRIDAY + timedelta(hours=72)
        assert recount_deadlines(case=case, actor=cast.administrator, reason="Twice is once") == []
        extended = extend_deadline(
            case_id=case.pk, kind=DeadlineKind.DETERMINE, actor=cast.administrator, days=3, reason="Approved"
        )
        assert extended.due_at == FRIDAY + timedelta(hours=144)
        pause_deadline(case_id=case.pk, kind=DeadlineKind.RECORDS, actor=cast.administrator, reason="Office on fire")
    with time_machine.travel(FRIDAY + timedelta(hours=7), tick=False):
        resumed = resume_deadline(
            case_id=case.pk, kind=DeadlineKind.RECORDS, actor=cast.administrator, reason="It is out"
        )
    assert resumed.due_at == FRIDAY + timedelta(hours=31)


@pytest.mark.usefixtures("db")
def test_the_last_instant_is_in_time_and_the_next_is_late() -> None:  # T9
    with time_machine.travel(FRIDAY, tick=False):
        case = make_case(CaseStatus.READY_FOR_REVIEW)
    due = clock_of(case, DeadlineKind.DETERMINE)
    midnight = datetime(2026, 11, 2, tzinfo=clock.PACIFIC)  # the day before it had 25 hours
    assert midnight - timedelta(milliseconds=1) <= due.due_at < midnight


@pytest.mark.usefixtures("db")
def test_ended_clock_is_still_explained() -> None:
    case = make_case(CaseStatus.ELIGIBLE)
    ended = latest_deadline(case, DeadlineKind.SCREEN)
    assert ended is not None
    assert ended.ended_at is not None
    assert "3 business days" in " ".join(explain(ended).steps)
