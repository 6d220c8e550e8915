"""The pages about the records of a case, in a browser."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.enums import CaseStatus
from cases.models import Arrangement, CasePackage, Document
from cases.services.package import work_package
from imr.accounts.enums import Role
from imr.accounts.models import User
from tests.factories.accounts import make_user
from tests.factories.arrangements import work_off
from tests.factories.cases import make_case, make_document, make_pdf
from tests.factories.pages import write_pages

Measure = Callable[[Page], None]
SHOTS = os.environ.get("IMR_SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


def test_records_are_checked_proved_and_taken_along(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    axe: Measure,
    no_sideways_scroll: Measure,
    settings: Any,
) -> None:
    user = make_user(Role.CLAIMS_STAFF)
    case = make_case(user=user)
    write_pages(case, "Patient: Calvin Moore\nVisit of 01/05/2026", title="Visit")
    make_document(case, title="Still in the virus check", scan="waiting")
    sign_in(user)

    def look(name: str) -> None:
        axe(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        no_sideways_scroll(page)

    page.goto(live_server.url + reverse("cases:case-detail", args=[case.pk]))
    look("case")
    page.get_by_role("link", name="Records checklist").click()
    expect(page.get_by_text("names the patient Calvin Moore")).to_be_visible()
    look("checklist")
    page.goto(live_server.url + reverse("cases:manifest-list", args=[case.pk]))
    expect(page.get_by_role("heading", name="Signed manifests")).to_be_visible()
    look("receipts")
    page.goto(live_server.url + reverse("cases:package-list", args=[case.pk]))
    page.get_by_label("A zip of all files").check()
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("Step 0 of 2 done")).to_be_visible()
    look("package-working")
    package = CasePackage.objects.get(case=case)
    for part in (1, 2):
        work_package(package_id=package.pk, part=part)
    # The page follows the work by itself.
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == f"{case.number}_records.zip"
    expect(page.get_by_text("Still in the virus check")).to_be_visible()
    look("package-ready")


def test_scan_is_turned_divided_and_joined(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    axe: Measure,
    no_sideways_scroll: Measure,
) -> None:
    """B12: by page ranges, with the document beside the form; the page follows the work by itself."""
    user = make_user(Role.CLAIMS_STAFF)
    case = make_case(CaseStatus.AWAITING_RECORDS, user=user)
    scan = make_document(case, title="Scan of the records", data=make_pdf(4, mark="scan"), page_count=4)
    sign_in(user)

    def look(name: str) -> None:
        axe(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        no_sideways_scroll(page)

    page.goto(live_server.url + reverse("cases:case-detail", args=[case.pk]))
    page.get_by_role("link", name="Divide Scan of the records").click()
    page.get_by_role("group", name="Part 1").get_by_label("Pages").fill("1-2")
    page.get_by_role("button", name="Add more parts").click()
    expect(page.get_by_role("group", name="Part 1").get_by_label("Pages")).to_have_value("1-2")
    for part, kind in (("Part 1", "Medical report"), ("Part 2", "Diagnostic report")):
        group = page.get_by_role("group", name=part)
        group.get_by_label("Kind of document").select_option(kind)
        group.get_by_label("Title").fill(f"{kind} of the scan")
    page.get_by_role("group", name="Part 2").get_by_label("Pages").fill("3")
    page.get_by_role("button", name="Divide", exact=True).click()
    expect(page.get_by_role("alert").get_by_text("Page 4 is in no part.")).to_be_visible()
    look("divide")
    page.get_by_label("Pages left out").fill("4")
    page.get_by_role("button", name="Divide", exact=True).click()
    expect(page.get_by_text("Step 0 of 3 done")).to_be_visible()
    look("arrangement-working")
    work_off(Arrangement.objects.get())
    expect(page.get_by_text("Left out: page 4.")).to_be_visible()
    look("arrangement-done")
    page.get_by_role("link", name="Back to the case").click()
    page.get_by_text("Earlier versions and refused files (1)").click()
    look("case-divided")
    page.get_by_role("link", name="Turn pages of Medical report of the scan").click()
    look("turn")
    page.goto(live_server.url + reverse("cases:document-join", args=[case.pk]))
    look("join")
    assert Document.objects.filter(case=case, removal="divided").get() == scan
