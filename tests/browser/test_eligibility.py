"""The analyst's pages in a browser: every check, a decision on one, and the notice before it goes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cases.enums import CaseStatus
from cases.models import Application, Case
from imr.accounts.enums import Role
from imr.accounts.models import User
from tests.factories.accounts import make_user
from tests.factories.cases import make_case

pytestmark = pytest.mark.browser


def test_analyst_decides_a_check_and_reads_the_notice_before_it_goes(
    page: Page,
    live_server: Any,
    sign_in: Callable[[User], None],
    axe: Callable[[Page], None],
    no_sideways_scroll: Callable[[Page], None],
) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, items=2)
    Application.objects.filter(case=case).update(signed_on=None)
    sign_in(make_user(Role.ADMINISTRATOR))
    page.goto(live_server.url + reverse("cases:eligibility-checks", args=[case.pk]))
    expect(page.get_by_text("1 check needs a person")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("link", name="Signature", exact=True).click()
    page.get_by_label("Passed: nothing speaks").check()
    page.get_by_role("textbox", name="Reason").fill("Signed on page 2.")
    axe(page)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("nothing speaks against any item")).to_be_visible()
    page.get_by_role("link", name="Find ineligible").click()
    page.get_by_role("combobox", name="Reason").select_option("INE-CNC")
    page.get_by_label("Note for the file").fill("The letter waits for a report.")
    page.get_by_role("button", name="Find ineligible and send the notice").click()
    expect(page.get_by_text("only because information that had been requested was not received")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Find ineligible and send the notice").click()
    expect(page.get_by_role("heading", name="Notices (1)")).to_be_visible()
    axe(page)
    assert Case.objects.get(pk=case.pk).status == CaseStatus.INELIGIBLE
