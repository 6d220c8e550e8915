"""Which clocks run, and from which rows of law."""

from datetime import timedelta

import pytest

from cases.enums import CaseEvent, CaseStatus, DeadlineKind, ItemStatus, Outcome
from cases.models import Case, Deadline, DisputedItem
from cases.selectors.detail import case_detail
from cases.services.transitions import transition_case
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import make_case


def issued(outcome: Outcome) -> Case:
    case = make_case(CaseStatus.DETERMINED)
    DisputedItem.objects.filter(case=case).update(status=ItemStatus.DECIDED, outcome=outcome)
    return transition_case(case_id=case.pk, event=CaseEvent.ISSUE, actor=None)


def running(case: Case) -> set[str]:
    return set(Deadline.objects.filter(case=case, ended_at__isnull=True).values_list("kind", flat=True))


def test_release_of_an_overturn_starts_the_clock_to_authorize(cast: Cast) -> None:
    case = issued(Outcome.OVERTURNED)
    assert running(case) == {DeadlineKind.APPEAL, DeadlineKind.AUTHORIZE}
    assert "authorized or paid" in case_detail(case, user=cast.administrator).next_what


def test_release_of_an_uphold_asks_nobody_to_authorize(cast: Cast) -> None:
    case = issued(Outcome.UPHELD)
    assert running(case) == {DeadlineKind.APPEAL}
    assert "No treatment was overturned" in case_detail(case, user=cast.administrator).next_what


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
