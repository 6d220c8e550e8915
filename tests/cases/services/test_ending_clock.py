"""The claims administrator's clock to report what others told, and its own reports judged by their date (D17)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from cases.enums import AlertLevel, CaseStatus, DeadlineKind, EndingKind, EndingSource
from cases.exceptions import IncompleteError
from cases.models import Case, Deadline, DeadlineAlert, EndingReport
from cases.selectors.deadline import due_queue
from cases.selectors.implementation import waiting_for_claims
from cases.services.deadline_alert import raise_deadline_alerts
from cases.services.ending import confirm_ending, end_items, refuse_ending, report_ending
from imr.accounts.enums import MailEvent
from imr.accounts.models import Mail, User
from imr.core import clock
from imr.core.clock import PACIFIC
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

NOW = datetime(2026, 10, 12, 10, tzinfo=PACIFIC)
EVENT = date(2026, 10, 9)
LAST_DAY = date(2026, 10, 14)


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def told(case: Case, actor: User, *positions: int, **changes: Any) -> EndingReport:
    items = case.items.filter(position__in=positions) if positions else case.items.all()
    values = {
        "reason_code": EndingKind.AUTHORIZED,
        "item_ids": list(items.values_list("pk", flat=True)),
        "happened_on": EVENT,
        "note": "As the office says.",
        "told_by": EndingSource.PHYSICIAN,
        "received_on": EVENT,
    }
    return report_ending(case_id=case.pk, actor=actor, **{**values, **changes})


def own(case: Case, actor: User, *positions: int, **changes: Any) -> EndingReport:
    source = EndingSource.CLAIMS_ADMINISTRATOR
    return told(case, actor, *positions, **{"told_by": source, "received_on": clock.today(), **changes})


def running(case: Case) -> date | None:
    row = Deadline.objects.filter(case=case, kind=DeadlineKind.REPORT_ENDING, ended_at__isnull=True).first()
    return row.due_at.astimezone(PACIFIC).date() if row else None


def test_what_others_told_starts_the_clock_from_the_event_and_the_own_report_ends_it(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    assert running(case) is None
    first = told(case, cast.administrator)
    assert (first.due_on, running(case)) == (None, LAST_DAY)
    assert case in waiting_for_claims(Case.objects.all())
    mail = Mail.objects.get(event=MailEvent.REPORT_AWAITED, case_id=case.pk)
    assert mail.recipient == cast.claims
    second = own(case, cast.claims)
    assert (second.due_on, second.days_late, running(case)) == (LAST_DAY, 0, None)
    confirm_ending(report_id=second.pk, actor=cast.administrator)
    first.refresh_from_db()
    assert (first.is_confirmed, first.was_with_reviewer) == (True, True)
    case.refresh_from_db()
    assert (case.status, running(case)) == (CaseStatus.TERMINATED, None)


def test_refused_report_of_the_claims_administrator_brings_the_first_date_back(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    other = told(case, cast.administrator)
    refused = own(case, cast.claims)
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        refuse_ending(report_id=refused.pk, actor=cast.administrator, note="Another treatment.")
        assert running(case) == LAST_DAY
        raise_deadline_alerts()
        row = due_queue(now=clock.now(), duty="claims administrator").get(kind=DeadlineKind.REPORT_ENDING)
        assert DeadlineAlert.objects.filter(deadline=row, level=AlertLevel.OVERDUE).exists()
        late = own(case, cast.claims)
        assert (late.days_late, running(case)) == (1, None)
        refuse_ending(report_id=late.pk, actor=cast.administrator, note="No.")
        refuse_ending(report_id=other.pk, actor=cast.administrator, note="It is not so.")
    assert running(case) is None


def test_clock_counts_from_the_earliest_event_that_is_still_awaited(cast: Cast) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims, items=3)
    told(case, cast.administrator, 1, 2)
    told(case, cast.administrator, 3, happened_on=EVENT - timedelta(days=2))
    assert running(case) == LAST_DAY - timedelta(days=2)
    own(case, cast.claims, 3, happened_on=EVENT - timedelta(days=2))
    assert running(case) == LAST_DAY
    own(case, cast.claims, 1)
    assert running(case) == LAST_DAY
    own(case, cast.claims, 2)
    assert running(case) is None


def test_confirming_what_others_told_takes_what_is_left_and_ends_the_clock(cast: Cast) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims, items=2)
    other = told(case, cast.administrator, 1, 2)
    confirm_ending(report_id=own(case, cast.claims, 1).pk, actor=cast.administrator)
    other.refresh_from_db()
    assert (other.is_confirmed, running(case)) == (None, LAST_DAY)
    confirm_ending(report_id=other.pk, actor=cast.administrator)
    case.refresh_from_db()
    assert (case.status, running(case)) == (CaseStatus.TERMINATED, None)


def test_report_of_another_kind_is_refused_with_the_confirmed_one(cast: Cast) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims)
    other = told(case, cast.administrator, reason_code=EndingKind.SETTLED)
    confirm_ending(report_id=own(case, cast.claims).pk, actor=cast.administrator)
    other.refresh_from_db()
    assert other.is_confirmed is False
    assert "10/12/2026" in other.decision_note


@pytest.mark.parametrize("source", [EndingSource.EMPLOYEE, EndingSource.CLAIMS_ADMINISTRATOR])
def test_withdrawal_of_the_worker_is_nobody_elses_to_report_in_time(cast: Cast, source: EndingSource) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims)
    report = told(case, cast.administrator, reason_code=EndingKind.EMPLOYEE_WITHDREW, told_by=source)
    assert (report.due_on, running(case)) == (None, None)


@pytest.mark.parametrize(("came_on", "late"), [(LAST_DAY, 0), (LAST_DAY + timedelta(days=1), 1)])
def test_report_on_paper_is_judged_by_the_day_on_which_it_came(cast: Cast, came_on: date, late: int) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims)
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        report = end_items(
            case_id=case.pk,
            actor=cast.administrator,
            reason_code=EndingKind.AUTHORIZED,
            item_ids=list(case.items.values_list("pk", flat=True)),
            happened_on=EVENT,
            note="By fax.",
            received_on=came_on,
        )
    assert report.days_late == late
    assert report.due_explanation["deadline_id"] == "D17"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"received_on": EVENT - timedelta(days=1)}, "received_on"),
        ({"received_on": date(2026, 10, 13)}, "received_on"),
        ({"happened_on": date(2016, 10, 9), "received_on": None}, "happened_on"),
        ({"told_by": "the neighbor"}, "told_by"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(IncompleteError) as refused:
        told(make_case(CaseStatus.READY_FOR_REVIEW), cast.administrator, **changes)
    assert list(refused.value.fields) == [field]


def test_nobody_tells_what_waits_already(cast: Cast) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims, items=2)
    own(case, cast.claims, 1)
    told(case, cast.administrator, 2)
    for position in (1, 2):
        with pytest.raises(ConflictError, match=f"item {position} waits"):
            told(case, cast.administrator, position)
