"""A whole decision in a browser: by keyboard, with two windows, and with a session that ends while typing."""

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.enums import CaseStatus
from cases.models import Application, Case, URDecision
from imr.accounts.models import User
from reviews.models import Citation, Determination, Finding, Review
from tests.factories.accounts import PASSWORD
from tests.factories.review_drafts import make_record
from tests.factories.reviews import Accepted, make_accepted, make_ready_case

SignIn = Callable[[User], None]
Measure = Callable[[Page], None]

pytestmark = pytest.mark.django_db(transaction=True)

REQUEST = "6 sessions with Personal Trainer, for the Lumbar Spine , 3 times a week for 2 weeks, as an outpatient"
HISTORY = (
    "He was diagnosed with a partial tear of the right rotator cuff, a repair of the left one, sciatica of the left "
    "leg and lumbago. Care so far was modified work and surgery. On 2/27/2014 the primary treating physician noted "
    "numbness of the left arm and leg, pain of the lumbar spine into the left buttock, and strength of 4/5 in both "
    "legs. On 3/06/2014 aquatic therapy, a pain management consultation and a personal trainer were requested."
)
REASONS = (
    "The chronic pain guideline recommends exercise and prefers no one program over another. The second source, "
    "on gym memberships, asks for a failed home program, a need for equipment, and supervision by professionals. "
    "The records do not say why a trainer is preferred to a physical therapist, nor how this trainer is qualified. "
    "On this record the requested sessions are not medically necessary."
)


@pytest.fixture
def seed(transactional_db: None) -> Accepted:
    """The facts of the published letter's case, accepted by a reviewer."""
    case = make_ready_case()
    case.items.update(description=REQUEST, ur_outcome="denied", claims_guideline_basis="non_mtus")
    case.items.update(claims_guideline_text="ACOEM https://www.acpempracguides.org/Low%20Back; Table 2")
    Application.objects.filter(case=case).update(
        date_of_injury="2011-11-01", employee_birth_date="1961-02-03", employee_sex="Male", primary_diagnosis="Lumbago"
    )
    URDecision.objects.create(case=case, decided_on="2014-03-17")
    make_record(case, kind="ur_decision", title="UR decision", dated_on="2014-03-17")
    make_record(case, title="PR-2 of 02/27/2014", dated_on="2014-02-27")
    return make_accepted(case)


def open_workspace(page: Page, live_server: LiveServer, accepted: Accepted) -> None:
    page.goto(live_server.url + reverse("reviews:workspace", args=[accepted.assignment.pk]))
    # The open record is there: what comes later is not its doing.
    expect(page.locator(".pdfViewer .textLayer").first).to_be_visible()


def field(page: Page, accepted: Accepted, name: str) -> Locator:
    item = accepted.case.items.get()
    return page.locator(f"#item_{item.pk}_{name}")


def tab_to(page: Page, target: Locator, limit: int = 60) -> None:
    for _ in range(limit):
        if target.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("The keyboard does not reach it.")


def choose(page: Page, first: Locator, downs: int) -> None:
    """Of a group of radio buttons that Tab has reached, take the one `downs` below the first."""
    tab_to(page, first)
    if downs == 0:
        page.keyboard.press("Space")
    for _ in range(downs):
        page.keyboard.press("ArrowDown")


