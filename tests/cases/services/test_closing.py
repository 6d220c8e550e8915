"""What ends by itself: times to appeal, and cases in which nothing is left."""

from datetime import timedelta

import pytest
import time_machine

from cases.enums import CaseEvent, CaseStatus, DeadlineKind, Outcome
from cases.exceptions import IncompleteError, TransitionError
from cases.models import Case, DisputedItem
from cases.selectors.deadline import due_queue
from cases.selectors.detail import case_detail
from cases.selectors.implementation import appeal_window
from cases.services.closing import close_case, finish_cases
from cases.services.implementation import confirm_implementation
from cases.services.transitions import transition_case
from cases.tasks import finish_cases as task
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.following import last_day_to_appeal, make_proof, make_served, running_clock
from tests.races import race

OVER, UP = Outcome.OVERTURNED, Outcome.UPHELD
SECOND = timedelta(seconds=1)
NOTHING = {"begun": 0, "windows_ended": 0, "closed": 0}


def status(case: Case) -> str:
    return Case.objects.get(pk=case.pk).status


def test_upheld_case_closes_when_its_time_to_appeal_is_over_and_not_before(cast: Cast) -> None:
    case = make_served((UP, False), user=cast.claims)
    due = last_day_to_appeal(case)
    assert finish_cases(now=due - timedelta(days=1)) == NOTHING
    assert finish_cases(now=due) == NOTHING
    assert finish_cases(now=due + SECOND) == {"begun": 0, "windows_ended": 1, "closed": 1}
    assert finish_cases(now=due + SECOND) == NOTHING
    assert status(case) == CaseStatus.CLOSED
    event = Event.objects.get(action="case.close", case_id=case.pk)
    assert (event.actor, event.detail["outstanding"]) == (None, 0)
    detail = case_detail(Case.objects.get(pk=case.pk), user=cast.claims)
    assert detail.progress.now == "The case is closed. The decision is final."
    assert detail.deadlines == []


def test_outstanding_treatment_keeps_a_case_open_after_its_time_to_appeal(cast: Cast) -> None:
    case = make_served((OVER, False), user=cast.claims)
    due = last_day_to_appeal(case)
    assert finish_cases(now=due + SECOND) == {"begun": 0, "windows_ended": 1, "closed": 0}
    assert status(case) == CaseStatus.IMPLEMENTATION
    assert DeadlineKind.APPEAL not in due_queue(now=due + timedelta(days=5)).values_list("kind", flat=True)
    confirm_implementation(
        case_id=case.pk,
        actor=cast.claims,
        item_ids=list(case.items.values_list("pk", flat=True)),
        done_on=clock.today(),
        note="",
        document_id=make_proof(case).pk,
    )
    assert finish_cases(now=due + SECOND)["closed"] == 1


def test_time_to_appeal_ineligibility_ends_without_an_overdue_date(cast: Cast) -> None:
    case = make_case(CaseStatus.INELIGIBLE, user=cast.claims)
    due = last_day_to_appeal(case)
    window = appeal_window(case, now=due)
    assert window
    assert window.is_open
    assert not due_queue(now=due + timedelta(days=2)).exists()
    assert finish_cases(now=due + SECOND) == {"begun": 0, "windows_ended": 1, "closed": 0}
    assert status(case) == CaseStatus.INELIGIBLE
    window = appeal_window(case, now=due)
    assert window
    assert not window.is_open
    assert Event.objects.filter(action="appeal_window.over", case_id=case.pk).count() == 1


def test_cases_served_before_there_was_this_are_taken_up(cast: Cast) -> None:
    case = make_case(CaseStatus.DETERMINED, user=cast.claims)
    DisputedItem.objects.filter(case=case).update(status="decided", outcome=OVER)
    transition_case(case_id=case.pk, event=CaseEvent.ISSUE, actor=None)
    task()
    assert status(case) == CaseStatus.IMPLEMENTATION
    task()
    assert Event.objects.filter(action="case.begin_implementation", case_id=case.pk).count() == 1


def test_administrator_closes_after_the_time_to_appeal_and_says_why_when_something_is_left(cast: Cast) -> None:
    case = make_served((OVER, False), user=cast.claims)
    with pytest.raises(ConflictError, match="The time to appeal runs until"):
        close_case(case_id=case.pk, actor=cast.administrator, reason="Settled.")
    assert "close" not in [act.event for act in case_detail(case, user=cast.administrator).actions]
    with time_machine.travel(last_day_to_appeal(case) + SECOND, tick=False):
        assert "close" in [act.event for act in case_detail(case, user=cast.administrator).actions]
        with pytest.raises(IncompleteError, match="Treatment is neither authorized nor paid"):
            close_case(case_id=case.pk, actor=cast.administrator)
        close_case(case_id=case.pk, actor=cast.administrator, reason="The worker settled the whole claim.")
    assert status(case) == CaseStatus.CLOSED
    assert running_clock(case, DeadlineKind.AUTHORIZE) is None
    with pytest.raises(TransitionError):
        close_case(case_id=case.pk, actor=cast.administrator)


def test_denied_appeal_of_an_uphold_closes_at_once(cast: Cast) -> None:
    case = make_served((UP, False), user=cast.claims)
    transition_case(case_id=case.pk, event=CaseEvent.APPEAL, actor=cast.administrator)
    assert finish_cases(now=last_day_to_appeal(case) + SECOND) == NOTHING
    transition_case(case_id=case.pk, event=CaseEvent.DENY_APPEAL, actor=cast.administrator)
    assert finish_cases()["closed"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_close_each_case_once() -> None:
    cases = [make_served((UP, False)) for _ in range(3)]
    later = max(last_day_to_appeal(case) for case in cases) + SECOND
    race(lambda: finish_cases(now=later), lambda: finish_cases(now=later))
    finish_cases(now=later)
    assert {status(case) for case in cases} == {CaseStatus.CLOSED}
    assert Event.objects.filter(action="case.close").count() == len(cases)
