"""Panels, earlier determinations, the second read, its sample and scorecards, in a browser."""

import os
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import DisputedItem
from imr.accounts.enums import Role
from imr.accounts.models import User
from reviews.enums import ConflictRelation
from reviews.models import PrecedentReveal
from reviews.selectors.candidates import name_of
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable
from tests.factories.panels import make_panel
from tests.factories.reviews import make_ready_case, make_reviewer
from tests.reviews.services.test_archive import take
from tests.reviews.services.test_precedent import archived
from tests.reviews.services.test_sampling import rule

Measure = Callable[[Page], None]
SHOTS = os.environ.get("IMR_SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reviewer_looks_back_after_choosing_and_waits_for_the_panel(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], axe: Measure, no_sideways_scroll: Measure
) -> None:
    why = "There are no red flags and no sign of nerve root compromise. It is not medically necessary."
    take(
        archived(1, "MRI of the lumbar spine", decision_rationale=why),
        archived(2, "MRI of the lumbar spine without contrast", "Overturned"),
    )
    made = make_panel([["upheld"], ["overturned"]])
    first = made.seats[0]
    item = DisputedItem.objects.get(case=made.case)

    def look(name: str) -> None:
        axe(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        no_sideways_scroll(page)

    sign_in(first.user)
    page.goto(f"{live_server.url}{reverse('reviews:precedent-list', args=[first.assignment.pk, item.pk])}")
    expect(page.get_by_text("You have chosen: Upheld")).to_be_visible()
    look("hidden")
    page.get_by_role("button", name="Show earlier determinations").press("Enter")
    expect(page.get_by_text("1 of 2 upheld (50%), 1 overturned")).to_be_visible()
    look("precedents")
    page.get_by_role("link", name="MRI of the lumbar spine", exact=True).press("Enter")
    expect(page.get_by_text("nerve root compromise")).to_be_visible()
    look("precedent")
    assert PrecedentReveal.objects.get(item=item).outcome_before == "upheld"
    page.goto(f"{live_server.url}{reverse('reviews:sign', args=[first.assignment.pk])}")
    expect(page.get_by_text("You are one of 2 reviewers.")).to_be_visible()
    look("sign-opinion")
    made.sign(1)
    page.goto(f"{live_server.url}{reverse('reviews:workspace', args=[first.assignment.pk])}")
    expect(page.get_by_text("1 of 2 reviewers has finished")).to_be_visible()
    look("opinion-signed")


def test_the_pages_of_panels_second_read_sample_and_scorecards(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], axe: Measure, no_sideways_scroll: Measure
) -> None:
    director = make_user(Role.MEDICAL_DIRECTOR)
    rule(actor=director, first_determinations=3)
    determination = make_panel([["upheld"], ["overturned"]]).sign_all()
    make_signable().sign()
    waiting = make_panel([["upheld"], ["upheld"]])
    waiting.sign(2)
    sign_in(director)
    for name, url in (
        ("panel-record", reverse("reviews:panel-record", args=[make_ready_case().pk])),
        ("panel-seats", reverse("reviews:assignment-create", args=[waiting.case.pk])),
        ("panel-dissolve", reverse("reviews:panel-dissolve", args=[waiting.panel.pk])),
        ("quality-queue", reverse("reviews:quality-queue")),
        ("sample", reverse("reviews:quality-sample")),
        ("scorecards", reverse("reviews:scorecard")),
        ("colleague-ask", reverse("reviews:colleague-ask", args=[determination.pk])),
        ("second-read", reverse("reviews:quality-detail", args=[determination.pk])),
    ):
        page.goto(f"{live_server.url}{url}")
        axe(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        no_sideways_scroll(page)
    page.get_by_label("About (optional)").select_option(label="The letter as a whole")
    page.get_by_label("Kind").select_option(label="Hard to understand")
    page.get_by_label("Comment", exact=True).fill("Say in the first sentence what was decided.")
    page.get_by_role("button", name="Add the comment").press("Enter")
    expect(page.get_by_text("Say in the first sentence what was decided.")).to_be_visible()
    # The medical director asks a colleague, who attests, reads, and says something of each item.
    colleague = make_reviewer()
    page.get_by_role("link", name="Ask a colleague for an opinion").press("Enter")
    page.get_by_label("What you want to know (optional)").fill("Does the even split surprise you?")
    page.get_by_role("button", name=f"Ask {name_of(colleague)}").press("Enter")
    expect(page.get_by_text(f"{colleague.code} is asked.")).to_be_visible()
    sign_in(colleague.user)
    page.goto(f"{live_server.url}{reverse('reviews:worklist')}")
    page.get_by_role("link", name=f"Opinion on {determination.case.number}").press("Enter")
    axe(page)
    no_sideways_scroll(page)
    for relation in ConflictRelation:
        page.locator(f"input[name=conflict_{relation.value}][value=no]").check(force=True)
    for question in ("is_qualified", "is_in_active_practice"):
        page.locator(f"input[name={question}][value=yes]").check(force=True)
    page.get_by_role("button", name="Attest and read").press("Enter")
    expect(page.get_by_text("Does the even split surprise you?")).to_be_visible()
    axe(page)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/colleague-reads.png", full_page=True)
    no_sideways_scroll(page)
    page.get_by_label("I do not agree").check()
    page.get_by_role("button", name="Give this opinion").press("Enter")
    axe(page)
    page.get_by_label("Your reasons for item 1").fill("One of two is no majority.")
    page.get_by_role("button", name="Give this opinion").press("Enter")
    expect(page.get_by_text("you do not agree")).to_be_visible()
    axe(page)
