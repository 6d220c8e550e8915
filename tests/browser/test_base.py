"""The frame around every page, on pages that every installation has."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from imr.accounts.models import User
from tests.browser.conftest import Measure
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_missing_page_is_a_page_with_frame_and_way_out(
    page: Page,
    live_server: LiveServer,
    cast: Cast,
    sign_in: Callable[[User], None],
    axe: Measure,
    no_sideways_scroll: Measure,
) -> None:
    sign_in(cast.administrator)
    answer = page.goto(f"{live_server.url}/nothing-here/")
    assert answer is not None
    assert answer.status == 404
    expect(page).to_have_title("Page not found | IMR")
    expect(page.get_by_role("banner")).to_contain_text("Administrator")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    axe(page)
    no_sideways_scroll(page)


def test_end_of_session_is_announced_and_can_be_put_off(
    page: Page, live_server: LiveServer, cast: Cast, sign_in: Callable[[User], None], settings: Settings
) -> None:
    settings.IMR_SESSION_IDLE_SECONDS = 60 + 123
    sign_in(cast.claims)
    page.goto(f"{live_server.url}/nothing-here/")
    dialog = page.get_by_role("dialog", name="Your session is about to end")
    expect(dialog).to_be_hidden()
    expect(dialog).to_be_visible(timeout=10_000)
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        dialog.get_by_role("button", name="Stay signed in").click()
    assert answered.value.ok
    expect(dialog).to_be_hidden()

    page.context.clear_cookies(name="sessionid")
    expect(dialog).to_be_visible(timeout=10_000)
    dialog.get_by_role("button", name="Stay signed in").click()
    ended = page.get_by_role("dialog", name="Your session has ended")
    expect(ended.get_by_role("link", name="Sign in again")).to_have_attribute(
        "href", "/sign-in/?next=%2Fnothing-here%2F"
    )