def test_reviewer_decides_the_published_case_by_keyboard(
    page: Page, live_server: LiveServer, seed: Accepted, sign_in: SignIn, axe: Measure, no_sideways_scroll: Measure
) -> None:
    sign_in(seed.user)
    page.goto(live_server.url + reverse("reviews:worklist"))
    axe(page)
    no_sideways_scroll(page)
    tab_to(page, page.get_by_role("link", name=re.compile("Continue")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(seed.case.number))
    axe(page)
    no_sideways_scroll(page)

    for document in seed.case.documents.all():
        choose(page, page.locator(f"#use_{document.pk}_considered"), 0)
    expect(page.locator("#progress")).to_contain_text("2 of 2 records marked")

    summary = page.get_by_role("textbox", name="Clinical case summary")
    expect(summary).to_have_value(re.compile(r"^The injured worker is a \d\d-year-old male who sustained"))
    tab_to(page, summary)
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" " + HISTORY)
    expect(page.locator("#save-state")).to_contain_text("Saved")

    tab_to(page, field(page, seed, "reviewer_basis").locator("input").first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("MTUS and outside the MTUS").last).to_be_checked()
    tab_to(page, field(page, seed, "q"))
    page.keyboard.type("chronic pain exercise")
    results = field(page, seed, "results")
    expect(results.get_by_role("button").first).to_be_visible()
    axe(page)
    tab_to(page, field(page, seed, "cite_pages"))
    page.keyboard.type("46-47")
    tab_to(page, results.get_by_role("button").first)
    page.keyboard.press("Enter")
    cited = field(page, seed, "citations").locator("ol li")
    expect(cited).to_have_count(1)
    expect(cited).to_contain_text("46-47")
    tab_to(page, field(page, seed, "citations").locator("summary"))
    page.keyboard.press("Enter")
    tab_to(page, field(page, seed, "cite_text"))
    page.keyboard.type("Official Disability Guidelines (ODG), Low Back Chapter, Gym Memberships")
    page.keyboard.press("Enter")
    expect(cited).to_have_count(2)
    tab_to(page, field(page, seed, "hierarchy_reason"))
    page.keyboard.insert_text("The MTUS does not speak of personal trainers.")
    choose(page, field(page, seed, "outcome").locator("input").first, 0)
    tab_to(page, field(page, seed, "rationale"))
    page.keyboard.insert_text(REASONS)
    expect(page.locator("#progress")).to_contain_text("1 of 1 item decided")
    expect(page.locator("#open")).to_contain_text("Nothing.")

    tab_to(page, page.locator("#open").get_by_role("link", name="Check and sign"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sign the determination")
    axe(page)
    no_sideways_scroll(page)
    tab_to(page, page.get_by_label("Your password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("signed")
    expect(page.locator("main")).to_contain_text("Being prepared")
    axe(page)
    no_sideways_scroll(page)

    assert Case.objects.get(pk=seed.case.pk).status == CaseStatus.QA
    letter = Determination.objects.get(case=seed.case).snapshot["letter"]
    assert letter["items"][0]["text"] == REQUEST
    assert letter["items"][0]["rationale"] == REASONS
    assert letter["clinical_case_summary"].endswith(HISTORY)
    assert [one.is_mtus for one in Citation.objects.order_by("position")] == [True, False]


def test_two_windows_lose_no_character(
    page: Page, context: BrowserContext, live_server: LiveServer, seed: Accepted, sign_in: SignIn, axe: Measure
) -> None:
    sign_in(seed.user)
    open_workspace(page, live_server, seed)
    other = context.new_page()
    open_workspace(other, live_server, seed)
    field(other, seed, "rationale").fill("Written in the other window. " * 5)
    expect(other.locator("#save-state")).to_contain_text("Saved")
    mine = "Written in this window. " * 5
    field(page, seed, "rationale").fill(mine)
    conflict = field(page, seed, "conflict")
    expect(conflict).to_contain_text("Changed in another window")
    expect(conflict).to_contain_text(("Written in the other window. " * 5).strip())
    expect(conflict).to_contain_text(mine.strip())
    expect(field(page, seed, "rationale")).to_have_value(mine)
    axe(page)
    field(page, seed, "rationale").press_sequentially("Typed on.")
    conflict.get_by_role("button", name="Keep mine").click()
    expect(conflict.get_by_role("button")).to_have_count(0)
    expect(field(page, seed, "rationale")).to_have_value(mine + "Typed on.")
    # The window saves by itself again.
    field(page, seed, "rationale").press("Control+End")
    field(page, seed, "rationale").press_sequentially(" And on.")
    expect(field(page, seed, "status")).to_contain_text("Saved")
    page.wait_for_function(
        "(id) => document.getElementById(id).value >= 4", arg=f"item_{seed.case.items.get().pk}_version"
    )
    assert Finding.objects.get().rationale == mine + "Typed on. And on."
    # The other window is behind now and may take what is stored.
    field(other, seed, "rationale").fill("Late words")
    field(other, seed, "conflict").get_by_role("button", name="Keep the stored text").click()
    expect(field(other, seed, "rationale")).to_have_value(mine + "Typed on. And on.")


def test_text_stays_when_the_session_ends_and_saves_after_signing_in(
    page: Page, context: BrowserContext, live_server: LiveServer, seed: Accepted, sign_in: SignIn, axe: Measure
) -> None:
    sign_in(seed.user)
    open_workspace(page, live_server, seed)
    Session.objects.all().delete()
    text = "Typed after the session had ended, and kept."
    page.get_by_role("textbox", name="Clinical case summary").fill(text)
    dialog = page.locator("#session-dialog")
    expect(dialog).to_contain_text("Sign in again to save")
    expect(dialog).to_contain_text("Your text is still here.")
    axe(page)
    with context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in again").click()
    tab = opened.value
    tab.get_by_label("E-mail address").fill(seed.user.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("You are signed in again")
    axe(tab)
    # The first tab hears of it and goes on by itself.
    expect(dialog).to_be_hidden()
    expect(page.locator("#save-state")).to_contain_text("Saved")
    assert Review.objects.get().clinical_case_summary == text
    stored = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Typed after" not in stored


def test_refused_text_stays_with_its_message_and_panes_stand_side_by_side(
    page: Page, live_server: LiveServer, seed: Accepted, sign_in: SignIn, axe: Measure
) -> None:
    sign_in(seed.user)
    open_workspace(page, live_server, seed)
    word = "x" * 300
    rationale = field(page, seed, "rationale")
    rationale.fill(word)
    problem = field(page, seed, "rationale_problem")
    expect(problem).to_contain_text("300 characters without a break")
    expect(rationale).to_have_attribute("aria-invalid", "true")
    expect(rationale).to_have_value(word)
    axe(page)
    rationale.fill("Short words")
    expect(problem).to_be_empty()
    expect(rationale).not_to_have_attribute("aria-invalid", "true")
    field(page, seed, "claims_basis").scroll_into_view_if_needed()
    records, decision = page.locator("#records"), page.locator("#decision")
    wide = [pane.bounding_box() for pane in (records, decision)]
    assert wide[0] is not None
    assert wide[1] is not None
    assert wide[0]["y"] == wide[1]["y"]
    assert decision.evaluate("(node) => node.scrollHeight > node.clientHeight")
    page.set_viewport_size({"width": 390, "height": 844})
    axe(page)
    # One at a time; the one that was worked in stays.
    expect(decision).to_be_visible()
    expect(records).to_be_hidden()
