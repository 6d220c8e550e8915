"""Intake, eligibility, the notice and the records, each with what refuses it."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from cases.enums import CaseStatus, DeadlineKind, IneligibilityReason, ItemEligibility, Priority, ServiceMethod
from cases.exceptions import IncompleteError, TransitionError
from cases.models import Case, Deadline, EligibilityDecision
from cases.selectors.worklist import intake_queue
from cases.services.eligibility import ItemDecision, find_eligible, find_ineligible, resume_deferred
from cases.services.intake import give_back_case, take_case, take_next_case
from cases.services.records import complete_records, record_notice_served
from imr.accounts.enums import Role
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import NotAllowedError
from imr.core.paging import keyset_page
from tests.factories.accounts import Cast, make_user
from tests.factories.cases import make_case, make_document


def running(case: Case) -> set[str]:
    return set(Deadline.objects.filter(case=case, ended_at__isnull=True).values_list("kind", flat=True))


def test_take_next_case_takes_the_oldest(cast: Cast) -> None:
    first, second = make_case(), make_case()
    assert take_next_case(actor=cast.administrator) == first
    assert take_next_case(actor=cast.other_administrator) == second
    assert take_next_case(actor=cast.administrator) is None
    first.refresh_from_db()
    assert (first.status, first.analyst) == (CaseStatus.ELIGIBILITY_REVIEW, cast.administrator)


def test_expedited_cases_come_first_in_the_queue_and_across_its_pages(cast: Cast) -> None:
    first, second, third, fourth = (make_case() for _ in range(4))
    Case.objects.filter(pk__in=[third.pk, fourth.pk]).update(priority=Priority.EXPEDITED)
    page = keyset_page(intake_queue(), field="queue_key", size=2)
    assert page.rows == [third, fourth]
    page = keyset_page(intake_queue(), field="queue_key", size=2, after=page.after)
    assert page.rows == [first, second]
    assert keyset_page(intake_queue(), field="queue_key", size=2, before=page.before).rows == [third, fourth]
    taken = [take_next_case(actor=cast.administrator) for _ in range(4)]
    assert taken == [third, fourth, first, second]


def test_take_case_is_refused_when_somebody_has_it(cast: Cast) -> None:
    case = make_case()
    take_case(case_id=case.pk, actor=cast.administrator)
    with pytest.raises(TransitionError, match=r"Eligibility review.*since"):
        take_case(case_id=case.pk, actor=cast.other_administrator)


def test_give_back_case_is_the_analysts_own_act(cast: Cast) -> None:
    case = make_case()
    take_case(case_id=case.pk, actor=cast.administrator)
    with pytest.raises(NotAllowedError, match="Another analyst"):
        give_back_case(case_id=case.pk, actor=cast.other_administrator, reason="mine now")
    back = give_back_case(case_id=case.pk, actor=cast.administrator, reason="out of office")
    assert (back.status, back.analyst) == (CaseStatus.RECEIVED, None)


@pytest.mark.django_db(transaction=True)
def test_take_next_case_never_gives_one_case_to_two() -> None:
    people = [make_user(Role.ADMINISTRATOR) for _ in range(4)]
    cases = {make_case().pk for _ in range(4)}
    barrier, taken = threading.Barrier(4), []

    def take(index: int) -> None:
        try:
            barrier.wait()
            case = take_next_case(actor=people[index])
            taken.append(case.pk if case else None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(taken) == cases


def test_find_eligible_in_part_and_starts_the_notice_clock(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, items=2)
    keep, refuse = case.items.all()
    after = find_eligible(
        case_id=case.pk,
        actor=cast.administrator,
        items={
            keep.pk: ItemDecision(is_eligible=True),
            refuse.pk: ItemDecision(is_eligible=False, reason=IneligibilityReason.DUPLICATE, note="see CM26-0000001"),
        },
        note="The second item is another case's.",
    )
    keep.refresh_from_db()
    refuse.refresh_from_db()
    assert after.status == CaseStatus.ELIGIBLE
    assert keep.eligibility == ItemEligibility.ELIGIBLE
    assert (refuse.eligibility, refuse.ineligibility_reason) == (ItemEligibility.INELIGIBLE, "INE-DUP")
    assert running(case) == {DeadlineKind.SERVE_NOARFI}
    assert EligibilityDecision.objects.get(case=case).is_eligible


@pytest.mark.parametrize("which", ["missing", "no reason", "none eligible"])
def test_find_eligible_refuses_an_undecided_item(cast: Cast, which: str) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, items=2)
    first, second = case.items.all()
    decisions = {
        "missing": {first.pk: ItemDecision(is_eligible=True)},
        "no reason": {first.pk: ItemDecision(is_eligible=True), second.pk: ItemDecision(is_eligible=False)},
        "none eligible": {
            item.pk: ItemDecision(is_eligible=False, reason=IneligibilityReason.LATE) for item in (first, second)
        },
    }[which]
    with pytest.raises(IncompleteError) as refusal:
        find_eligible(case_id=case.pk, actor=cast.administrator, items=decisions)
    assert refusal.value.fields
    case.refresh_from_db()
    assert case.status == CaseStatus.ELIGIBILITY_REVIEW
    assert not EligibilityDecision.objects.exists()


def test_find_ineligible_ends_the_case_with_a_reason(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    after = find_ineligible(case_id=case.pk, actor=cast.administrator, reason="INE-LATE", note="two days late")
    assert after.status == CaseStatus.INELIGIBLE
    assert running(case) == {DeadlineKind.APPEAL}
    assert case.items.get().ineligibility_reason == "INE-LATE"
    assert "two days late" not in str(list(Event.objects.filter(case_id=case.pk).values("detail", "reason")))


def test_disputed_liability_defers_and_resumes(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    assert (
        find_ineligible(case_id=case.pk, actor=cast.administrator, reason="INE-LIAB", note="n").status
        == CaseStatus.DEFERRED
    )
    assert running(case) == set()
    assert resume_deferred(case_id=case.pk, actor=cast.administrator, reason="resolved").status == "eligibility_review"
    assert case.items.get().eligibility == ItemEligibility.PENDING


@pytest.mark.parametrize(("method", "days"), [(ServiceMethod.MAIL, 15), (ServiceMethod.ELECTRONIC, 12)])
def test_record_notice_starts_the_record_clock_by_its_method(cast: Cast, method: str, days: int) -> None:
    case = make_case(CaseStatus.ELIGIBLE)
    at = clock.now()
    record_notice_served(case_id=case.pk, actor=cast.administrator, method=method, served_at=at)
    deadline = Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True)
    assert clock.pacific_date(deadline.due_at) >= clock.pacific_date(at) + timedelta(days=days)
    assert deadline.explanation["value"] == days
    assert "9792.10.5" in deadline.explanation["citation"]


@pytest.mark.parametrize("shift", [timedelta(days=1), timedelta(days=-400)])
def test_record_notice_refuses_an_impossible_moment(cast: Cast, shift: timedelta) -> None:
    case = make_case(CaseStatus.ELIGIBLE)
    with pytest.raises(IncompleteError) as refusal:
        record_notice_served(case_id=case.pk, actor=cast.administrator, method="mail", served_at=clock.now() + shift)
    assert "served_on" in refusal.value.fields
    case.refresh_from_db()
    assert case.status == CaseStatus.ELIGIBLE


def test_complete_records_starts_the_clocks_of_the_review(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS)
    make_document(case)
    assert complete_records(case_id=case.pk, actor=cast.administrator).status == CaseStatus.READY_FOR_REVIEW
    assert running(case) == {DeadlineKind.ASSIGN, DeadlineKind.DETERMINE}


def test_complete_records_needs_more_than_the_ur_papers(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS)
    with pytest.raises(IncompleteError, match="No medical record"):
        complete_records(case_id=case.pk, actor=cast.administrator)
    case.refresh_from_db()
    assert case.status == CaseStatus.AWAITING_RECORDS
