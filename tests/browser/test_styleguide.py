"""Every component on one page: look, keyboard, and the script's behavior, before any real page uses them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from imr.accounts.models import User
from tests.browser.conftest import Measure
from tests.factories.accounts import Cast

pytestmark = [
    pytest.mark.urls("tests.browser.styleguide_urls"),
    pytest.mark.django_db(transaction=True),
]


def test_components_are_accessible_and_fit_small_windows(
    page: Page,
    live_server: LiveServer,
    cast: Cast,
    sign_in: Callable[[User], None],
    axe: Measure,
    no_sideways_scroll: Measure,
) -> None:
    sign_in(cast.administrator)
    page.goto(f"{live_server.url}/styleguide/?message=1")
    axe(page)
    no_sideways_scroll(page)
    page.set_viewport_size({"width": 320, "height": 800})
    axe(page)
    toggle = page.get_by_role("button", name="Menu")
    home = page.get_by_role("navigation", name="Main").get_by_role("link", name="Cases")
    expect(home).to_be_hidden()
    toggle.press("Enter")
    expect(home).to_be_visible()


def test_form_shown_again_keeps_what_was_typed_and_leads_to_the_first_error(
    page: Page, live_server: LiveServer, axe: Measure, no_sideways_scroll: Measure
) -> None:
    page.goto(f"{live_server.url}/styleguide/?confirm=1")
    page.get_by_label("Date of injury").fill("02/30/2015")
    page.get_by_label("Fax").check()
    page.get_by_label("Reason").fill("x" * 45)
    expect(page.locator("#id_reason_limit")).to_have_text("5 characters left")
    page.get_by_label("Reason").fill("word " * 12)
    expect(page.locator("#id_reason_limit")).to_have_text("10 characters too many")

    page.get_by_role("button", name="Save and continue").click()
    question = page.get_by_role("dialog", name="Submit the application?")
    question.get_by_role("button", name="Cancel").press("Escape")
    expect(question).to_be_hidden()
    page.get_by_role("button", name="Save and continue").click()
    question.get_by_role("button", name="Save and continue").click()

    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("Date of injury")).to_have_value("02/30/2015")
    expect(page.get_by_label("Fax")).to_be_checked()
    expect(page.get_by_label("Reason")).to_have_value("word " * 12)
    for words in ("Enter the claim number.", "There is no such day.", "Reason must have 50 characters or fewer."):
        expect(summary).to_contain_text(words)
        expect(page.locator("form .usa-error-message").filter(has_text=words)).to_be_visible()
    summary.get_by_role("link", name="Enter the claim number.").click()
    expect(page.get_by_label("Claim number")).to_be_focused()
    axe(page)
    no_sideways_scroll(page)


def test_autosave_says_what_happened_and_stops_at_a_conflict(
    page: Page, live_server: LiveServer, console: list[str]
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{live_server.url}/styleguide/?autosave=1")
    number, status = page.get_by_label("Claim number"), page.locator("#saved")
    number.press_sequentially("abc")
    expect(status).to_have_text("Saved version 2")
    number.press_sequentially("d")
    expect(status).to_have_text("Saved version 3")
    expect(page.locator("#version")).to_have_value("3")
    number.fill("fault")
    expect(status).to_have_text("Not saved: the server has a problem. Your text is here; trying again in 5 s.")
    assert any("503" in line for line in console)
    console.clear()
    number.fill("conflict")
    expect(status).to_have_text("Somebody else saved meanwhile.")
    expect(status).to_have_class(re.compile("autosave--failed"))
    number.fill("more")
    page.wait_for_timeout(300)
    expect(status).to_have_text("Somebody else saved meanwhile.")


def test_pages_work_without_script(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    try:
        page = context.new_page()
        page.goto(f"{live_server.url}/styleguide/?confirm=1")
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        expect(page.get_by_text("Up to 50 characters.")).to_be_visible()
    finally:
        context.close()
