"""Claims staff follow their cases in a browser: an answer, a proof, a message."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cases.enums import Outcome
from cases.models import Implementation, InformationAnswer
from cases.services.message import send_message
from imr.core import clock
from imr.core.words import mmddyyyy
from tests.factories.accounts import make_cast
from tests.factories.cases import make_pdf
from tests.factories.following import make_request, make_served

pytestmark = pytest.mark.browser


def test_claims_staff_answer_confirm_and_write(
    page: Page,
    live_server: Any,
    sign_in: Callable[[Any], None],
    axe: Callable[[Page], None],
    no_sideways_scroll: Callable[[Page], None],
) -> None:
    cast = make_cast()
    request = make_request(cast.claims, question="Page 2 of the UR letter, please.")
    served = make_served((Outcome.OVERTURNED, False), (Outcome.UPHELD, False), user=cast.claims)
    send_message(case_id=served.pk, actor=cast.administrator, text="Please send the authorization.")
    sign_in(cast.claims)

    page.goto(live_server.url + reverse("cases:case-list"))
    expect(page.get_by_text("Next: Claims administrator: authorize or pay, and confirm it")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)

    page.get_by_role("link", name=str(request.case.number), exact=True).click()
    axe(page)
    page.get_by_role("link", name="Answer the request").click()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("textbox", name="Your answer").fill("It is on file now.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Your answer is on record")).to_be_visible()
    assert InformationAnswer.objects.get(request=request).is_complete

    page.goto(live_server.url + reverse("cases:case-detail", args=[served.pk]))
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("link", name="Confirm authorization or payment").click()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_label("Date of the authorization").fill(mmddyyyy(clock.today()))
    proof = {"name": "authorization.pdf", "mimeType": "application/pdf", "buffer": make_pdf(mark="proof")}
    page.get_by_label("Proof", exact=True).set_input_files(proof)  # type: ignore[arg-type]
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("on record, with its proof")).to_be_visible()
    assert Implementation.objects.filter(case=served).count() == 1

    page.get_by_role("link", name="Messages (1)").first.click()
    axe(page)
    page.get_by_role("link", name=str(served.number), exact=True).click()
    page.get_by_role("textbox", name="Message").fill("It is on file.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your message is sent.")).to_be_visible()
    expect(page.get_by_role("link", name="Messages", exact=True)).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
