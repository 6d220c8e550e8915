"""The mail room in a browser: a scan, its parts, and filing one of them by the proposal."""

import os
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.services.cover_sheet import render_cover_sheet
from cases.services.scan_batch import read_scan_batch
from imr.accounts.enums import Role
from imr.accounts.models import User
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.scans import add_scan, make_sheet, scan_of

Measure = Callable[[Page], None]
SHOTS = os.environ.get("IMR_SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


def test_mail_room_files_what_the_sheet_proposes(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    axe: Measure,
    no_sideways_scroll: Measure,
) -> None:
    case, user = make_case(), make_user(Role.ADMINISTRATOR)
    sheet = render_cover_sheet(sheet_id=make_sheet(case).pk)
    batch = add_scan(user, scan_of(("", 1), (sheet, 2)))
    sign_in(user)

    def look(name: str) -> None:
        axe(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        no_sideways_scroll(page)

    page.goto(live_server.url + reverse("cases:cover-sheet-list", args=[case.pk]))
    look("sheets")
    page.goto(live_server.url + reverse("cases:scan-list"))
    look("mail-room")
    page.get_by_role("link", name="monday.pdf").click()
    expect(page.get_by_text("0 of 4 pages looked through")).to_be_visible()
    read_scan_batch(batch_id=batch.pk, first=1)
    # The page follows by itself.
    expect(page.get_by_role("heading", name="Before the first cover sheet")).to_be_visible()
    look("scan")
    part = page.get_by_role("region", name="Pages 3 to 4")
    part.get_by_label("Who sent it").select_option("physician")
    part.get_by_role("button", name="File").click()
    expect(page.get_by_text("On file in case").first).to_be_visible()
    look("scan-filed")
