"""A reviewer who knows the keys decides a case of three items without the mouse; keystrokes and seconds are printed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.enums import CaseStatus
from cases.models import Application, Case, DisputedItem, URDecision
from imr.accounts.models import User
from reviews.models import Citation, Determination
from reviews.services.paragraph import ParagraphWords, create_paragraph
from tests.factories.accounts import PASSWORD
from tests.factories.review_drafts import add_item, make_record
from tests.factories.reviews import Accepted, make_accepted, make_ready_case

Measure = Callable[[Page], None]

pytestmark = pytest.mark.django_db(transaction=True)

HISTORY = "Care so far was modified work and six visits of physical therapy; the report of 02/27/2014 notes numbness."
PARAGRAPH = (
    "The MTUS recommends {{item}} when progress is shown. The records show no such progress. "
    "Therefore the request is not medically necessary."
)
EDIT = " A new request may show it."
SEARCH = "chronic pain exercise"
# Keys that steer, not those that write: 49 when this was written, so a new detour shows.
MOST_STEERING = 70


class Typist:
    """A keyboard that counts: keys that steer and characters that are written, step by step."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steering = 0
        self.written = 0
        self.lines: list[str] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        steering, written, began = self.steering, self.written, time.monotonic()
        yield
        self.lines.append(
            f"{name}: {self.steering - steering} keys, {self.written - written} characters, "
            f"{time.monotonic() - began:.1f} s"
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.steering += 1
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.written += len(text)
        self.page.keyboard.type(text)

    def tab_to(self, target: Locator, limit: int = 40) -> None:
        for _ in range(limit):
            if target.evaluate("(node) => node === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError("The keyboard does not reach it.")


@pytest.fixture
def accepted(transactional_db: None) -> Accepted:
    case = make_ready_case()
    case.items.update(description="6 sessions of aquatic therapy for the lumbar spine")
    add_item(case, "6 sessions of land-based physical therapy for the lumbar spine")
    add_item(case, "6 sessions of a supervised exercise program for the lumbar spine")
    case.items.update(
        ur_outcome="denied", claims_guideline_basis="mtus", claims_guideline_text="ACOEM, Low Back Disorders"
    )
    Application.objects.filter(case=case).update(
        date_of_injury="2011-11-01", employee_birth_date="1961-02-03", employee_sex="Male", primary_diagnosis="Lumbago"
    )
    URDecision.objects.create(case=case, decided_on="2014-03-17")
    make_record(case, kind="ur_decision", title="UR decision", dated_on="2014-03-17")
    make_record(case, title="PR-2 of 02/27/2014", dated_on="2014-02-27")
    make_record(case, title="PR-2 of 01/16/2014", dated_on="2014-01-16")
    found = make_accepted(case)
    create_paragraph(actor=found.user, words=ParagraphWords("pt", "Therapy without progress", PARAGRAPH))
    return found


def decide(hand: Typist, page: Page, item: DisputedItem) -> None:
    """Cite the first place found, choose the outcome, insert the paragraph and add a sentence."""
    hand.press("Alt+j", "Alt+q")
    hand.write(SEARCH)
    hand.press("Enter")
    expect(page.locator(f"#item_{item.pk}_citations ol li")).to_have_count(1)
    hand.press("Alt+o", "Space", "Alt+p")
    hand.write("pt")
    hand.press("Enter")
    rationale = page.locator(f"#item_{item.pk}_rationale")
    expect(rationale).to_be_focused()
    hand.press("Control+End")
    hand.write(EDIT)
    expect(page.locator(f"#item_{item.pk}_state")).to_contain_text("Upheld")


def test_three_items_are_decided_and_signed_without_the_mouse(
    page: Page,
    live_server: LiveServer,
    accepted: Accepted,
    sign_in: Callable[[User], None],
    axe: Measure,
    no_sideways_scroll: Measure,
) -> None:
    hand = Typist(page)
    sign_in(accepted.user)
    page.goto(live_server.url + reverse("reviews:workspace", args=[accepted.assignment.pk]))
    expect(page.locator(".pdfViewer .textLayer").first).to_be_visible()
    began = time.monotonic()
    with hand.step("records"):
        for marked in range(1, 4):
            hand.press("c")
            expect(page.locator("#progress")).to_contain_text(f"{marked} of 3 records marked")
            if marked < 3:
                title = page.locator("#viewer-title")
                shown = title.inner_text()
                hand.press("]")
                expect(title).not_to_have_text(shown)
    with hand.step("summary"):
        hand.press("Alt+s")
        summary = page.locator("#summary_clinical_case_summary")
        expect(summary).to_be_focused()
        hand.write(" " + HISTORY)
        expect(page.locator("#summary_status")).to_contain_text("Saved")
    for item in accepted.case.items.order_by("position"):
        with hand.step(f"item {item.position}"):
            decide(hand, page, item)
    expect(page.locator("#open")).to_contain_text("Nothing.")
    axe(page)
    no_sideways_scroll(page)
    with hand.step("check and sign"):
        hand.press("Alt+g")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sign the determination")
        hand.tab_to(page.get_by_label("Your password"))
        hand.write(PASSWORD)
        hand.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("signed")
    total = f"all: {hand.steering} keys, {hand.written} characters, {time.monotonic() - began:.1f} s"
    print("", *hand.lines, total, sep="\n")  # noqa: T201
    assert hand.steering <= MOST_STEERING

    assert Case.objects.get(pk=accepted.case.pk).status == CaseStatus.QA
    letter = Determination.objects.get(case=accepted.case).snapshot["letter"]
    starter = "The injured worker is a 53-year-old male who sustained an industrial injury on 11/01/2011."
    assert letter["clinical_case_summary"].startswith(starter)
    assert letter["clinical_case_summary"].endswith(HISTORY)
    for item in letter["items"]:
        assert item["outcome"] == "upheld"
        assert item["rationale"].endswith(EDIT)
        assert "{{" not in item["rationale"]
    assert Citation.objects.filter(finding__review__assignment=accepted.assignment).count() == 3
