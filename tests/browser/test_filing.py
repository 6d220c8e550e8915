"""The whole application in Chromium, by keyboard: typed, saved by itself, found again, submitted, received."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Application, Case, DisputedItem, Document
from cases.services.receipt import render_receipt
from imr.accounts.models import User
from tests.factories.accounts import PASSWORD, make_cast
from tests.factories.cases import SEED_ITEM, make_draft, make_pdf

pytestmark = pytest.mark.django_db(transaction=True)

Measure = Callable[[Page], None]
SIGN_IN = Callable[[User], None]

ADDRESS = {"Street address": "100 Main Street", "City": "Fresno", "State": "California", "ZIP code": "93701"}


def fill(page: Page, values: dict[str, str]) -> None:
    """Type into each field, found by its label and reached by the keyboard's focus."""
    for label, value in values.items():
        field = page.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$")).first
        field.focus()
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            page.keyboard.press("Control+A")
            page.keyboard.type(value)


def choose(page: Page, group: str, answer: str) -> None:
    """Answer a question of radio buttons with the space bar."""
    page.get_by_role("group", name=re.compile(re.escape(group))).get_by_label(answer, exact=True).focus()
    page.keyboard.press("Space")


def go_on(page: Page, heading: str, button: str = "Save and continue") -> None:
    """Press the button by keyboard and arrive at the page of `heading`."""
    page.get_by_role("button", name=button, exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_application_is_filed_by_keyboard(
    page: Page,
    sign_in: SIGN_IN,
    live_server: LiveServer,
    axe: Measure,
    no_sideways_scroll: Measure,
    tmp_path: Path,
) -> None:
    cast = make_cast()
    sign_in(cast.claims)
    page.goto(f"{live_server.url}/cases/new/")
    go_on(page, "Application", "Start a new application")
    axe(page)
    case = Case.objects.get()
    page.get_by_role("link", name="Type of review").focus()
    page.keyboard.press("Enter")

    choose(page, "Type of review", "Regular")
    go_on(page, "Injured worker")
    fill(page, {"First name": "Maria", "Last name": "Sandoval", **ADDRESS, "Date of birth": "05/17/1961"})
    go_on(page, "Employer and claim")

    # What is typed is kept by itself, half a date too, and is there on another machine.
    fill(page, {"Claim number": "WC-2014-00815", "Date of injury": "11/0"})
    expect(page.locator("#saved")).to_have_text(re.compile(r"^Saved at \d{1,2}:\d\d:\d\d [AP]M PT"), timeout=15_000)
    page.goto("about:blank")
    page.goto(f"{live_server.url}/cases/{case.pk}/application/claim/")
    expect(page.get_by_label("Date of injury")).to_have_value("11/0")
    expect(page.get_by_label("Last day of the period")).to_be_hidden()
    page.get_by_label("The injury happened over a period of time").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Last day of the period")).to_be_visible()
    page.keyboard.press("Space")
    go = page.get_by_role("button", name="Save and continue")
    go.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_label("Date of injury")).to_have_value("11/0")
    axe(page)
    no_sideways_scroll(page)
    fill(page, {"Date of injury": "11/01/2011", "Employer’s name": "Delta Orchards, Inc."})
    go_on(page, "Requesting physician")

    fill(page, {"Last name": "Bell", "Specialty": "Pain Management", **ADDRESS, "Phone": "916 555 0177"})
    go_on(page, "Claims administrator")
    fill(page, {"Contact’s last name": "Kovac", **ADDRESS, "Phone": "916 555 0100"})
    go_on(page, "UR decision")
    fill(
        page,
        {
            "Date of the UR decision letter": "03/17/2014",
            "Date the decision was served on the worker": "03/17/2014",
            "Primary diagnosis": "Lumbago",
        },
    )
    choose(page, "How it was served", "Mail")
    choose(page, "Was it denied only", "No")
    choose(page, "Is liability also disputed", "No")
    go_on(page, "Disputed treatment")

    page.get_by_role("link", name="Add an item").focus()
    page.keyboard.press("Enter")
    fill(page, {"Requested treatment": SEED_ITEM, "Kind of treatment": "Other rehabilitation"})
    choose(page, "Outcome of utilization review", "Modified")
    expect(page.get_by_label("What is left in dispute")).to_be_visible()
    choose(page, "Outcome of utilization review", "Denied")
    axe(page)
    go_on(page, "Disputed treatment", "Save item")
    assert DisputedItem.objects.get().description == SEED_ITEM
    page.get_by_role("link", name="Continue").focus()
    page.keyboard.press("Enter")
    choose(page, "Does the worker have an attorney", "No")
    choose(page, "Has the worker named somebody else", "No")
    go_on(page, "Signature and consent")
    choose(page, "Who signed the application", "The injured worker")
    fill(
        page,
        {
            "Name of the person who signed": "Maria Sandoval",
            "Date of the signature": "03/28/2014",
            "Date of the consent to release medical records": "03/28/2014",
        },
    )
    go_on(page, "Documents")

    paths = []
    for name, data in (("letter.pdf", make_pdf(3, mark="a")), ("page.pdf", b"<!doctype html><p>hello" * 50)):
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    fill(page, {"What are you adding?": "UR decision letter"})
    page.locator("#id_file").set_input_files(paths)
    lines = page.locator(".upload__file")
    expect(lines.nth(0)).to_contain_text("Uploaded, 3 pages.", timeout=30_000)
    expect(lines.nth(1)).to_contain_text("This is not a PDF (it looks like a web page)", timeout=30_000)
    expect(page.get_by_role("region", name="Documents on file")).to_contain_text("letter")
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("link", name="Continue").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.locator("main")).to_contain_text("The last day to file was")
    axe(page)
    no_sideways_scroll(page)
    fill(page, {"Your full name": cast.claims.full_name})
    page.get_by_label("I have checked these answers").focus()
    page.keyboard.press("Space")
    go_on(page, "Check your answers", "Submit application")
    page.get_by_label("Submit all the same (INE-SIG)").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Your full name")).to_have_value(cast.claims.full_name)
    go_on(page, "Application received", "Submit application")

    case.refresh_from_db()
    expect(page.locator(".receipt-head__number")).to_have_text(str(case.number))
    expect(page.locator("main")).to_contain_text(Document.objects.get().sha256)
    axe(page)
    no_sideways_scroll(page)
    render_receipt(case_id=case.pk)
    link = page.get_by_role("link", name="Download the receipt")
    expect(link).to_be_visible(timeout=15_000)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"{case.number}_filing-receipt.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def test_two_windows_of_one_step_lose_nothing(page: Page, sign_in: SIGN_IN, live_server: LiveServer) -> None:
    cast = make_cast()
    sign_in(cast.claims)
    case = make_draft(cast.claims)
    address = f"{live_server.url}/cases/{case.pk}/application/claim/"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    fill(other, {"Claim number": "THEIRS"})
    go_on(other, "Requesting physician")

    fill(page, {"Claim number": "MINE"})
    expect(page.locator("#saved")).to_contain_text("changed meanwhile", timeout=15_000)
    page.get_by_role("button", name="Save and continue").click()

    expect(page.get_by_role("region", name="Differences")).to_contain_text("THEIRS")
    expect(page.get_by_label("Claim number", exact=True)).to_have_value("MINE")
    go_on(page, "Requesting physician")
    assert Application.objects.get(case=case).claim_number == "MINE"


