"""Choosing a reviewer and answering the offer, with the keyboard, in a real browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import URDecision
from imr.accounts.enums import Role
from imr.accounts.models import User
from reviews.enums import AssignmentStatus
from reviews.models import Assignment
from reviews.models.identity import ReviewerIdentity
from tests.factories.accounts import make_user
from tests.factories.reviews import make_ready_case, make_reviewer

Measure = Callable[[Page], None]


@pytest.mark.django_db(transaction=True)
def test_case_is_offered_and_accepted_by_keyboard(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], axe: Measure, no_sideways_scroll: Measure
) -> None:
    case, reviewer = make_ready_case(), make_reviewer(states=("NV",))
    URDecision.objects.get_or_create(case=case)
    make_reviewer(verified=False)
    sign_in(make_user(Role.ADMINISTRATOR))
    page.goto(live_server.url + reverse("reviews:assignment-queue"))
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("link", name=f"Choose a reviewer for {case.number}").press("Enter")
    page.get_by_text("All checks").first.press("Enter")
    axe(page)
    no_sideways_scroll(page)
    name = ReviewerIdentity.objects.get(reviewer=reviewer).full_name
    page.get_by_role("button", name=f"Offer the case to {name}").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text(f"is offered to {name}")
    offer = Assignment.objects.get(case=case)
    page.goto(live_server.url + reverse("reviews:reviewer-detail", args=[reviewer.pk]))
    axe(page)
    no_sideways_scroll(page)

    page.context.clear_cookies()
    sign_in(reviewer.user)
    page.goto(live_server.url + reverse("reviews:assignment-offer", args=[offer.pk]))
    page.get_by_role("button", name="Attest and accept").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Say whether you have an affiliation with the maker.")
    axe(page)
    no_sideways_scroll(page)
    for group in page.locator("form").filter(has_text="Attest and accept").locator("fieldset").all():
        is_qualification = "Are you" in group.inner_text() or "Have you been" in group.inner_text()
        group.get_by_label("Yes" if is_qualification else "No").press("Space")
    page.get_by_role("button", name="Attest and accept").press("Enter")
    page.wait_for_url(f"**{reverse('reviews:workspace', args=[offer.pk])}")
    offer.refresh_from_db()
    assert offer.status == AssignmentStatus.ACCEPTED
