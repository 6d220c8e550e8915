"""Answers to requests for information: in parts, once, late, and what the schedule makes of them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction

from cases.enums import CaseStatus, CheckVerdict, DeadlineKind
from cases.exceptions import IncompleteError
from cases.models import Case, DeadlineAlert, InformationAnswer, InformationRequest
from cases.selectors.eligibility import case_checks
from cases.selectors.information import open_requests, requests_of
from cases.services.deadlines import extend_deadline
from cases.services.eligibility import find_ineligible
from cases.services.information import answer_information, receive_information, return_unanswered_cases
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_document
from tests.factories.following import answer, make_request
from tests.races import race

SECOND = timedelta(seconds=1)


def verdict(case: Case) -> CheckVerdict:
    check = case_checks(case, today=clock.today()).find("information")
    assert check is not None
    return check.verdict


def test_answer_in_parts_takes_along_what_its_own_side_has_added(cast: Cast) -> None:
    request = make_request(cast.claims)
    mine = make_document(request.case)
    make_document(request.case, uploaded_by=cast.administrator)
    part = answer(request, cast.claims, whole=False)
    assert list(part.documents.all()) == [mine]
    later = make_document(request.case, uploaded_by=cast.colleague)
    whole = answer(request, cast.colleague)
    assert list(whole.documents.all()) == [later]
    assert (part.is_late, whole.is_late) == (False, False)
    [told] = requests_of(Case.objects.get(pk=request.case_id))
    assert [one.pk for one in told.answers] == [part.pk, whole.pk]
    assert (told.state, told.is_answerable) == ("Answered", False)
    assert Event.objects.filter(action="information.answer", case_id=request.case_id).count() == 2


def test_answer_is_sent_once_whatever_is_clicked(cast: Cast) -> None:
    request, token = make_request(cast.claims), uuid4()
    told: dict[str, Any] = {"request_id": request.pk, "actor": cast.claims, "text": "Here.", "token": token}
    told["is_complete"] = True
    first = answer_information(**told)
    assert answer_information(**told) == first
    with pytest.raises(ConflictError, match=f"{cast.claims.full_name} answered this request in full"):
        answer(request, cast.colleague)
    with pytest.raises(DatabaseError), transaction.atomic():
        InformationAnswer.objects.filter(pk=first.pk).update(text="Other words.")


def test_answer_needs_words(cast: Cast) -> None:
    request = make_request(cast.claims)
    make_document(request.case)
    with pytest.raises(IncompleteError) as refused:
        answer(request, cast.claims, text="  ")
    assert list(refused.value.fields) == ["text"]


def test_request_that_was_closed_or_decided_takes_no_answer(cast: Cast) -> None:
    closed, decided = make_request(cast.claims), make_request(cast.claims)
    receive_information(case_id=closed.case_id, actor=cast.administrator, answer="By fax.")
    with pytest.raises(ConflictError, match="closed this request"):
        answer(closed, cast.claims)
    return_unanswered_cases(now=decided.due_at + SECOND)
    find_ineligible(case_id=decided.case_id, actor=cast.administrator, reason="INE-INFO", note="No answer.")
    with pytest.raises(ConflictError, match="Eligibility is decided"):
        answer(decided, cast.claims)


def test_late_answer_is_taken_marked_and_seen(cast: Cast) -> None:
    request = make_request(cast.claims)
    assert return_unanswered_cases(now=request.due_at + SECOND) == 1
    request = InformationRequest.objects.get(pk=request.pk)
    case = Case.objects.get(pk=request.case_id)
    assert verdict(case) == CheckVerdict.NEEDS_PERSON
    assert not open_requests().exists()
    late = answer(request, cast.claims)
    assert late.is_late
    assert [row.pk for row in open_requests()] == [request.pk]
    assert verdict(case) == CheckVerdict.PASSED


@pytest.mark.parametrize(("distance", "is_late"), [(timedelta(0), False), (SECOND, True)])
def test_last_instant_is_in_time_and_the_next_is_late(cast: Cast, distance: timedelta, *, is_late: bool) -> None:
    request = make_request(cast.claims)
    with time_machine.travel(request.due_at + distance, tick=False):
        assert answer(request, cast.claims).is_late == is_late


def test_more_time_counts_for_the_answer(cast: Cast) -> None:
    request = make_request(cast.claims)
    extend_deadline(
        case_id=request.case_id, kind=DeadlineKind.INFORMATION, actor=cast.administrator, days=7, reason="On request"
    )
    with time_machine.travel(request.due_at + timedelta(days=2), tick=False):
        assert not answer(request, cast.claims).is_late


def test_schedule_closes_an_answered_request_and_expires_one_answered_in_part(cast: Cast) -> None:
    whole, part = make_request(cast.claims), make_request(cast.claims)
    answer(whole, cast.claims)
    answer(part, cast.claims, whole=False)
    later = max(whole.due_at, part.due_at) + SECOND
    assert return_unanswered_cases(now=later) == 2
    assert return_unanswered_cases(now=later) == 0
    whole, part = (InformationRequest.objects.get(pk=row.pk) for row in (whole, part))
    assert (whole.answered_by, whole.expired_at) == (cast.claims, None)
    assert (part.answered_at, part.expired_at) == (None, later)
    assert set(Case.objects.values_list("status", flat=True)) == {CaseStatus.ELIGIBILITY_REVIEW}
    assert list(DeadlineAlert.objects.values_list("deadline__case", "level")) == [(part.case_id, "overdue")]


@pytest.mark.django_db(transaction=True)
def test_two_people_answer_at_once_and_one_is_told_of_the_other() -> None:
    from tests.factories.accounts import make_cast

    cast = make_cast()
    request = make_request(cast.claims)
    found = race(lambda: answer(request, cast.claims), lambda: answer(request, cast.colleague))
    assert sorted(type(one).__name__ for one in found) == ["ConflictError", "InformationAnswer"]
    assert InformationAnswer.objects.filter(request=request).count() == 1
