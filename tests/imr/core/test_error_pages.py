"""The pages for what went wrong: status, words, and nothing that could fail again."""

from collections.abc import Callable
from typing import NoReturn
from urllib.parse import urlencode as sent_form

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from imr.accounts.models import User
from imr.core import views
from imr.core.errors import ConflictError, DomainError, NotAllowedError, UnavailableError
from imr.core.middleware import DomainErrorMiddleware
from tests.factories.accounts import Cast

FORM = "application/x-www-form-urlencoded"


class _NobodyCanBeAsked:
    """Stands for a person when the database is away."""

    @property
    def is_authenticated(self) -> NoReturn:
        raise AssertionError("The page asked who is signed in.")


def ask() -> HttpRequest:
    request = RequestFactory().get("/somewhere/")
    request.user = _NobodyCanBeAsked()  # type: ignore[assignment]
    return request


def anonymous() -> HttpRequest:
    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    return request


@pytest.mark.django_db
def test_server_error_page_needs_neither_person_nor_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        response = views.server_error(ask())
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


@pytest.mark.parametrize(
    ("response", "status", "words"),
    [
        (lambda: views.bad_request(anonymous()), 400, "could not be understood"),
        (lambda: views.forbidden(anonymous()), 403, "Your role does not include this page"),
        (lambda: views.not_found(anonymous()), 404, "nothing at this address"),
        (lambda: views.csrf_failure(anonymous(), "Referer of a stranger"), 403, "out of date"),
    ],
)
def test_error_pages_say_what_to_do(response: Callable[[], HttpResponse], status: int, words: str) -> None:
    answer = response()
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "Referer" not in page
    assert 'href="/"' in page


@pytest.mark.django_db
def test_missing_csrf_token_gets_our_own_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {})

    assert answer.status_code == 403
    assert "This page was out of date" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (DomainError("Choose <one>.", fields={"item": ["Item 1 has no outcome."]}), 400, "This is not possible"),
        (NotAllowedError("Only the reviewer signs."), 403, "You may not do this"),
        (ConflictError("The case was withdrawn."), 409, "This has changed meanwhile"),
        (UnavailableError("The queue is away."), 503, "not available at the moment"),
    ],
)
def test_domain_error_becomes_a_page_with_its_words(error: DomainError, status: int, heading: str) -> None:
    middleware = DomainErrorMiddleware(views.robots)
    response = middleware.process_exception(anonymous(), error)
    assert response is not None
    page = response.content.decode()
    assert response.status_code == status
    assert heading in page
    assert error.message.replace("<", "&lt;").replace(">", "&gt;") in page
    assert ("Item 1 has no outcome." in page) == bool(error.fields)


def test_words_of_a_form_with_a_stale_token_are_shown_back(client_of: Callable[[User], Client], cast: Cast) -> None:
    client = client_of(cast.claims)
    client.handler.enforce_csrf_checks = True
    sent = {"claim_number": "WC <b>7</b>", "version": "3", "csrfmiddlewaretoken": "stale", "note": " "}
    answer = client.post("/account/", sent_form(sent), content_type=FORM)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "<dt>Claim number</dt><dd>WC &lt;b&gt;7&lt;/b&gt;</dd>" in page
    assert "save again" in page
    assert "<dt>Version" not in page
    assert "stale" not in page
    assert "<dt>Note" not in page
    for headers, more in ({}, {"password": "s3cret"}), ({"Sec-Fetch-Site": "cross-site"}, {}):
        page = client.post("/account/", sent_form(sent | more), content_type=FORM, headers=headers).content.decode()
        assert "<dt>Claim number" not in page
        assert "s3cret" not in page
    assert client.post("/account/", {"claim_number": "WC"}).status_code == 403  # with files, nothing is read


def test_words_sent_after_the_session_ended_are_shown_back(client: Client, db: None) -> None:
    answer = client.post("/account/", sent_form({"claim_number": "WC-7"}), content_type=FORM)
    assert answer.status_code == 401
    assert "<dd>WC-7</dd>" in answer.content.decode()
    assert client.post("/account/", sent_form({"version": "1"}), content_type=FORM).status_code == 302
