"""The pages of accounts in a browser: accessible, quiet, narrow, and by keyboard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from imr.accounts.enums import Role
from imr.accounts.models import Invitation, User
from imr.accounts.services.api_token import issue_token
from imr.accounts.services.invitation import _token
from imr.accounts.services.secret import secret_hash
from imr.core import clock
from tests.factories.accounts import PASSWORD, Cast, make_cast

Measure = Callable[[Page], None]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def invited(cast: Cast) -> str:
    """The path of an open invitation of a reviewer."""
    expires_at = clock.now() + timedelta(days=3)
    secret = _token("new@example.org", cast.home.pk, expires_at)
    Invitation.objects.create(
        email="new@example.org",
        role=Role.CLAIMS_STAFF,
        organization=cast.home,
        token_hash=secret_hash(secret),
        invited_by=cast.manager,
        expires_at=expires_at,
    )
    return f"/invitation/{secret}/"


def test_sign_in_by_keyboard_after_a_mistake(
    page: Page, live_server: LiveServer, cast: Cast, axe: Measure, no_sideways_scroll: Measure
) -> None:
    page.goto(f"{live_server.url}/account/")
    axe(page)
    no_sideways_scroll(page)
    page.get_by_label("E-mail address").fill(cast.auditor.email)
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_value(cast.auditor.email)
    axe(page)
    no_sideways_scroll(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_pages_are_accessible_and_narrow(
    page: Page,
    live_server: LiveServer,
    cast: Cast,
    invited: str,
    sign_in: Callable[[User], None],
    axe: Measure,
    no_sideways_scroll: Measure,
) -> None:
    issue_token(actor=cast.manager, name="Claims system")
    visits: list[tuple[User | None, list[str]]] = [
        (None, ["/password-reset/", "/password-reset/sent/", "/password-reset/MQ/x-y/", invited, "/invitation/gone/"]),
        (
            cast.manager,
            [
                "/people/",
                "/people/?role=king",
                f"/people/{cast.claims.pk}/",
                "/people/invite/",
                "/tokens/",
                "/account/",
            ],
        ),
        (cast.administrator, ["/people/", "/organizations/", "/organizations/new/", "/account/password/"]),
        (cast.auditor, ["/audit/"]),
    ]
    for user, paths in visits:
        if user is not None:
            sign_in(user)
        for path in paths:
            page.goto(f"{live_server.url}{path}")
            expect(page.locator("h1")).to_have_count(1)
            axe(page)
            no_sideways_scroll(page)
