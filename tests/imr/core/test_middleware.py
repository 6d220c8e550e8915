"""What every answer carries."""

import re

from django.conf import settings
from django.test import Client, override_settings

from imr.audit.models import Event
from imr.core import context
from imr.core.middleware import _address
from tests.factories.accounts import make_user


def test_every_answer_has_its_own_request_id_that_the_record_shares(db: None) -> None:
    client, user = Client(), make_user()
    first = client.get("/healthz")["X-Request-ID"]
    response = client.post("/sign-in/", {"username": user.email, "password": "wrong"})
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert response["X-Request-ID"] != first
    assert Event.objects.get(action="sign_in_failed").request_id == response["X-Request-ID"]
    assert context.current() == context.WorkContext()


def test_every_answer_has_the_security_headers(db: None) -> None:
    response = Client().get("/sign-in/")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    policy = response["Content-Security-Policy"]
    assert "object-src 'none'" in policy
    assert "unsafe" not in policy


def test_session_cookie_is_out_of_the_reach_of_scripts_and_other_sites(db: None) -> None:
    client, user = Client(), make_user()
    client.post("/sign-in/", {"username": user.email, "password": "correct horse battery staple"})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""


def test_forged_host_is_refused(db: None) -> None:
    assert Client().get("/sign-in/", headers={"Host": "evil.example"}).status_code == 400


def test_forwarded_address_counts_behind_our_own_proxies_only() -> None:
    from django.test import RequestFactory

    def asked(forwarded: str) -> str | None:
        return _address(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1"))

    assert asked("203.0.113.9") == "10.0.0.1"
    with override_settings(TRUSTED_PROXY_COUNT=1):
        assert asked("198.51.100.66, 203.0.113.9") == "203.0.113.9"
        assert asked("") == "10.0.0.1"
    with override_settings(TRUSTED_PROXY_COUNT=2):
        assert asked("1.1.1.1, 198.51.100.66, 203.0.113.9") == "198.51.100.66"
        assert asked("203.0.113.9") == "10.0.0.1"


def test_damaged_forwarded_address_does_not_break_the_record(db: None) -> None:
    with override_settings(TRUSTED_PROXY_COUNT=1):
        response = Client().post(
            "/sign-in/",
            {"username": "nobody@example.org", "password": "wrong"},
            headers={"X-Forwarded-For": "<script>"},
        )
    assert response.status_code == 422
    assert Event.objects.get(action="sign_in_failed").address is None


def test_methods_that_no_page_takes_are_refused(db: None) -> None:  # B37
    client = Client()
    for path in ("/sign-in/", "/nothing-here/"):
        assert client.trace(path).status_code == 405
    assert client.put("/sign-in/").status_code == client.delete("/sign-in/").status_code == 405
    options = client.options("/sign-in/")
    assert (options.status_code, options["Allow"], options.content) == (204, "GET, HEAD, POST, OPTIONS", b"")
