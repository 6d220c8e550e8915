"""Late records: which cases, since when, and what a person decides."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DeadlineKind, DocumentSource
from cases.models import Case, Deadline, PenaltyDecision
from cases.selectors.penalty import late_deadlines, late_records, late_records_of, open_exposure
from cases.services.penalty import decide_penalty
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError, DomainError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document
from tests.factories.fees import make_late_case

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def late_days(user: User, case: Case) -> int:
    late = late_records_of(user, case.pk, today=clock.today())
    return late.penalty.days if late else 0


def test_missing_records_run_and_stop_at_the_maximum(cast: Cast) -> None:
    fresh, old = make_late_case(user=cast.claims, days=3), make_late_case(user=cast.claims, days=30)
    rows = {row.case: row for row in late_records(late_deadlines(cast.claims), today=clock.today())}
    assert (rows[fresh].penalty.amount, rows[fresh].penalty.is_running) == (1500, True)
    assert (rows[old].penalty.amount, rows[old].penalty.is_running) == (5000, False)
    total = open_exposure(cast.claims, today=clock.today())
    assert (total.count, total.running, total.amount) == (2, 1, 6500)


def test_records_in_time_and_on_the_last_day_are_not_late(cast: Cast) -> None:
    assert late_days(cast.claims, make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)) == 0
    assert late_days(cast.claims, make_late_case(user=cast.claims, days=0)) == 0
    ended = make_late_case(user=cast.claims, days=5, ended_at=clock.now() - 6 * DAY)
    assert late_days(cast.claims, ended) == 0


def test_the_last_record_counts_and_not_when_somebody_looked_at_it(cast: Cast) -> None:
    case = make_late_case(user=cast.claims, days=8, ended_at=clock.now())
    assert late_days(cast.claims, case) == 8
    make_document(case, received_at=clock.now() - 9 * DAY)
    assert late_days(cast.claims, case) == 0
    make_document(case, received_at=clock.now() - 6 * DAY)
    assert late_days(cast.claims, case) == 2
    # What others sent, and what came before the clock began, is not the claims administrator's.
    make_document(case, received_at=clock.now() - 2 * DAY, source=DocumentSource.PHYSICIAN)
    assert late_days(cast.claims, case) == 2


def test_exposure_is_the_sum_of_the_lines_and_takes_one_query_however_many(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for days in (0, 2, 2, 7, 30):
        make_late_case(user=cast.claims, days=days)
    for days, came in ((8, 6), (8, 9), (5, None)):
        case = make_late_case(user=cast.claims, days=days, ended_at=clock.now())
        if came is not None:
            make_document(case, received_at=clock.now() - came * DAY)
    make_late_case(user=cast.away_claims, days=4)
    lines = [row.penalty for row in late_records(late_deadlines(cast.claims), today=clock.today())]
    with django_assert_max_num_queries(1 + 2 * len({line.due_on for line in lines} | {None})):
        total = open_exposure(cast.claims, today=clock.today())
    assert total.count == len(lines) == 6
    assert total.amount == sum(line.amount for line in lines)
    assert total.running == sum(line.is_running for line in lines) == 3


def test_paused_clock_does_not_run(cast: Cast) -> None:
    case = make_late_case(user=cast.claims)
    row = Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True)
    Deadline.objects.filter(pk=row.pk).update(ended_at=clock.now())
    Deadline.objects.create(
        case=case,
        kind=DeadlineKind.RECORDS,
        parameter=row.parameter,
        started_at=row.started_at,
        due_at=row.due_at,
        paused_at=row.due_at - DAY,
    )
    assert late_days(cast.claims, case) == 0


def test_claims_people_see_their_own_alone(cast: Cast) -> None:
    make_late_case(user=cast.claims)
    make_late_case(user=cast.away_claims)
    assert late_deadlines(cast.claims).count() == 1
    assert late_deadlines(cast.auditor).count() == 2
    assert late_deadlines(cast.reviewer).count() == 0


def test_person_decides_once_and_nothing_is_charged(cast: Cast) -> None:
    case = make_late_case(user=cast.claims, days=3)
    arguments: dict[str, Any] = {
        "case_id": case.pk,
        "actor": cast.administrator,
        "kind": "waive",
        "reason": "Records were at another office.",
    }
    with pytest.raises(DomainError):
        decide_penalty(**{**arguments, "reason": " "})
    with pytest.raises(DomainError):
        decide_penalty(**{**arguments, "kind": "charge"})
    with pytest.raises(ConflictError, match="by now"):
        decide_penalty(**arguments, shown=1000)
    with pytest.raises(ConflictError, match="still grows"):
        decide_penalty(**{**arguments, "kind": "assess"})
    decision = decide_penalty(**arguments, shown=1500)
    assert (decision.days, decision.amount) == (3, Decimal(1500))
    with pytest.raises(ConflictError, match="decided meanwhile"):
        decide_penalty(**arguments)
    with pytest.raises(DatabaseError), transaction.atomic():
        PenaltyDecision.objects.filter(pk=decision.pk).update(amount=1)
    assert Event.objects.get(action="penalty.decide").detail == {"kind": "waive", "days": 3, "amount": "1500"}
    assert open_exposure(cast.claims, today=clock.today()).count == 0


def test_penalty_at_its_maximum_can_be_assessed(cast: Cast) -> None:
    case = make_late_case(user=cast.claims, days=12)
    decision = decide_penalty(case_id=case.pk, actor=cast.medical_director, kind="assess", reason="")
    assert decision.amount == Decimal(5000)


def test_case_in_time_has_nothing_to_decide(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    with pytest.raises(ConflictError, match="not late"):
        decide_penalty(case_id=case.pk, actor=cast.administrator, kind="close", reason="x")


def test_receipts_show_what_the_penalty_comes_to_and_why(cast: Cast, client_of: Callable[..., Client]) -> None:
    """B14, E54: where the claims administrator proves what was sent stands what lateness may cost."""
    case = make_late_case(user=cast.claims, days=3)
    address = reverse("cases:manifest-list", args=[case.pk])
    shown = client_of(cast.claims).get(address).content.decode()
    assert "Exposure $1,500" in shown
    assert "3 days late." in shown
    assert "3 × $500 = $1,500." in shown
    assert "8 CCR 9792.12" in shown
    assert reverse("cases:deadline-detail", args=[case.pk, "records"]) in shown
    decide = reverse("cases:penalty-decide", args=[case.pk])
    assert decide not in shown
    assert decide in client_of(cast.administrator).get(address).content.decode()
    decide_penalty(case_id=case.pk, actor=cast.administrator, kind="waive", reason="The fax line was down.")
    told = client_of(cast.claims).get(address).content.decode()
    assert "The fax line was down." in told
    assert "Exposure" not in told
    in_time = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    page = client_of(cast.claims).get(reverse("cases:manifest-list", args=[in_time.pk])).content.decode()
    assert "Late records</h2>" not in page
