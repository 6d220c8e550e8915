"""Appeals of a finding of ineligibility, and what follows."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from cases.enums import AppealOutcome, CaseStatus, DeadlineKind, PartyRole
from cases.exceptions import IncompleteError
from cases.models import Case, IneligibilityAppeal
from cases.services.eligibility import find_ineligible, reverse_ineligibility
from cases.services.ineligibility_appeal import decide_ineligibility_appeal, record_ineligibility_appeal
from imr.accounts.models import User
from imr.core import clock
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.following import last_day_to_appeal, running_clock

DAY = timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> Case:
    made = make_case(CaseStatus.ELIGIBILITY_REVIEW, user=cast.claims)
    return find_ineligible(case_id=made.pk, actor=cast.administrator, reason="INE-LATE", note="A day late.")


def record(case: Case, actor: User, **changes: Any) -> IneligibilityAppeal:
    today = clock.today()
    told = {"filed_on": today, "received_on": today, "appellant": PartyRole.EMPLOYEE, "grounds": "It was in time."}
    return record_ineligibility_appeal(case_id=case.pk, actor=actor, **{**told, **changes})


def decide(case: Case, actor: User, outcome: AppealOutcome, **changes: Any) -> IneligibilityAppeal:
    told = {"decided_on": clock.today(), "note": "As the order says.", **changes}
    return decide_ineligibility_appeal(case_id=case.pk, actor=actor, outcome=outcome, **told)


def test_reversed_finding_makes_the_case_eligible(cast: Cast, case: Case) -> None:
    appeal = record(case, cast.administrator)
    assert not appeal.is_late
    assert running_clock(case, DeadlineKind.APPEAL) is None
    with pytest.raises(ConflictError, match="An appeal was filed"):
        reverse_ineligibility(case_id=case.pk, actor=cast.administrator, reason="On second thought.")
    with pytest.raises(ConflictError, match="open already"):
        record(case, cast.administrator)
    decide(case, cast.administrator, AppealOutcome.REVERSED)
    case.refresh_from_db()
    assert case.status == CaseStatus.ELIGIBLE
    assert set(case.items.values_list("eligibility", flat=True)) == {"eligible"}
    assert running_clock(case, DeadlineKind.SERVE_NOARFI)


def test_denied_appeal_leaves_the_finding_and_another_can_follow(cast: Cast, case: Case) -> None:
    appeal = record(case, cast.administrator)
    decide(case, cast.administrator, AppealOutcome.DENIED)
    case.refresh_from_db()
    assert case.status == CaseStatus.INELIGIBLE
    with pytest.raises(ConflictError, match="No appeal"):
        decide(case, cast.administrator, AppealOutcome.DENIED)
    record(case, cast.administrator, appellant=PartyRole.ATTORNEY)
    with pytest.raises(DatabaseError), transaction.atomic():
        IneligibilityAppeal.objects.filter(pk=appeal.pk).update(grounds="Other words.")


def test_appeal_after_the_last_day_is_taken_and_marked(cast: Cast, case: Case) -> None:
    due = last_day_to_appeal(case)
    with time_machine.travel(due, tick=False):
        assert not record(case, cast.administrator).is_late
        decide(case, cast.administrator, AppealOutcome.DENIED)
    with time_machine.travel(due + DAY, tick=False):
        assert record(case, cast.administrator).is_late


def test_days_that_cannot_be_are_refused_beside_their_field(cast: Cast, case: Case) -> None:
    today = clock.today()
    for field, changes in {
        "filed_on": {"filed_on": today - 2 * DAY},
        "received_on": {"received_on": today - DAY},
    }.items():
        with pytest.raises(IncompleteError) as refused:
            record(case, cast.administrator, **changes)
        assert list(refused.value.fields) == [field]
    record(case, cast.administrator)
    with pytest.raises(IncompleteError) as refused:
        decide(case, cast.administrator, AppealOutcome.DENIED, decided_on=today - DAY)
    assert list(refused.value.fields) == ["decided_on"]


def test_only_a_finding_of_ineligibility_is_appealed_here(cast: Cast) -> None:
    with pytest.raises(ConflictError, match="no finding to appeal"):
        record(make_case(user=cast.claims), cast.administrator)
