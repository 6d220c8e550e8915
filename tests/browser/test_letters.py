"""The staff's pages about letters and the reviewer's waiting page, in a browser."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core.models import JobState, OutboxJob
from reviews.selectors.dispatch import days_of_service
from reviews.services.dispatch import release_letter
from reviews.services.letter import render_letter
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable

Measure = Callable[[Page], None]
SHOTS = os.environ.get("IMR_SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


def _look(page: Page, name: str, axe: Measure, no_sideways_scroll: Measure) -> None:
    axe(page)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    no_sideways_scroll(page)
    if SHOTS:
        page.set_viewport_size({"width": 390, "height": 800})
        page.screenshot(path=f"{SHOTS}/{name}-narrow.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


def test_letters_are_released_by_keyboard_and_every_page_is_accessible(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    axe: Measure,
    no_sideways_scroll: Measure,
    settings: Any,
) -> None:
    # A signature needs a loop of its own, and the browser has one running here.
    settings.IMR_SIGN_LETTERS = False
    director = make_user(Role.MEDICAL_DIRECTOR)
    ready = [make_signable() for _ in range(2)]
    letters = [made.letter() for made in ready]
    make_signable().served(director)
    waiting = release_letter(
        letter_id=make_signable().letter().pk,
        actor=director,
        service_on=days_of_service().following,
        without_check=True,
    )
    failed = make_signable().sign()
    OutboxJob.objects.filter(args={"determination_id": failed.pk}).update(
        state=JobState.FAILED, finished_at=failed.signed_at, problem="RenderError", attempts=8
    )
    sign_in(director)
    for name, url in (
        ("queue", reverse("reviews:letter-queue")),
        ("issued", reverse("reviews:letter-issued")),
        ("quality", reverse("reviews:quality-queue")),
        ("quality-detail", reverse("reviews:quality-detail", args=[letters[0].determination_id])),
        ("jobs", reverse("reviews:job-list")),
        ("scheduled", reverse("reviews:dispatch-list")),
        ("take-back", reverse("reviews:dispatch-take-back", args=[waiting.pk])),
        ("case-scheduled", reverse("cases:case-detail", args=[waiting.case_id])),
    ):
        page.goto(f"{live_server.url}{url}")
        _look(page, name, axe, no_sideways_scroll)

    page.goto(f"{live_server.url}{reverse('reviews:letter-queue')}")
    page.get_by_role("checkbox", name=f"Choose case {ready[0].case.number}").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Release…").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Release 1 letter?")
    _look(page, "confirm", axe, no_sideways_scroll)
    page.get_by_role("checkbox", name="without the quality check").press("Space")
    page.get_by_role("button", name="Release 1 letter").press("Enter")
    expect(page.get_by_text("1 letter released, dated")).to_be_visible()
    expect(page.get_by_text(str(ready[0].case.number), exact=True)).to_have_count(0)


def test_waiting_page_turns_into_the_download_by_itself(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], axe: Measure, no_sideways_scroll: Measure
) -> None:
    made = make_signable()
    determination = made.sign()
    sign_in(made.user)
    page.goto(f"{live_server.url}{reverse('reviews:letter-status', args=[made.case.pk])}")
    expect(page.get_by_text("Being prepared")).to_be_visible()
    _look(page, "waiting", axe, no_sideways_scroll)
    render_letter(determination_id=determination.pk)
    link = page.get_by_role("link", name="Download letter (PDF)")
    expect(link).to_be_visible(timeout=10_000)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"{made.case.number}_final-determination.pdf"
