"""The public check page and the pages of public copies, in a browser."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.enums import PartyRole
from cases.models import Party
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import storage
from reviews.enums import PublicationState
from reviews.models import PublicCopy
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable

Measure = Callable[[Page], None]
SHOTS = os.environ.get("IMR_SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


def _look(page: Page, name: str, axe: Measure, no_sideways_scroll: Measure) -> None:
    axe(page)
    no_sideways_scroll(page)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        page.set_viewport_size({"width": 390, "height": 800})
        page.screenshot(path=f"{SHOTS}/{name}-narrow.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


def test_anybody_checks_a_letter_and_its_file_without_sending_it(
    page: Page, live_server: LiveServer, axe: Measure, no_sideways_scroll: Measure, tmp_path: Path
) -> None:
    letter = make_signable().served()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.goto(live_server.url + reverse("reviews:letter-check-form"))
    _look(page, "check-form", axe, no_sideways_scroll)
    page.get_by_label("Check code").fill(
        f" {letter.dispatch.check_code.lower()[:10]}-{letter.dispatch.check_code[10:]} "
    )
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Valid")).to_be_visible()
    _look(page, "check-valid", axe, no_sideways_scroll)

    data = storage.local_path(letter.sha256).read_bytes()
    good, bad = tmp_path / "letter.pdf", tmp_path / "other.pdf"
    good.write_bytes(data)
    bad.write_bytes(data[:-2] + b"\n\n")
    before = len(sent)
    chooser = page.get_by_label("Choose the PDF file")
    chooser.set_input_files(good)
    expect(page.get_by_role("status")).to_have_text("The same: “letter.pdf” is this letter, unchanged.")
    chooser.set_input_files(bad)
    expect(page.get_by_role("status")).to_contain_text("Not the same: “other.pdf”")
    _look(page, "check-other", axe, no_sideways_scroll)
    page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "dropped.pdf", { type: "application/pdf" }));
            document.getElementById("file-drop").dispatchEvent(
                new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        list(data),
    )
    expect(page.get_by_role("status")).to_contain_text("The same: “dropped.pdf”")
    assert len(sent) == before
    assert set(sent) == {"GET"}

    page.goto(live_server.url + reverse("reviews:letter-check", kwargs={"code": "A" * 20}))
    expect(page.get_by_role("heading", name="Unknown")).to_be_visible()
    _look(page, "check-unknown", axe, no_sideways_scroll)


def test_public_copy_is_settled_and_published_by_two_people(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], axe: Measure, no_sideways_scroll: Measure
) -> None:
    signable = make_signable(
        summary="The worker, Ottiwell Marblethwaite, is a 54-year-old male. Hope was expressed. Long QT was ruled out."
    )
    Party.objects.update_or_create(
        case=signable.case,
        role=PartyRole.EMPLOYEE,
        defaults={"first_name": "Ottiwell", "last_name": "Marblethwaite", "middle_initial": ""},
    )
    Party.objects.filter(case=signable.case, role=PartyRole.REQUESTING_PHYSICIAN).update(last_name="Long")
    signable.served()
    sign_in(make_user(Role.ADMINISTRATOR))
    page.goto(live_server.url + reverse("reviews:publication-queue"))
    _look(page, "publication-queue", axe, no_sideways_scroll)
    page.get_by_role("button", name="Make and test").click()
    expect(page.get_by_text("Ottiwell Marblethwaite").first).to_be_visible()
    _look(page, "publication-refused", axe, no_sideways_scroll)
    page.get_by_role("button", name="Take out the certain finding").click()
    expect(page.get_by_text("Taken out. The leak test ran again.")).to_be_visible()
    page.get_by_text("Keep…").first.click()
    page.get_by_role("button", name="Keep these words").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Write why these words name nobody.")
    _look(page, "publication-error", axe, no_sideways_scroll)
    page.get_by_label("Why they may stay").first.fill("A term of cardiology.")
    page.get_by_role("button", name="Keep these words").first.click()
    expect(page.get_by_text("another person has to approve it")).to_be_visible()
    _look(page, "publication-settled", axe, no_sideways_scroll)

    sign_in(make_user(Role.MEDICAL_DIRECTOR))
    page.reload()
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.get_by_text("Approved on")).to_be_visible()
    assert PublicCopy.objects.get().state == PublicationState.APPROVED
    page.goto(live_server.url + reverse("reviews:publication-queue") + "?show=published")
    _look(page, "publication-published", axe, no_sideways_scroll)
