"""Claims staff amend a filed application in a browser, by keyboard where it matters, and read what changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cases.models import AmendmentDraft, Application
from tests.factories.accounts import make_cast
from tests.factories.amendments import amend
from tests.factories.cases import make_case

pytestmark = pytest.mark.browser


def test_application_is_amended_compared_and_read_back(
    page: Page,
    live_server: Any,
    sign_in: Callable[[Any], None],
    axe: Callable[[Page], None],
    no_sideways_scroll: Callable[[Page], None],
) -> None:
    cast = make_cast()
    case = make_case(user=cast.claims, items=2)
    sign_in(cast.claims)

    def look() -> None:
        axe(page)
        no_sideways_scroll(page)

    page.goto(live_server.url + reverse("cases:amend", args=[case.pk]))
    look()
    page.get_by_role("link", name="Employer and claim").click()
    look()
    number = page.get_by_label("Claim number", exact=True)
    number.fill("WC-77")
    expect(page.locator(".autosave")).to_contain_text("Saved")
    assert AmendmentDraft.objects.get(case=case).steps["claim"]["typed"]["claim_number"] == "WC-77"
    number.press("Enter")
    expect(page.get_by_role("heading", name="File the amendment")).to_be_visible()
    look()

    page.get_by_role("button", name="File the amendment").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look()
    # A colleague is faster: nothing is overwritten, and both are shown.
    amend(case, cast.colleague, claim_number="WC-76", reason="Two digits were reversed.")
    page.get_by_label("Why the application is amended").fill("The last digit was wrong.")
    page.get_by_role("button", name="File the amendment").click()
    expect(page.get_by_role("heading", name="Amended meanwhile by somebody else")).to_be_visible()
    look()
    page.get_by_role("link", name="Employer and claim").first.click()
    expect(number).to_have_value("WC-77")
    look()
    page.get_by_role("button", name="Save and look at the changes").click()
    expect(page.get_by_label("Why the application is amended")).to_have_value("The last digit was wrong.")
    page.get_by_role("button", name="File the amendment").click()

    expect(page.get_by_text("It is version 3 of the application")).to_be_visible()
    assert Application.objects.get(case=case).claim_number == "WC-77"
    page.get_by_text("All answers").first.click()
    look()
