"""Overturned treatment: authorized or paid, with proof, late, refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cases.enums import CaseEvent, CaseStatus, DeadlineKind, ImplementationKind, Outcome
from cases.exceptions import IncompleteError
from cases.models import Case, Implementation
from cases.selectors.document import reviewable_documents
from cases.selectors.implementation import implementation_of, implementation_queue, standing_of
from cases.services.document import add_document
from cases.services.implementation import begin_implementation, confirm_implementation, refuse_implementation
from cases.services.transitions import transition_case
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from imr.core.clock import pacific_date
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast, make_cast
from tests.factories.cases import make_case, make_document, upload_file
from tests.factories.following import make_proof, make_served, running_clock
from tests.races import race

OVER, UP = Outcome.OVERTURNED, Outcome.UPHELD
D = DeadlineKind


def confirm(case: Case, actor: User, *positions: int, **changes: Any) -> list[Implementation]:
    return confirm_implementation(
        **{
            "case_id": case.pk,
            "actor": actor,
            "item_ids": list(case.items.filter(position__in=positions).values_list("pk", flat=True)),
            "done_on": clock.today(),
            "note": "Authorization 4711.",
            "document_id": changes.pop("document_id", None) or make_proof(case).pk,
            **changes,
        }
    )


def test_each_kind_has_its_clock_and_ends_it_with_its_last_item(cast: Cast) -> None:
    case = make_served((OVER, False), (OVER, False), (OVER, True), (UP, False), user=cast.claims)
    assert case.status == CaseStatus.IMPLEMENTATION
    assert not begin_implementation(case_id=case.pk)
    [first] = confirm(case, cast.claims, 1)
    assert (first.kind, first.is_late) == (ImplementationKind.AUTHORIZED, False)
    assert running_clock(case, D.AUTHORIZE)
    confirm(case, cast.colleague, 2)
    assert running_clock(case, D.AUTHORIZE) is None
    reimburse = running_clock(case, D.REIMBURSE)
    assert reimburse
    assert [row.pk for row in implementation_queue()] == [reimburse.pk]
    assert standing_of(case).is_outstanding
    [paid] = confirm(case, cast.claims, 3)
    assert (paid.kind, paid.due_on) == (ImplementationKind.PAID, pacific_date(reimburse.due_at))
    assert not standing_of(case).is_outstanding
    assert not implementation_queue().exists()
    told = implementation_of(case)
    assert [row.confirmed.confirmed_by for row in told if row.confirmed] == [cast.claims, cast.colleague, cast.claims]
    assert Event.objects.filter(action="implementation.confirm", case_id=case.pk).count() == 3


@pytest.mark.parametrize(("days", "is_late"), [(-1, False), (0, False), (1, True)])
def test_day_after_the_last_day_is_late(cast: Cast, days: int, *, is_late: bool) -> None:
    row = Implementation(due_on=clock.today(), done_on=clock.today() + timedelta(days=days))
    assert row.is_late == is_late


def test_uphold_asks_for_nothing(cast: Cast) -> None:
    case = make_served((UP, False), user=cast.claims)
    assert case.status == CaseStatus.ISSUED
    assert implementation_of(case) == []
    with pytest.raises(IncompleteError, match="overturned items"):
        confirm(case, cast.claims, 1)


def test_what_is_wrong_is_said_beside_its_field(cast: Cast) -> None:
    case, other = make_served((OVER, False), user=cast.claims), make_case(user=cast.claims)
    wrong: dict[str, dict[str, Any]] = {
        "done_on": {"done_on": clock.today() + timedelta(days=1)},
        "document_id": {"document_id": make_document(other).pk},
        "items": {"item_ids": list(other.items.values_list("pk", flat=True))},
    }
    for field, changes in wrong.items():
        with pytest.raises(IncompleteError) as refused:
            confirm(case, cast.claims, 1, **changes)
        assert list(refused.value.fields) == [field]
    with pytest.raises(ConflictError, match="nothing is to be authorized"):
        confirm(other, cast.claims, 1)


def test_refused_proof_makes_the_item_outstanding_with_its_former_date(cast: Cast) -> None:
    case = make_served((OVER, False), user=cast.claims)
    before = running_clock(case, D.AUTHORIZE)
    [row] = confirm(case, cast.claims, 1)
    with pytest.raises(ConflictError, match=f"confirmed meanwhile by {cast.claims.full_name}: authorized on"):
        confirm(case, cast.colleague, 1)
    with pytest.raises(IncompleteError):
        refuse_implementation(implementation_id=row.pk, actor=cast.administrator, reason=" ")
    refuse_implementation(implementation_id=row.pk, actor=cast.administrator, reason="Another patient's letter.")
    again = running_clock(case, D.AUTHORIZE)
    assert before
    assert again
    assert (again.due_at, again.started_at) == (before.due_at, before.started_at)
    assert implementation_of(case)[0].refused[0].refusal == "Another patient's letter."
    with pytest.raises(ConflictError, match="refused meanwhile"):
        refuse_implementation(implementation_id=row.pk, actor=cast.administrator, reason="Again.")
    confirm(case, cast.claims, 1)
    assert running_clock(case, D.AUTHORIZE) is None
    with pytest.raises(DatabaseError), transaction.atomic():
        Implementation.objects.filter(pk=row.pk).update(done_on=clock.today() - timedelta(days=1))


def test_appeal_suspends_and_its_denial_starts_what_is_left(cast: Cast) -> None:
    case = make_served((OVER, False), (OVER, True), user=cast.claims)
    confirm(case, cast.claims, 2)
    transition_case(case_id=case.pk, event=CaseEvent.APPEAL, actor=cast.administrator)
    assert running_clock(case, D.AUTHORIZE) is None
    transition_case(case_id=case.pk, event=CaseEvent.DENY_APPEAL, actor=cast.administrator)
    again = running_clock(case, D.AUTHORIZE)
    assert again
    assert again.explanation["start_event"] == "Appeal denied"
    assert running_clock(case, D.REIMBURSE) is None


def test_proof_is_neither_late_nor_a_record_of_the_review(cast: Cast) -> None:
    case = make_served((OVER, False), user=cast.claims)
    file, kind = upload_file("proof.pdf"), "implementation_proof"
    proof = add_document(case_id=case.pk, actor=cast.claims, file=file, name="proof.pdf", kind=kind).document
    assert proof.lateness == ""
    assert proof not in reviewable_documents(case.pk)


@pytest.mark.django_db(transaction=True)
def test_two_people_confirm_at_once_and_one_stands() -> None:
    cast = make_cast()
    case = make_served((OVER, False), user=cast.claims)
    proof = make_proof(case).pk
    found = race(
        lambda: confirm(case, cast.claims, 1, document_id=proof),
        lambda: confirm(case, cast.colleague, 1, document_id=proof),
    )
    assert sorted(type(one).__name__ for one in found) == ["ConflictError", "list"]
    assert Implementation.objects.filter(case=case, refused_at__isnull=True).count() == 1
