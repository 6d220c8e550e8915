"""Choosing mails, an invoice from the fee to the credit note, late records and reviewers' fees, in a browser."""

import os
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from imr.accounts.enums import MailEvent, MailState, Role
from imr.accounts.models import Mail, MailChoice, User
from tests.factories.accounts import make_user
from tests.factories.fees import make_entry, make_late_case
from tests.factories.ledger import make_earned, make_rate

Measure = Callable[[Page], None]
SHOTS = os.environ.get("IMR_SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


def test_fees_from_the_amount_to_the_credit_note(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], axe: Measure, no_sideways_scroll: Measure
) -> None:
    def look(name: str) -> None:
        axe(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        no_sideways_scroll(page)

    def go(name: str, *arguments: object) -> None:
        page.goto(f"{live_server.url}{reverse(name, args=arguments)}")

    page.on("dialog", lambda dialog: dialog.accept())
    manager = make_user(Role.CLAIMS_MANAGER)
    entry = make_entry(organization=manager.organization)
    make_entry()
    make_late_case(user=manager)
    make_late_case(user=manager, days=20)
    earned = make_earned()
    make_rate()
    administrator = make_user(Role.ADMINISTRATOR)
    mail = {"recipient": manager, "event": MailEvent.DUE_SOON, "path": "/", "case_number": "CM26-0000042"}
    Mail.objects.create(**mail, key="1", state=MailState.UNCLEAR, problem="TimeoutError", attempts=1)

    sign_in(administrator)
    go("cases:fee-list")
    look("fees")
    go("cases:invoice-list")
    look("invoices")
    page.get_by_role("button", name=f"Issue invoice to {entry.organization.name} for 03/2025").click()
    answer = page.get_by_role("dialog").get_by_role("button").first
    if answer.is_visible():
        answer.click()
    expect(page.get_by_role("heading", name="Invoice INV")).to_be_visible()
    look("invoice")
    page.get_by_role("link", name="Credit lines…").click()
    page.get_by_label(str(entry.case.number)).check()
    page.get_by_label("Why").fill("Wrong kind of fee")
    look("credit")
    page.get_by_role("button", name="Issue the credit note").click()
    expect(page.get_by_text("Credited")).to_be_visible()
    go("cases:fee-amount", entry.pk)
    look("amount")
    go("cases:penalty-list")
    look("late-records")
    page.get_by_role("link", name="Decide on case").first.click()
    look("decide")
    go("cases:case-detail", entry.case_id)
    look("case")
    go("reviews:ledger-reviewer", earned.reviewer_id)
    look("ledger-reviewer")
    go("reviews:ledger-rates")
    look("ledger-rates")
    page.goto(f"{live_server.url}{reverse('reviews:ledger-month')}?month=03/2025")
    look("ledger-month")
    go("accounts:mail-list")
    look("mails")

    sign_in(earned.reviewer.user)
    go("reviews:own-ledger")
    look("own-ledger")
    go("accounts:mail-choices")
    look("mail-choices")
    page.get_by_label("An offer ends soon").select_option("Not at all")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choice of mails is saved.")).to_be_visible()
    assert MailChoice.objects.get(user=earned.reviewer.user, event=MailEvent.OFFER_REMINDER).mode == "off"
