"""The pages about the records of a case, in a browser."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import CasePackage
from cases.services.package import work_package
from imr.accounts.enums import Role
from imr.accounts.models import User
from tests.factories.accounts import make_user
from tests.factories.cases import make_case, make_document
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
