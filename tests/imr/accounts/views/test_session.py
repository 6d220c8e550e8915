"""Signing in and out, the lock, and the limits of a session."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from tests.factories.accounts import PASSWORD, Cast, make_user
from tests.hashers import CountingHasher

SIGN_IN = "/sign-in/"
START = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def _try(
    client: Client, email: str, password: str = PASSWORD, address: str = "192.0.2.1", **fields: str
) -> tuple[int, str]:
    response = client.post(
        SIGN_IN, {"username": email, "password": password, **fields}, REMOTE_ADDR=address, HTTP_USER_AGENT="test"
    )
    return response.status_code, response.content.decode()


def _is_signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:account")).status_code == 200


def test_sign_in_gives_a_new_session_and_stands_in_the_record(db: None) -> None:
    user, client = make_user(), Client()
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    status, _ = _try(client, user.email.upper())
    assert status == 302
    assert client.session.session_key != before
    assert _is_signed_in(client)
    event = Event.objects.get(action="sign_in")
    assert (event.actor, event.organization, event.address) == (user, user.organization, "192.0.2.1")


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/account/", "/account/"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_sign_in_goes_to_pages_of_this_site_only(db: None, asked: str, leads_to: str) -> None:
    response = Client().post(SIGN_IN, {"username": make_user().email, "password": PASSWORD, "next": asked})
    assert response["Location"] == leads_to


def test_failure_keeps_the_address_and_says_the_same_for_everybody(db: None) -> None:
    closed = make_user(is_active=False, deactivated_at=START)
    answers = {
        _try(Client(), email, password)[0]: None
        for email, password in [(make_user().email, "wrong"), ("nobody@example.org", "wrong"), (closed.email, PASSWORD)]
    }
    assert list(answers) == [422]
    words = set()
    for email, password in [(make_user().email, "wrong"), ("nobody2@example.org", "wrong"), (closed.email, PASSWORD)]:
        _, body = _try(Client(), email, password, address="192.0.2.2")
        assert f'value="{email}"' in body
        assert "wrong" not in body
        words.add("The e-mail address or the password is not right." in body)
    assert words == {True}
    assert not Event.objects.filter(action="sign_in").exists()
    assert Event.objects.filter(action="sign_in_failed", outcome="failed").count() == 6


def test_sixth_try_is_refused_even_with_the_right_password(db: None) -> None:
    user = make_user()
    with time_machine.travel(START, tick=False) as clock:
        for number in range(5):
            _try(Client(), user.email.capitalize(), "wrong", address=f"192.0.2.{number}")
        status, body = _try(Client(), user.email, address="192.0.2.200")
        assert status == 429
        assert "Sign-in is locked for 15 minutes" in body
        assert Event.objects.filter(action="locked", outcome="refused", object_id=user.pk).exists()
        unknown_status, unknown_body = 0, ""
        for number in range(6):
            unknown_status, unknown_body = _try(Client(), "nobody@example.org", address=f"198.51.100.{number}")
        assert (unknown_status, _words(unknown_body)) == (429, _words(body))
        clock.shift(timedelta(minutes=14))
        assert _try(Client(), user.email)[0] == 429
        clock.shift(timedelta(minutes=2))
        assert _try(Client(), user.email)[0] == 302


def test_five_failures_lock_the_address_for_other_accounts_and_a_success_does_not_forgive_it(db: None) -> None:
    own, other = make_user(), make_user()
    client = Client()
    for number in range(4):
        _try(client, f"nobody{number}@example.org", "wrong")
    assert _try(client, own.email)[0] == 302
    _try(Client(), "nobody5@example.org", "wrong")
    assert _try(Client(), other.email)[0] == 429
    assert _try(Client(), other.email, address="192.0.2.77")[0] == 302


def test_success_forgives_the_account_its_failures(db: None) -> None:
    user = make_user()
    for number in range(4):
        _try(Client(), user.email, "wrong", address=f"192.0.2.{number}")
    assert _try(Client(), user.email, address="192.0.2.9")[0] == 302
    _try(Client(), user.email, "wrong", address="192.0.2.10")
    assert _try(Client(), user.email, address="192.0.2.11")[0] == 302


def test_unknown_name_costs_the_same_work_as_a_known_one(db: None, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.hashers.CountingHasher"]
    settings.AXES_FAILURE_LIMIT = 1_000
    user = make_user(password=make_password(PASSWORD))
    closed = make_user(password=make_password(PASSWORD), is_active=False, deactivated_at=START)
    client, costs = Client(), []
    _try(client, user.email, "wrong", address="192.0.2.100")
    for number, email in enumerate([user.email, "nobody@example.org", closed.email]):
        before = CountingHasher.encoded
        with CaptureQueriesContext(connection) as queries:
            _try(client, email, "wrong", address=f"192.0.2.{number}")
        costs.append((CountingHasher.encoded - before, len(queries)))
    assert costs[0][0] == 1
    assert len(set(costs)) == 1


def test_sign_out_ends_the_session_and_tells_the_browser_to_forget(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    client = client_of(cast.claims)
    key = client.session.session_key
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    response = client.post(reverse("accounts:sign-out"))
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response["Location"] == SIGN_IN
    client.cookies[settings.SESSION_COOKIE_NAME] = key or ""
    assert not _is_signed_in(client)
    assert Event.objects.filter(action="sign_out", actor=cast.claims).exists()


def test_idle_session_ends_after_30_minutes_and_the_next_page_says_so(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = client_of(cast.claims)
        for _ in range(3):
            clock.shift(timedelta(minutes=29))
            assert _is_signed_in(client)
        clock.shift(timedelta(minutes=31))
        response = client.get(reverse("accounts:account"))
        assert response["Location"] == f"{SIGN_IN}?next=/account/&ended=1"
        assert "your session ended" in client.get(response["Location"]).content.decode()


def test_extending_keeps_an_idle_session_but_not_beyond_12_hours(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = client_of(cast.claims)
        assert _is_signed_in(client)
        for _ in range(24):
            clock.shift(timedelta(minutes=29, seconds=50))
            assert client.post(reverse("accounts:session-extend")).status_code == 204
        clock.shift(timedelta(minutes=5))
        assert client.post(reverse("accounts:session-extend")).status_code == 302


def test_asking_in_the_background_does_not_keep_a_session(cast: Cast, client_of: Callable[[User], Client]) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = client_of(cast.claims)
        assert _is_signed_in(client)
        for _ in range(3):
            clock.shift(timedelta(minutes=11))
            response = client.get(reverse("accounts:account"), headers={"X-Background": "1", "HX-Request": "true"})
        assert response.status_code == 401
        assert response["HX-Trigger"] == "imr:signed-out"


@pytest.mark.parametrize(
    ("role", "leads_to"), [(Role.OPERATOR, "/people/"), (Role.CLAIMS_STAFF, "/cases/"), (Role.AUDITOR, "/cases/")]
)
def test_home_leads_to_where_the_work_is(
    cast: Cast, client_of: Callable[[User], Client], role: Role, leads_to: str
) -> None:
    assert client_of(cast.people[role]).get("/")["Location"] == leads_to


def test_signed_in_answers_are_not_kept(cast: Cast, client_of: Callable[[User], Client]) -> None:
    response = client_of(cast.claims).get(reverse("accounts:account"))
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def _words(body: str) -> str:
    return body[body.index("<main") : body.index("</main>")]
