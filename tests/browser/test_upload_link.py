"""Asking a medical office for documents, and sending them without an account."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Document
from imr.accounts.enums import Role
from imr.accounts.models import User
from tests.factories.accounts import make_user
from tests.factories.cases import make_case, make_pdf

Measure = Callable[[Page], None]
SHOTS = os.environ.get("IMR_SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


def test_office_without_account_sends_what_it_is_asked_for(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    axe: Measure,
    no_sideways_scroll: Measure,
    tmp_path: Path,
) -> None:
    user = make_user(Role.CLAIMS_STAFF)
    case = make_case(user=user)
    sign_in(user)

    def look(name: str) -> None:
        axe(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        no_sideways_scroll(page)

    page.goto(live_server.url + reverse("cases:upload-link-list", args=[case.pk]))
    page.get_by_label("Who is asked").fill("Valley Spine Clinic")
    page.get_by_label("Physician or medical office").check()
    page.get_by_label("Medical report").check()
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_label("Link to copy").input_value()
    look("link-made")

    page.context.clear_cookies()
    page.goto(address)
    look("link-open")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#id_file_1_error")).to_contain_text("Choose at least one file.")
    page.get_by_label("Your name").fill("Ada Lindqvist")
    report = tmp_path / "report.pdf"
    report.write_bytes(make_pdf(pages=3, mark="report"))
    page.get_by_label("File 1", exact=True).set_input_files(report)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Received, thank you")).to_be_visible()
    look("link-receipt")
    page.goto(address)
    expect(page.get_by_text(f"{case.number}-L1")).to_be_visible()
    assert Document.objects.get(upload_link__isnull=False).page_count == 3

    sign_in(user)
    page.goto(live_server.url + reverse("cases:upload-link-list", args=[case.pk]))
    expect(page.get_by_text("Used", exact=True)).to_be_visible()
    look("link-used")
