"""Ending items and cases without a determination: who says so, who confirms it, and what is in the way."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection, connections, transaction

from cases.enums import CaseStatus, EndingKind, ItemStatus, NoticeKind, Outcome
from cases.exceptions import IncompleteError, TransitionError
from cases.models import Case, DisputedItem, EligibilityDecision, EndingReason, EndingReport, Notice
from cases.selectors.eligibility import case_checks
from cases.services import ending
from cases.services.ending import confirm_ending, dismiss_case, end_items, refuse_ending, report_ending
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import clock
from imr.core.errors import ConflictError, UnavailableError
from tests.factories.accounts import Cast, make_user
from tests.factories.cases import make_case


def ids(case: Case, *positions: int) -> list[int]:
    rows = case.items.filter(position__in=positions) if positions else case.items.all()
    return list(rows.values_list("pk", flat=True))


def report(case: Case, actor: User, *positions: int, **changes: Any) -> EndingReport:
    values = {
        "reason_code": EndingKind.AUTHORIZED,
        "item_ids": ids(case, *positions),
        "happened_on": clock.today() - timedelta(days=2),
        "note": "Authorized by the adjuster.",
    }
    return report_ending(case_id=case.pk, actor=actor, **{**values, **changes})


def statuses(case: Case) -> list[str]:
    return list(case.items.order_by("position").values_list("status", flat=True))


def test_report_waits_and_the_last_open_item_ends_the_case(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims, items=2)
    first = report(case, cast.claims, 1)
    assert first.due_on == first.happened_on + timedelta(days=5)
    assert statuses(case) == ["open", "open"]
    confirm_ending(report_id=first.pk, actor=cast.administrator)
    case.refresh_from_db()
    assert (statuses(case), case.status) == (["terminated", "open"], CaseStatus.AWAITING_RECORDS)
    second = confirm_ending(report_id=report(case, cast.claims, 2).pk, actor=cast.administrator)
    case.refresh_from_db()
    assert (statuses(case), case.status) == (["terminated", "terminated"], CaseStatus.TERMINATED)
    assert second.was_with_reviewer is False
    assert list(Notice.objects.filter(case=case).values_list("kind", flat=True)) == [NoticeKind.TERMINATED] * 2
    assert not case.deadlines.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("status", "kind", "after"),
    [
        (CaseStatus.RECEIVED, EndingKind.EMPLOYEE_WITHDREW, CaseStatus.WITHDRAWN),
        (CaseStatus.IN_REVIEW, EndingKind.EMPLOYEE_WITHDREW, CaseStatus.WITHDRAWN),
        (CaseStatus.IN_REVIEW, EndingKind.SETTLED, CaseStatus.TERMINATED),
        (CaseStatus.READY_FOR_REVIEW, EndingKind.PHYSICIAN_WITHDREW, CaseStatus.TERMINATED),
    ],
)
def test_kind_decides_how_the_case_ends(cast: Cast, status: CaseStatus, kind: EndingKind, after: CaseStatus) -> None:
    case = make_case(status)
    found = end_items(
        case_id=case.pk,
        actor=cast.administrator,
        reason_code=kind,
        item_ids=ids(case),
        happened_on=clock.today(),
        note="By letter.",
    )
    case.refresh_from_db()
    assert case.status == after
    assert found.was_with_reviewer is (status == CaseStatus.IN_REVIEW)


def test_treatment_authorized_before_eligibility_makes_the_application_ineligible(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    confirm_ending(report_id=report(case, cast.claims).pk, actor=cast.administrator)
    case.refresh_from_db()
    assert case.status == CaseStatus.ELIGIBILITY_REVIEW
    assert case_checks(case, today=clock.today()).proposal.reason == "INE-NOUR"


def test_refused_report_leaves_the_items_and_says_why(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW)
    found = report(case, cast.claims)
    with pytest.raises(IncompleteError):
        refuse_ending(report_id=found.pk, actor=cast.administrator, note=" ")
    refuse_ending(report_id=found.pk, actor=cast.administrator, note="Another treatment.")
    assert statuses(case) == ["open"]
    with pytest.raises(ConflictError, match="refused meanwhile"):
        confirm_ending(report_id=found.pk, actor=cast.administrator)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason_code": "eaten"}, "reason_code"),
        ({"item_ids": []}, "items"),
        ({"item_ids": [9_999_999]}, "items"),
        # Two days: the suite may pass midnight between reading this line and running it.
        ({"happened_on": clock.today() + timedelta(days=2)}, "happened_on"),
    ],
)
def test_bad_report_is_refused_beside_its_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(IncompleteError) as refused:
        report(make_case(), cast.claims, **changes)
    assert list(refused.value.fields) == [field]


def test_report_keeps_the_words_of_its_day_and_a_further_reason_does_what_it_says(cast: Cast) -> None:
    today = clock.today()
    EndingReason.objects.filter(code="settled").update(in_force_until=today)
    EndingReason.objects.create(
        code="stipulation",
        kind=EndingKind.SETTLED,
        position=9,
        label="The parties signed a stipulation",
        citation="LC 5702",
        in_force_from=today,
    )
    case = make_case(CaseStatus.READY_FOR_REVIEW)
    with pytest.raises(IncompleteError, match="in force today"):
        report(case, cast.claims, reason_code="settled")
    found = report(case, cast.claims, reason_code="stipulation")
    EndingReason.objects.filter(code="stipulation").update(label="Other words")
    confirm_ending(report_id=found.pk, actor=cast.administrator)
    case.refresh_from_db()
    assert (found.kind, found.words, case.status) == (
        EndingKind.SETTLED,
        "The parties signed a stipulation",
        CaseStatus.TERMINATED,
    )
    assert "the parties signed a stipulation, on" in str(Notice.objects.get(case=case).letter)


def test_report_of_before_there_were_rows_reads_as_it_did() -> None:
    assert EndingReport(kind=EndingKind.SETTLED).words == EndingKind.SETTLED.label


def test_reasons_are_named_when_they_are_missing(cast: Cast) -> None:
    EndingReason.objects.all().delete()
    with pytest.raises(UnavailableError, match="load_reference_data"):
        report(make_case(CaseStatus.READY_FOR_REVIEW), cast.claims)


def test_item_is_reported_once_and_an_ended_case_takes_no_report(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW, items=2)
    report(case, cast.claims, 1)
    with pytest.raises(ConflictError, match="item 1 waits"):
        report(case, cast.claims, 1, 2)
    with pytest.raises(ConflictError, match="can no longer end"):
        report(make_case(CaseStatus.ISSUED), cast.claims)


def _decide(case: Case, position: int) -> None:
    DisputedItem.objects.filter(case=case, position=position).update(status=ItemStatus.DECIDED, outcome=Outcome.UPHELD)


def test_decided_item_is_named_and_stays_but_the_whole_case_can_be_withdrawn(cast: Cast) -> None:
    case = make_case(CaseStatus.QA, items=2)
    _decide(case, 1)
    _decide(case, 2)
    with pytest.raises(ConflictError, match="Item 1 is decided and signed"):
        report(case, cast.claims, 1)
    end_items(
        case_id=case.pk,
        actor=cast.administrator,
        reason_code=EndingKind.EMPLOYEE_WITHDREW,
        item_ids=ids(case),
        happened_on=clock.today(),
        note="By phone.",
    )
    case.refresh_from_db()
    assert (statuses(case), case.status) == (["withdrawn", "withdrawn"], CaseStatus.WITHDRAWN)


@pytest.mark.parametrize("status", [CaseStatus.AWAITING_RECORDS, CaseStatus.DETERMINED])
def test_dismissal_ends_every_item_for_its_reason(cast: Cast, status: CaseStatus) -> None:
    case = make_case(status, items=2)
    if status == CaseStatus.DETERMINED:
        _decide(case, 1)
    dismiss_case(case_id=case.pk, actor=cast.administrator, reason="INE-DUP", note="Same as an earlier case.")
    case.refresh_from_db()
    assert case.status == CaseStatus.DISMISSED
    assert set(case.items.values_list("status", "eligibility", "ineligibility_reason")) == {
        ("terminated", "ineligible", "INE-DUP")
    }
    assert EligibilityDecision.objects.get(case=case).is_eligible is False
    assert Notice.objects.get(case=case).kind == NoticeKind.DISMISSED


def test_case_that_is_not_assigned_is_not_dismissed(cast: Cast) -> None:
    with pytest.raises(TransitionError):
        dismiss_case(case_id=make_case().pk, actor=cast.administrator, reason="INE-DUP", note="n")
    with pytest.raises(IncompleteError):
        dismiss_case(case_id=make_case().pk, actor=cast.administrator, reason="", note="n")


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def _withdraw_while_it_is_decided(case: Case, actor: User) -> list[str]:
    """A withdrawal that starts while a transaction decides the item; what each of the two did."""
    held, go_on, done = threading.Event(), threading.Event(), []

    def decide() -> None:
        try:
            with transaction.atomic():
                list(DisputedItem.objects.select_for_update(of=("self",)).filter(case=case))
                _decide(case, 1)
                held.set()
                go_on.wait(30)
            done.append("decided")
        finally:
            connections.close_all()

    def withdraw() -> None:
        try:
            report(case, actor, 1, reason_code=EndingKind.EMPLOYEE_WITHDREW)
            done.append("reported")
        except ConflictError as error:
            done.append(error.message)
        finally:
            connections.close_all()

    first, second = threading.Thread(target=decide), threading.Thread(target=withdraw)
    first.start()
    assert held.wait(30)
    second.start()
    while second.is_alive() and not _somebody_waits_for_a_lock():
        second.join(0.02)
    go_on.set()
    first.join()
    second.join()
    return done


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_withdrawal_waits_for_the_decision_of_the_item_and_is_refused(guarded: bool) -> None:  # C12
    case, actor = make_case(CaseStatus.QA, items=2), make_user(Role.ADMINISTRATOR)
    _decide(case, 2)

    def unlocked(case: Case) -> list[DisputedItem]:
        return list(DisputedItem.objects.filter(case=case))

    guard: Callable[[Case], list[DisputedItem]] = ending._locked_items if guarded else unlocked
    with mock.patch.object(ending, "_locked_items", guard):
        done = _withdraw_while_it_is_decided(case, actor)
    if guarded:
        assert "Item 1 is decided and signed" in " ".join(done)
        assert not EndingReport.objects.exists()
    else:
        assert "reported" in done
