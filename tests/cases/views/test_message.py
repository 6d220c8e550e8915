"""The pages of messages, and the count in the menu."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import CaseMessage
from cases.rules.messages import MAX_MESSAGE
from cases.services.message import send_message
from imr.accounts.models import User
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document

type ClientOf = Callable[[User], Client]
LIST = reverse("cases:message-list")


def test_thread_is_written_read_and_counted_in_the_menu(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    document = make_document(case)
    address = reverse("cases:message-thread", args=[case.pk])
    claims, staff = client_of(cast.claims), client_of(cast.administrator)
    assert address in claims.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    long = claims.post(address, {"text": "x " * (MAX_MESSAGE // 2) + "xx"})
    assert long.status_code == 422
    assert "It has 4,002." in long.content.decode()
    assert claims.post(address, {"text": "<b>When?</b>", "documents": [document.pk]}).status_code == 302
    assert "Messages (1)" in staff.get(LIST).content.decode()
    assert "Messages (new)" in staff.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    shown = staff.get(address).content.decode()
    assert "&lt;b&gt;When?&lt;/b&gt;" in shown
    assert document.title in shown
    assert "Messages (1)" not in staff.get(LIST).content.decode()
    assert "Nothing is unread" in staff.get(LIST, {"show": "unread"}).content.decode()
    assert staff.post(address, {"text": "By Friday."}).status_code == 302
    answered = claims.get(LIST, {"show": "unread"}).content.decode()
    assert str(case) in answered
    assert "Messages (1)" in answered
    assert cast.administrator.full_name not in claims.get(address).content.decode()


def test_reviewer_and_stranger_have_no_messages(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    send_message(case_id=case.pk, actor=cast.claims, text="secret words")
    address = reverse("cases:message-thread", args=[case.pk])
    for user, status in ((cast.reviewer, 403), (cast.auditor, 403), (cast.api_client, 403), (cast.away_claims, 404)):
        client = client_of(user)
        assert client.get(address).status_code == status
        assert client.post(address, {"text": "Hello."}).status_code == status
        assert ">Messages" not in client.get("/").content.decode() or user == cast.away_claims
    assert CaseMessage.objects.count() == 1


def test_ended_case_without_messages_does_not_ask_for_one(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.WITHDRAWN, user=cast.claims)
    shown = client_of(cast.claims).get(reverse("cases:message-thread", args=[case.pk])).content.decode()
    assert "Nobody wrote about this case." in shown
    assert "Write about the case" not in shown


def test_ended_case_shows_its_messages_without_a_form(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.WITHDRAWN, user=cast.claims)
    CaseMessage.objects.create(case=case, text="old words", is_from_claims=True, sent_by=cast.claims)
    client, address = client_of(cast.claims), reverse("cases:message-thread", args=[case.pk])
    shown = client.get(address).content.decode()
    assert "old words" in shown
    assert "can be read, not continued" in shown
    assert "<textarea" not in shown
    refused = client.post(address, {"text": "More."})
    assert refused.status_code == 409
    assert "can be read, not continued" in refused.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_threads_asks_the_same_number_of_queries(
    cast: Cast, client_of: ClientOf, rows: int, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(rows):
        send_message(case_id=make_case(user=cast.claims).pk, actor=cast.claims, text="Hello.")
    client = client_of(cast.administrator)
    client.get(LIST)
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
        client.get(LIST)
