"""The pages on which claims staff follow their cases: status, requests, proof, the time to appeal, the end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, Outcome
from cases.models import Case, Implementation, IneligibilityAppeal, InformationAnswer
from cases.services.information import return_unanswered_cases
from imr.accounts.models import User
from imr.core import clock
from imr.core.errors import ConflictError
from imr.core.words import mmddyyyy
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, upload_file
from tests.factories.following import answer, last_day_to_appeal, make_request, make_served

type ClientOf = Callable[[User], Client]
OVER, UP = Outcome.OVERTURNED, Outcome.UPHELD


def url(name: str, *args: object) -> str:
    return reverse(f"cases:{name}", args=args)


def page(client: Client, address: str, status: int = 200, **data: Any) -> str:
    response = client.post(address, data) if data else client.get(address)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


@pytest.mark.parametrize("status", [status for status in CaseStatus if status != CaseStatus.DRAFT])
def test_case_page_says_in_every_status_where_the_case_stands(
    cast: Cast, client_of: ClientOf, status: CaseStatus
) -> None:
    case = make_case(status, user=cast.claims)
    shown = page(client_of(cast.claims), url("case-detail", case.pk))
    assert "Where the case stands" in shown
    assert "Who has it" in shown


def test_claims_people_see_that_it_is_their_turn_and_until_when(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    shown = page(client_of(cast.claims), url("case-detail", case.pk))
    assert "You, the claims administrator" in shown
    assert "Send the medical records that the notice of assignment asks for." in shown
    assert "Until then the records have to reach the IMR organization." in shown
    assert url("deadline-detail", case.pk, "records") in shown
    assert ">Send the records</a>" in shown
    staff = page(client_of(cast.administrator), url("case-detail", case.pk))
    assert "<dd>Claims administrator</dd>" in staff


def test_list_says_the_next_step_and_finds_what_waits_for_the_claims_administrator(
    cast: Cast, client_of: ClientOf
) -> None:
    waiting = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    outstanding = make_served((OVER, False), user=cast.claims)
    resting, upheld = make_case(user=cast.claims), make_served((UP, False), user=cast.claims)
    client = client_of(cast.claims)
    shown = page(client, url("case-list"))
    for words in (
        "Next: Claims administrator: send the medical records",
        "Next: Claims administrator: authorize or pay, and confirm it",
        "Next: IMR organization: eligibility is checked",
        "Next: Parties: an appeal is possible",
    ):
        assert words in shown
    mine = page(client, url("case-list") + "?waits=claims")
    assert [str(case) in mine for case in (waiting, outstanding, resting, upheld)] == [True, True, False, False]
    assert "Choose whom the case waits for" in page(client, url("case-list") + "?waits=pigeon", 400)


def test_request_is_answered_in_the_portal_and_closed_by_an_administrator(cast: Cast, client_of: ClientOf) -> None:
    request = make_request(cast.claims, question="Page 2, please.")
    make_document(request.case, title="Page two")
    claims, staff = client_of(cast.claims), client_of(cast.administrator)
    address = url("information-answer", request.case_id, request.pk)
    assert address in page(claims, url("case-detail", request.case_id))
    shown = page(claims, address)
    assert "Page 2, please." in shown
    assert "Page two" in shown
    assert url("deadline-detail", request.case_id, "information") in shown
    typed = {"text": "kept words", "token": str(uuid4())}
    refused = page(claims, address, 422, **typed)
    assert "Say whether this is the whole answer." in refused
    assert "kept words" in refused
    for _ in range(2):
        page(claims, address, 302, **typed, is_complete="yes")
    assert InformationAnswer.objects.get(request=request).text == "kept words"
    assert "takes no answer any more: answered" in page(claims, address, 409)
    queue = page(staff, url("information-queue"))
    assert "Answered" in queue
    assert url("information-receive", request.case_id) in queue
    assert "kept words" in page(staff, url("information-receive", request.case_id))
    page(staff, url("information-receive", request.case_id), 302, answer="As answered here.")
    assert "No request waits" in page(staff, url("information-queue"))


def test_answer_page_says_that_the_time_is_over_and_takes_it(cast: Cast, client_of: ClientOf) -> None:
    request = make_request(cast.claims)
    return_unanswered_cases(now=request.due_at + timedelta(seconds=1))
    client = client_of(cast.claims)
    assert "it is marked late" in page(client, url("information-answer", request.case_id, request.pk))
    answer(request, cast.claims)
    shown = page(client_of(cast.administrator), url("information-queue"))
    assert "In eligibility review" in shown
    assert "Late" in page(client, url("case-detail", request.case_id))


@pytest.mark.parametrize("rows", [1, 3])
def test_queues_ask_the_same_number_of_queries(
    cast: Cast, client_of: ClientOf, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(rows):
        make_request(cast.claims)
        make_served((OVER, False), user=cast.claims)
    client = client_of(cast.administrator)
    for name in ("information-queue", "implementation-queue", "case-list"):
        page(client, url(name))
        with django_assert_max_num_queries(14):
            page(client, url(name))


def test_way_back_from_adding_documents_leads_to_the_answer(cast: Cast, client_of: ClientOf) -> None:
    request = make_request(cast.claims)
    client, address = client_of(cast.claims), url("information-answer", request.case_id, request.pk)
    records = url("records-add", request.case_id) + f"?answers={request.pk}"
    assert records in page(client, address)
    assert address in page(client, records)
    sent = client.post(records, {"kind": "other", "file": upload_file("page-2.pdf")})
    assert (sent.status_code, sent["Location"]) == (302, address)
    for odd in ("x", "²", "-1", "9" * 20):
        assert client.get(url("records-add", request.case_id), {"answers": odd}).status_code == 200


def test_authorization_is_confirmed_with_a_file_as_proof(cast: Cast, client_of: ClientOf) -> None:
    case = make_served((OVER, False), (OVER, True), user=cast.claims)
    first, second = case.items.all()
    client, address = client_of(cast.claims), url("implementation-confirm", case.pk)
    shown = page(client, url("case-detail", case.pk))
    assert "Treatment was overturned and has to be authorized or paid." in shown
    assert address in shown
    typed = {"items": [first.pk], "done_on": mmddyyyy(clock.today()), "note": "kept words"}
    refused = page(client, address, 422, **typed)
    assert "Add the proof as a file" in refused
    assert "kept words" in refused
    assert page(client, address, 302, **typed, file=upload_file("letter.pdf")) == ""
    row = Implementation.objects.get(item=first)
    assert (row.document.kind, row.document.lateness) == ("implementation_proof", "")
    later = mmddyyyy(clock.today() + timedelta(days=1))
    bad = page(client, address, 422, items=[second.pk], done_on=later, file=upload_file("paid.pdf"))
    assert "There is a problem" in bad
    page(client, address, 302, items=[second.pk], done_on=typed["done_on"], document_id=row.document_id)
    assert "Nothing is left to be authorized or paid" in page(client, address, 409)
    assert "Nothing is outstanding" in page(client_of(cast.administrator), url("implementation-queue"))


def test_bad_proof_is_said_beside_the_file(cast: Cast, client_of: ClientOf) -> None:
    case = make_served((OVER, False), user=cast.claims)
    client, address = client_of(cast.claims), url("implementation-confirm", case.pk)
    typed = {"items": [case.items.get().pk], "done_on": mmddyyyy(clock.today()), "note": "kept words"}
    named = page(client, address, 400, **typed, file=upload_file("CM26-9999999 proof.pdf"))
    assert "speaks of case CM26-9999999" in named
    assert 'type="checkbox" name="is_name_confirmed"' in named
    broken = page(client, address, 400, **typed, file=upload_file("x.pdf", b"no pdf"))
    assert "<title>Error:" in broken
    assert "kept words" in broken


def test_file_that_was_taken_stays_chosen_when_the_rest_is_refused(cast: Cast, client_of: ClientOf) -> None:
    case = make_served((OVER, False), user=cast.claims)
    address = url("implementation-confirm", case.pk)
    typed = {"items": [case.items.get().pk], "done_on": mmddyyyy(clock.today()), "note": ""}
    meanwhile = mock.patch(
        "cases.views.following.confirm_implementation", side_effect=ConflictError("Item 1 was confirmed meanwhile.")
    )
    with meanwhile:
        shown = page(client_of(cast.claims), address, 409, **typed, file=upload_file("proof.pdf"))
    assert "Item 1 was confirmed meanwhile." in shown
    taken = case.documents.get(kind="implementation_proof")
    assert f'<option value="{taken.pk}" selected>' in shown


def test_administrator_sees_what_is_overdue_refuses_a_proof_and_closes(cast: Cast, client_of: ClientOf) -> None:
    case = make_served((OVER, False), user=cast.claims)
    staff = client_of(cast.administrator)
    assert str(case) in page(staff, url("implementation-queue"))
    assert "The time to appeal runs until" in page(staff, url("case-close", case.pk), 409)
    with time_machine.travel(last_day_to_appeal(case) + timedelta(seconds=1), tick=False):
        assert "1 overdue" in page(client_of(cast.administrator), url("implementation-queue"))
        late = client_of(cast.administrator)
        assert "say why" in page(late, url("case-close", case.pk)).lower()
        assert "Write why the case is closed" in page(late, url("case-close", case.pk), 422, reason="")
        page(late, url("case-close", case.pk), 302, reason="Settled as a whole.")
    assert Case.objects.get(pk=case.pk).status == CaseStatus.CLOSED


def test_both_sides_see_the_time_to_appeal_with_its_last_day(cast: Cast, client_of: ClientOf) -> None:
    for case in (make_served((UP, False), user=cast.claims), make_case(CaseStatus.INELIGIBLE, user=cast.claims)):
        for user in (cast.claims, cast.administrator):
            shown = page(client_of(user), url("case-detail", case.pk))
            assert f"<strong>{mmddyyyy(last_day_to_appeal(case))}</strong> a party can appeal" in shown
            assert url("deadline-detail", case.pk, "appeal") in shown


def test_appeal_of_ineligibility_is_recorded_and_decided(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.INELIGIBLE, user=cast.claims)
    staff, today = client_of(cast.administrator), mmddyyyy(clock.today())
    address = url("ineligibility-appeal", case.pk)
    assert address in page(staff, url("case-detail", case.pk))
    refused = page(staff, address, 422, appellant="employee", filed_on="", received_on=today, grounds="kept words")
    assert "kept words" in refused
    told = {"appellant": "employee", "filed_on": today, "received_on": today, "grounds": "hidden grounds"}
    page(staff, address, 302, **told)
    assert "An appeal is open already" in page(staff, address, 409)
    claims = page(client_of(cast.claims), url("case-detail", case.pk))
    assert "An appeal was filed" in claims
    assert "hidden grounds" not in claims
    page(staff, url("ineligibility-appeal-decide", case.pk), 302, outcome="reversed", decided_on=today, note="n")
    assert IneligibilityAppeal.objects.get(case=case).outcome == "reversed"
    assert Case.objects.get(pk=case.pk).status == CaseStatus.ELIGIBLE
