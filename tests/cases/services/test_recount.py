"""A new or former holiday counts again the running clocks that it touches, and no others."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from cases.enums import CaseStatus, DeadlineKind, DeadlineOrigin, ReferenceAct, ServiceMethod
from cases.models import Case, Deadline, DeadlineAlert, Holiday, LegalParameter, ReferenceChange
from cases.selectors.reference_kind import KINDS
from cases.services.deadlines import pause_deadline
from cases.services.records import record_notice_served
from cases.services.recount import reason_of, recount_clocks
from cases.services.reference_change import decide_change, propose_change
from imr.core import clock
from tests.cases.services.test_reference_change import new_holiday, propose
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db
# A Monday; the time to check eligibility, three business days, ends on the Thursday.
MONDAY = datetime(2027, 7, 12, 11, tzinfo=clock.PACIFIC)
HOLIDAYS, FIGURES = KINDS["holidays"], KINDS["figures"]


def approve(change: ReferenceChange, cast: Cast) -> ReferenceChange:
    return decide_change(kind=KINDS[change.kind], change_id=change.pk, actor=cast.medical_director, is_approved=True)


def screen_clock(case: Case) -> Deadline:
    return Deadline.objects.get(case=case, kind=DeadlineKind.SCREEN, ended_at__isnull=True)


def test_new_holiday_moves_the_clocks_that_run_over_it_and_running_again_changes_nothing(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as at:
        case = make_case(user=cast.claims)
        before = screen_clock(case)
        at.move_to(MONDAY + timedelta(days=21))
        later = make_case(user=cast.claims)
        untouched = screen_clock(later)
        at.move_to(MONDAY + timedelta(hours=1))
        change = approve(new_holiday(cast.administrator, "2027-07-14"), cast)

        assert recount_clocks(change_id=change.pk) == 1
        assert recount_clocks(change_id=change.pk) == 1

    after = screen_clock(case)
    assert after.due_at == before.due_at + timedelta(days=1)
    assert (after.origin, after.replaces, after.changed_by) == (
        DeadlineOrigin.RECOUNTED,
        before,
        cast.medical_director,
    )
    assert "Day of the River" in after.reason
    assert "2027-07-14" in str(after.explanation)
    assert Deadline.objects.filter(case=case, kind=DeadlineKind.SCREEN).count() == 2
    assert screen_clock(later) == untouched
    change.refresh_from_db()
    assert change.recounted == 1
    assert change.recounted_at is not None
    assert reason_of(change) == after.reason


def test_former_holiday_brings_dates_forward_and_what_became_overdue_is_told(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as at:
        approve(new_holiday(cast.administrator, "2027-07-14"), cast)
        case = make_case(user=cast.claims)
        before = screen_clock(case)
        at.move_to(before.due_at - timedelta(hours=3))
        row = Holiday.objects.get(day=date(2027, 7, 14))
        change = approve(propose(HOLIDAYS, ReferenceAct.CORRECT, cast.administrator, row, closes_office=False), cast)
        recount_clocks(change_id=change.pk)
        recount_clocks(change_id=change.pk)
        after = screen_clock(case)
    assert after.due_at == before.due_at - timedelta(days=1)
    assert DeadlineAlert.objects.filter(deadline=after, level="overdue").count() == 1


def test_paused_clock_stays_paused(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as at:
        case = make_case(user=cast.claims)
        pause_deadline(case_id=case.pk, kind=DeadlineKind.SCREEN, actor=cast.administrator, reason="Fire.")
        at.move_to(MONDAY + timedelta(hours=1))
        change = approve(new_holiday(cast.administrator, "2027-07-14"), cast)
        recount_clocks(change_id=change.pk)
    assert screen_clock(case).paused_at is not None


def test_figure_counts_again_the_clocks_that_it_governs(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False):
        case = make_case(CaseStatus.ELIGIBLE, user=cast.claims)
        record_notice_served(
            case_id=case.pk, actor=cast.administrator, method=ServiceMethod.MAIL, served_at=clock.now()
        )
        records = Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True)
        row = LegalParameter.objects.get(name="records_mail", in_force_until=None)
        values = {**FIGURES.values_of(row), "value": row.value + 10}
        change = propose_change(
            kind=FIGURES,
            act=ReferenceAct.CORRECT,
            actor=cast.administrator,
            values=values,
            reason="Misread.",
            object_id=row.pk,
        )
        approve(change, cast)
        recount_clocks(change_id=change.pk)
    assert Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True).due_at > records.due_at


def test_case_that_is_gone_meanwhile_and_an_undecided_change_do_no_harm(cast: Cast) -> None:
    change = new_holiday(cast.administrator, "2027-07-14")
    assert recount_clocks(change_id=change.pk) == 0
    change.refresh_from_db()
    assert change.recounted_at is None
