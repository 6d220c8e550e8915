"""Forgotten and changed passwords."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import jobs
from imr.core.models import OutboxJob
from tests.factories.accounts import PASSWORD, Cast, make_user

NEW = "a quite different phrase"
ASK = "/password-reset/"


def _run_jobs() -> None:
    for pk in OutboxJob.objects.filter(state="pending").values_list("pk", flat=True):
        jobs.run(pk)


def _link() -> str:
    found = re.search(r"https?://\S+", str(mail.outbox[-1].body))
    assert found
    return found.group()


def _path(link: str) -> str:
    return link.split("://", 1)[1].split("/", 1)[1].join(["/", ""])


@override_settings(IMR_BASE_URL="https://imr.example.org", ALLOWED_HOSTS=["testserver", "other.example"])
def test_reset_mail_leads_to_the_configured_host_and_to_a_new_password(db: None) -> None:
    user, elsewhere, client = make_user(), Client(), Client()
    elsewhere.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(ASK, {"email": user.email.upper()}, headers={"Host": "other.example"})
    assert response["Location"] == "/password-reset/sent/"
    assert mail.outbox == []
    _run_jobs()
    assert mail.outbox[0].to == [user.email]
    link = _link()
    assert link.startswith("https://imr.example.org/password-reset/")

    page = client.get(_path(link), follow=True)
    assert page.status_code == 200
    address = page.redirect_chain[-1][0]
    assert "set-password" in address
    refused = client.post(address, {"new_password1": "short", "new_password2": "short"})
    assert refused.status_code == 422
    done = client.post(address, {"new_password1": NEW, "new_password2": NEW})
    assert done["Location"] == "/sign-in/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 302
    assert Client().get(_path(link)).status_code == 410
    assert Event.objects.filter(action="password_changed", object_id=user.pk).count() == 1


def test_reset_of_an_unknown_address_looks_the_same_and_mails_nothing(db: None) -> None:
    closed = make_user(is_active=False, deactivated_at=datetime.now(UTC))
    bodies = set()
    for email in (make_user().email, "nobody@example.org", closed.email):
        client = Client()
        response = client.post(ASK, {"email": email})
        bodies.add((response.status_code, response["Location"]))
        assert Event.objects.filter(action="password_reset_requested").count() == OutboxJob.objects.count()
    assert bodies == {(302, "/password-reset/sent/")}
    _run_jobs()
    assert len(mail.outbox) == 1


def test_reset_mails_an_account_once_in_a_while(db: None) -> None:
    user = make_user()
    for _ in range(3):
        Client().post(ASK, {"email": user.email})
    _run_jobs()
    assert len(mail.outbox) <= 2


def test_reset_link_of_a_closed_account_is_dead_and_a_lock_outlives_a_reset(db: None) -> None:
    user, client = make_user(), Client()
    for number in range(5):
        Client().post("/sign-in/", {"username": user.email, "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{number}")
    client.post(ASK, {"email": user.email})
    _run_jobs()
    page = client.get(_path(_link()), follow=True)
    client.post(page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    locked = Client().post("/sign-in/", {"username": user.email, "password": NEW}, REMOTE_ADDR="192.0.2.99")
    assert locked.status_code == 429

    client.post(ASK, {"email": user.email})
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=datetime.now(UTC))
    assert client.get(_path(_link())).status_code == 410


@pytest.mark.parametrize("path", ["MQ/abc", "!!/x", "MTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA/abc-def"])
def test_damaged_reset_links_say_what_to_do(db: None, path: str) -> None:
    response = Client().get(f"/password-reset/{path}/")
    assert response.status_code == 410
    assert "Ask for a new link" in response.content.decode()


def test_change_keeps_this_session_and_ends_the_others(cast: Cast, client_of: Callable[[User], Client]) -> None:
    here, elsewhere = client_of(cast.claims), client_of(cast.claims)
    address = reverse("accounts:password-change")
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    wrong = here.post(address, {**fields, "old_password": "wrong"})
    assert wrong.status_code == 422
    assert "This is not your present password." in wrong.content.decode()
    differing = here.post(address, {**fields, "new_password2": "another"})
    assert "not the same" in differing.content.decode()
    assert elsewhere.get("/account/").status_code == 200
    assert here.post(address, fields).status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_guessing_the_present_password_locks(cast: Cast, client_of: Callable[[User], Client]) -> None:
    client = client_of(cast.claims)
    fields = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    statuses = [client.post(reverse("accounts:password-change"), fields).status_code for _ in range(6)]
    assert statuses[-1] == 429