def test_words_typed_after_the_session_ended_are_saved_after_signing_in(
    page: Page, sign_in: SIGN_IN, live_server: LiveServer, axe: Measure
) -> None:
    cast = make_cast()
    sign_in(cast.claims)
    case = make_draft(cast.claims)
    page.goto(f"{live_server.url}/cases/{case.pk}/application/claim/")
    page.context.clear_cookies(name="sessionid")
    fill(page, {"Claim number": "TYPED LATE"})
    ended = page.get_by_role("dialog", name="Your session has ended")
    expect(ended).to_contain_text("Your text is still here.")
    expect(page.locator("#saved")).to_contain_text("Sign in again to save.")
    axe(page)
    ended.get_by_role("button", name="I have signed in").click()
    expect(ended).to_contain_text("You are not signed in yet.")

    def sign_in_beside(email: str) -> Page:
        with page.context.expect_page() as opened:
            ended.get_by_role("link", name="Sign in again").click()
        tab = opened.value
        assert tab.evaluate("() => window.opener") is None
        tab.get_by_label("E-mail address").fill(email)
        tab.get_by_label("Password").fill(PASSWORD)
        tab.keyboard.press("Enter")
        expect(tab.get_by_role("heading", level=1)).to_have_text("You are signed in again")
        return tab

    stranger = sign_in_beside(cast.away_claims.email)
    expect(ended).to_contain_text("Somebody else is signed in now.")
    stranger.get_by_role("button", name="Sign out").click()
    sign_in_beside(cast.claims.email)
    expect(ended).to_be_hidden()
    expect(page.get_by_label("Claim number", exact=True)).to_have_value("TYPED LATE")
    expect(page.locator("#saved")).to_have_text(re.compile(r"^Saved at"), timeout=15_000)
    assert Application.objects.get(case=case).steps["claim"]["typed"]["claim_number"] == "TYPED LATE"
    assert "TYPED" not in page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_words_typed_with_the_token_of_the_session_before_are_saved(
    page: Page, sign_in: SIGN_IN, live_server: LiveServer
) -> None:
    cast = make_cast()
    sign_in(cast.claims)
    case = make_draft(cast.claims)
    page.goto(f"{live_server.url}/cases/{case.pk}/application/claim/")
    other = page.context.new_page()
    other.goto(live_server.url)
    other.get_by_role("button", name="Sign out").click()
    other.get_by_label("E-mail address").fill(cast.claims.email)
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.get_by_role("button", name="Sign out")).to_be_visible()

    fill(page, {"Claim number": "TYPED ON"})
    expect(page.locator("#saved")).to_have_text(re.compile(r"^Saved at"), timeout=15_000)
    fill(page, {"Date of injury": "11/01/2011", "Employer’s name": "Delta Orchards, Inc."})
    go_on(page, "Requesting physician")
    assert Application.objects.get(case=case).claim_number == "TYPED ON"
