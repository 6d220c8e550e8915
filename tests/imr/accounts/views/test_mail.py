"""The pages of mails: choosing, ending with one click, and the queue."""

from collections.abc import Callable

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imr.accounts.enums import MailEvent, MailMode, MailState
from imr.accounts.models import Mail, MailChoice, MailHabit, User
from imr.accounts.selectors.mail import unsubscribe_url, wishes_of
from imr.audit.models import Event
from imr.core import clock
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PAGE = "/account/mails/"


def path_of(user: User, event: MailEvent) -> str:
    return "/" + unsubscribe_url(user.pk, event).split("://", 1)[1].split("/", 1)[1]


def make_mail(user: User, **fields: object) -> Mail:
    return Mail.objects.create(
        **{
            "recipient": user,
            "event": MailEvent.DUE_SOON,
            "key": "1",
            "path": "/",
            "case_number": "CM26-0000042",
            **fields,
        }
    )


def test_person_chooses_mails_and_hour(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.claims)
    page = client.get(PAGE).content.decode()
    assert "Something is due soon" in page
    assert "Always at once" in page
    assert 'name="notice_issued"' not in page
    answers = {event.value: MailMode.AT_ONCE.value for event in MailEvent} | {
        "due_soon": "digest",
        "overdue": "off",
        "digest_hour": "17",
        "is_for_all_cases": "on",
    }
    assert client.post(PAGE, answers).status_code == 302
    modes = {wish.event: wish.mode for wish in wishes_of(cast.claims)}
    assert (modes[MailEvent.DUE_SOON], modes[MailEvent.OVERDUE]) == (MailMode.DIGEST, MailMode.OFF)
    habit = MailHabit.objects.get(user=cast.claims)
    assert (habit.digest_hour, habit.is_for_all_cases) == (17, True)
    # What is for others is not stored, whatever was posted.
    assert set(MailChoice.objects.filter(user=cast.claims).values_list("event", flat=True)) == {
        "application_received",
        "due_soon",
        "overdue",
        "link_used",
        "message",
        "report_awaited",
    }
    assert Event.objects.get(action="mail.choose").detail == {"off": ["overdue"]}


@pytest.mark.parametrize("wrong", [{"digest_hour": "24"}, {"due_soon": "never"}, {"digest_hour": ""}])
def test_wrong_choice_is_refused_beside_the_field(cast: Cast, client_of: SignIn, wrong: dict[str, str]) -> None:
    answers = {"application_received": "off", "due_soon": "digest", "overdue": "off", "digest_hour": "7"} | wrong
    response = client_of(cast.claims).post(PAGE, answers)
    assert response.status_code == 422
    assert not MailChoice.objects.exists()
    # Nothing that was chosen is lost.
    assert '<option value="off" selected>' in response.content.decode()


def test_reviewer_and_staff_choose_among_their_own_mails(cast: Cast, client_of: SignIn) -> None:
    assert "A case is offered to you" in client_of(cast.reviewer).get(PAGE).content.decode()
    page = client_of(cast.medical_director).get(PAGE).content.decode()
    assert "waits for the second read" in page
    assert "is_for_all_cases" not in page


def test_one_click_ends_a_kind_of_mail_and_looking_does_not(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    address = path_of(cast.claims, MailEvent.DUE_SOON)
    assert "Stop these mails?" in client.get(address).content.decode()
    assert not MailChoice.objects.exists()
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailChoice.objects.get().mode == MailMode.OFF
    assert client.post(address).status_code == 200
    assert Event.objects.filter(action="mail.switch_off").count() == 2


def test_fixed_mails_cannot_be_ended_and_a_changed_address_is_not_found(cast: Cast) -> None:
    client = Client()
    fixed = client.post(path_of(cast.claims, MailEvent.NOTICE_ISSUED))
    assert "cannot be stopped" in fixed.content.decode()
    good = path_of(cast.claims, MailEvent.DUE_SOON)
    for wrong in (
        good.replace(f"/{cast.claims.pk}.", f"/{cast.colleague.pk}."),
        good.replace("due_soon", "overdue"),
        good.replace("due_soon", "nothing"),
        "/mails/off/x/",
        "/mails/off/٣.due_soon.abc/",
        "/mails/off/9999999999999999999999.due_soon.a/",
    ):
        assert client.post(wrong).status_code == 404
    assert not MailChoice.objects.exists()


def test_queue_shows_state_and_problem_and_sends_again(cast: Cast, client_of: SignIn) -> None:
    make_mail(cast.claims, state=MailState.SENT, sent_at=clock.now(), sent_to=cast.claims.email)
    broken = make_mail(cast.colleague, state=MailState.UNCLEAR, problem="TimeoutError", attempts=1)
    client = client_of(cast.operator)
    page = client.get(reverse("accounts:mail-list")).content.decode()
    assert cast.claims.email in page
    assert "TimeoutError" in page
    assert page.count("Send again") == 1
    narrowed = client.get(reverse("accounts:mail-list"), {"state": "sent"}).content.decode()
    assert cast.colleague.email not in narrowed
    again = reverse("accounts:mail-again", args=[broken.pk])
    assert client.post(again).status_code == 302
    assert client.post(again).status_code == 409
    assert Event.objects.get(action="mail.send_again").object_id == broken.pk
    assert client_of(cast.auditor).post(again).status_code == 403
    assert "Send again" not in client_of(cast.auditor).get(reverse("accounts:mail-list")).content.decode()
    assert django_mail.outbox == []


def test_operator_sees_neither_who_a_reviewer_is_nor_of_which_case(cast: Cast, client_of: SignIn) -> None:
    make_mail(
        cast.reviewer,
        event=MailEvent.OFFER_MADE,
        state=MailState.SENT,
        sent_at=clock.now(),
        sent_to=cast.reviewer.email,
    )
    page = client_of(cast.operator).get(reverse("accounts:mail-list"))
    assert cast.reviewer.email not in page.content.decode()
    assert "CM26-0000042" not in page.content.decode()
    assert f"Expert reviewer #{cast.reviewer.pk}" in page.content.decode()
    found = client_of(cast.operator).get(reverse("accounts:mail-list"), {"number": "CM26-0000042"})
    assert f"Expert reviewer #{cast.reviewer.pk}" not in found.content.decode()
    seen = client_of(cast.administrator).get(reverse("accounts:mail-list"), {"number": "CM26-0000042"})
    assert cast.reviewer.email in seen.content.decode()


def test_queue_has_one_number_of_queries_and_refuses_wrong_filters(cast: Cast, client_of: SignIn) -> None:
    client, address = client_of(cast.operator), reverse("accounts:mail-list")
    make_mail(cast.claims)
    client.get(address)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        make_mail(cast.colleague, key=f"a{number}")
        make_mail(cast.manager, key=f"b{number}")
    assert counts[0] == counts[1]
    assert client.get(address, {"state": "lost"}).status_code == 422
