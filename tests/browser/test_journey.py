"""The whole way of one published case, by hand and in a real browser: filed, found eligible, assigned, decided, signed,
made into a letter by a real worker, released, downloaded. The facts are those of the published letter; summary and
rationale are in words of our own, and so is whatever the published letter does not say.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.enums import CaseStatus
from cases.models import Case, Document
from imr.accounts.models import User
from imr.core import clock
from imr.core.models import JobState, OutboxJob
from imr.core.words import mmddyyyy
from reviews.models import Letter
from reviews.models.identity import ReviewerIdentity
from tests.factories.accounts import PASSWORD, make_cast
from tests.factories.cases import SEED_ITEM, make_pdf
from tests.factories.letters import make_signable
from tests.factories.reviews import make_ready_case, make_reviewer
from tests.factories.seed_letter import make_letter
from tests.fixtures.broker import own_redis, real_worker
from tests.poppler import pdftotext

pytestmark = pytest.mark.django_db(transaction=True)

Measure = Callable[[Page], None]

STATE = ("California",)
SPECIALTIES = ("Physical Medicine & Rehabilitation", "Pain Management")
CLAIMS_GUIDELINE = (
    "ACOEM https://www.acpempracguides.org/Low%20Back; Table 2, Summary of Recommendations, Low Back Disorders"
)
SUMMARY = (
    "The injured worker is a 54 year old male with an industrial injury of 11/01/2011. Diagnoses: right shoulder "
    "partial rotator cuff tear, left shoulder rotator cuff repair, left leg sciatica and lumbago. Treatment so far: "
    "modified work and surgical intervention. The Primary Treating Physician's Progress Report of 2/27/2014 notes "
    "numbness of the left arm and left leg, pain of the lumbar spine into the left buttocks and down to the left knee, "
    "motor strength of 4/5 in the lower extremities bilaterally. Planned: personal trainer, aquatic therapy, "
    "functional capacity evaluation and a pain management consultation. On 3/06/2014 authorization was requested for "
    "an aquatic therapy program, pain management and 6 sessions with a personal trainer for the lumbar spine (3x2)."
)
RATIONALE = make_letter().items[0].rationale
ADDRESS = {"Street address": "100 Main Street", "City": "Fresno", "State": "California", "ZIP code": "93701"}


@dataclass
class Hand:
    """A person at the browser. Counts the clicks, and measures each page the first time it is seen."""

    page: Page
    url: str
    axe: Measure
    no_sideways_scroll: Measure
    clicks: int = 0
    pages: list[str] = field(default_factory=list)

    def look(self, name: str) -> None:
        """The page that stands there meets the measures of every page."""
        if name not in self.pages:
            self.axe(self.page)
            self.no_sideways_scroll(self.page)
            self.pages.append(name)

    def enter(self, user: User) -> None:
        """Sign in by the form; whoever sat here before signs out first."""
        leave = self.page.get_by_role("button", name="Sign out")
        if self.page.url.startswith(self.url) and leave.count():
            self.click(leave)
        else:
            self.page.goto(self.url)
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Sign in")
        self.look("sign-in")
        self.page.get_by_label("E-mail address").fill(user.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.click(self.page.get_by_role("button", name="Sign in"))
        expect(leave).to_be_visible()

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def link(self, name: str, *, exact: bool = True) -> None:
        self.click(self.page.get_by_role("link", name=name, exact=exact).first)

    def button(self, name: str, *, exact: bool = True) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=exact))

    def type(self, values: dict[str, str]) -> None:
        """Fill fields by their labels; lists are chosen from by the words."""
        for label, value in values.items():
            box = self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$")).first
            if box.evaluate("e => e.tagName") == "SELECT":
                box.select_option(label=value)
            else:
                box.fill(value)

    def answer(self, question: str, answer: str) -> None:
        group = self.page.get_by_role("group", name=re.compile(re.escape(question)))
        self.click(group.locator("label").filter(has_text=re.compile(rf"^{re.escape(answer)}$")))

    def arrive(self, heading: str | re.Pattern[str], name: str = "") -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.look(name or str(heading))

    def go_on(self, heading: str) -> None:
        self.button("Save and continue")
        self.arrive(heading)


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """A real Celery worker on a real Redis of its own; it ends before the database is emptied."""
    with own_redis(tmp_path) as address, real_worker(address, tmp_path) as log:
        yield log


@pytest.fixture
def hand(page: Page, live_server: LiveServer, axe: Measure, no_sideways_scroll: Measure) -> Hand:
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    return Hand(page, live_server.url, axe, no_sideways_scroll)


def test_published_case_goes_from_filing_to_the_downloaded_letter(hand: Hand, worker: Path, tmp_path: Path) -> None:
    cast = make_cast()
    reviewer = make_reviewer(
        cast.reviewer, specialties=SPECIALTIES, identity={"first_name": "Ruth", "last_name": "Abel"}
    )
    make_reviewer(cast.other_reviewer, specialties=("Dermatology",), verified=False)

    cast.claims.full_name = "Ines Kovac"
    cast.claims.save()
    hand.enter(cast.claims)
    number = _file(hand, tmp_path)
    hand.enter(cast.administrator)
    _open_the_review(hand, number, ReviewerIdentity.objects.get(reviewer=reviewer).full_name)
    hand.enter(cast.reviewer)
    _decide(hand, number)
    hand.enter(cast.administrator)
    _release(hand, number)
    hand.enter(cast.claims)
    letter = _download(hand, number)

    case = Case.objects.get(number=number)
    assert case.status == CaseStatus.ISSUED
    assert set(Letter.objects.filter(determination__case=case).values_list("kind", flat=True)) == {"final", "served"}
    assert OutboxJob.objects.exclude(state=JobState.DONE).count() == 0, worker.read_text()[-4000:]
    _says_everything(letter, case)
    logging.getLogger(__name__).warning("%s clicks, %s pages measured", hand.clicks, len(hand.pages))
    assert hand.clicks <= 90, hand.pages


def _file(hand: Hand, folder: Path) -> str:
    page = hand.page
    hand.link("File an application")
    hand.look("start")
    hand.button("Start a new application")
    hand.arrive("Application")
    hand.link("Type of review")
    hand.arrive("Type of review")
    hand.answer("Type of review", "Regular")
    hand.go_on("Injured worker")
    hand.type({"First name": "Thomas", "Last name": "Garrity", **ADDRESS, "Date of birth": "06/14/1960", "Sex": "Male"})
    hand.go_on("Employer and claim")
    hand.type({"Claim number": "WC-2011-40917", "Date of injury": "11/01/2011"})
    hand.type({"Employer’s name": "Delta Orchards, Inc."})
    hand.go_on("Requesting physician")
    hand.type({"Last name": "Bell", "Specialty": "Orthopedic Surgery", **ADDRESS, "Phone": "916 555 0177"})
    hand.go_on("Claims administrator")
    hand.type({"Contact’s last name": "Kovac", **ADDRESS, "Phone": "916 555 0100"})
    hand.go_on("UR decision")
    hand.type(
        {
            "Date of the UR decision letter": "03/17/2014",
            "Date the decision was served on the worker": "03/17/2014",
            "Primary diagnosis": "Lumbago",
        }
    )
    hand.answer("How it was served", "Mail")
    hand.answer("Was it denied only", "No")
    hand.answer("Is liability also disputed", "No")
    hand.go_on("Disputed treatment")
    hand.link("Add an item")
    hand.type({"Requested treatment": SEED_ITEM, "Kind of treatment": "Other rehabilitation"})
    hand.answer("Outcome of utilization review", "Denied")
    hand.type({"Guideline": "Outside the MTUS", "The guideline as cited": CLAIMS_GUIDELINE})
    hand.look("item")
    hand.button("Save item")
    hand.arrive("Disputed treatment", "items")
    hand.link("Continue")
    hand.look("representative")
    hand.answer("Does the worker have an attorney", "No")
    hand.answer("Has the worker named somebody else", "No")
    hand.go_on("Signature and consent")
    hand.answer("Who signed the application", "The injured worker")
    hand.type(
        {
            "Name of the person who signed": "Thomas Garrity",
            "Date of the signature": "03/28/2014",
            "Date of the consent to release medical records": "03/28/2014",
        }
    )
    hand.go_on("Documents")
    for kind, name in (
        ("UR decision letter", "ur-decision.pdf"),
        ("Signed DWC Form IMR", "signed-form.pdf"),
        ("Medical report", "progress-report.pdf"),
    ):
        path = folder / name
        path.write_bytes(make_pdf(2, text=name, mark=name))
        hand.type({"What are you adding?": kind})
        page.get_by_label("Files").set_input_files(path)
        hand.clicks += 1
        expect(page.get_by_role("region", name="Documents on file")).to_contain_text(name[:2], ignore_case=True)
        expect(page.locator("#documents tbody tr")).to_have_count(Document.objects.count())
    expect(page.locator("#documents tbody tr")).to_have_count(3)
    hand.link("Continue")
    hand.arrive("Check your answers")
    expect(page.locator("main")).to_contain_text(SEED_ITEM)
    hand.type({"Your full name": "Ines Kovac"})
    for tick in page.locator("label").filter(has_text=re.compile("Submit all the same|I have checked")).all():
        hand.click(tick)
    hand.button("Submit application")
    hand.arrive("Application received")
    expect(page.get_by_role("link", name="Download the receipt")).to_be_visible(timeout=60_000)
    return page.locator(".receipt-head__number").inner_text()


def _open_the_review(hand: Hand, number: str, reviewer_name: str) -> None:
    page = hand.page
    hand.link("Intake queue")
    hand.look("intake")
    hand.button("Take the next case")
    hand.arrive(f"Case {number}", "case")
    hand.link("Find eligible")
    hand.arrive(f"Find case {number} eligible", "eligible")
    hand.answer("Item 1", "Eligible")
    # The published case is years old: the checks find it late, and the analyst says why it is reviewed.
    hand.type({"Note for the file": "Published case, filed again."})
    hand.button("Find eligible")
    hand.arrive(f"Case {number}")
    hand.link("Record notice of assignment served")
    hand.look("notice")
    hand.answer("How it was served", "Electronic")
    hand.type({"Date served": mmddyyyy(clock.today())})
    hand.button("Record notice")
    hand.link("Records complete")
    hand.look("records-complete")
    hand.button("Records complete")
    hand.arrive(f"Case {number}")
    hand.link("Assign a reviewer")
    hand.arrive(f"Choose a reviewer for {number}", "candidates")
    expect(page.locator(".candidate").first).to_contain_text(", ".join(SPECIALTIES))
    expect(page.get_by_role("heading", name="Not possible")).to_be_visible()
    hand.button(f"Offer the case to {reviewer_name}")
    expect(page.get_by_role("status").first).to_contain_text(f"is offered to {reviewer_name}")
    hand.look("offered")


def _decide(hand: Hand, number: str) -> None:
    page = hand.page
    hand.look("worklist")
    hand.link("Accept or decline", exact=False)
    hand.arrive(f"{number} is offered to you", "offer")
    for group in page.locator("form").filter(has_text="Attest and accept").locator("fieldset").all():
        qualification = re.search("Are you|Have you been", group.inner_text())
        hand.click(group.locator("label").filter(has_text="Yes" if qualification else "No"))
    hand.button("Attest and accept")
    hand.arrive(number, "workspace")

    records = page.locator("#documents li")
    expect(records).to_have_count(3)
    with page.expect_response(lambda answer: "/documents/" in answer.url) as read:
        # The first one lies open already.
        hand.click(records.last.locator("[data-open]"))
    assert read.value.headers["content-type"] == "application/pdf"
    for record in records.all():
        hand.click(record.locator("label").filter(has_text="Considered"))
    expect(page.locator("#progress")).to_contain_text("3 of 3 records marked")

    page.get_by_role("textbox", name="Clinical case summary").fill(SUMMARY)
    expect(page.locator("#save-state")).to_contain_text("Saved")
    part = page.locator(".workspace-item")
    # What the claims administrator cited is there already.
    expect(part.get_by_label("The claims administrator's guideline", exact=False)).to_have_value(CLAIMS_GUIDELINE)
    hand.click(part.locator("[id$=_reviewer_basis] label").filter(has_text=re.compile("^MTUS and outside the MTUS$")))
    cited = part.locator(".citations__list li")
    for words, source, place in (
        ("chronic pain exercise", "Chronic Pain", "46-47"),
        ("gym memberships", "ODG", "Gym Memberships"),
    ):
        before = cited.count()
        part.get_by_label("Search the guideline catalog").fill(words)
        row = part.locator(".picker__list li").filter(has_text=place).filter(has_text=source)
        if source == "Chronic Pain":
            row = row.filter(has_text="2009")
        hand.click(row.first.get_by_role("button", name=re.compile("^Cite")))
        expect(cited).to_have_count(before + 1)
        expect(cited.last).to_contain_text(place)
    part.get_by_label("Why the MTUS alone", exact=False).fill("The MTUS does not speak of personal trainers or gyms.")
    hand.click(part.locator("[id$=_outcome] label").filter(has_text=re.compile("^Upheld")))
    part.get_by_label("Decision rationale", exact=False).fill(RATIONALE)
    expect(page.locator("#progress")).to_contain_text("1 of 1 item decided")
    expect(page.locator("#open")).to_contain_text("Nothing.")
    hand.look("workspace-complete")

    preview = page.get_by_role("link", name="Preview letter").get_attribute("href")
    answer = page.context.request.get(f"{hand.url}{preview}")
    assert "Draft for preview" in _text(answer.body())

    hand.click(page.locator("#open").get_by_role("link", name="Check and sign"))
    hand.arrive(f"Sign the determination of {number}", "sign")
    for tick in page.locator("input[name=confirmed] + label").all():
        hand.click(tick)
    page.get_by_label("Your password").fill(PASSWORD)
    hand.button("Sign the determination")
    hand.arrive(f"{number}: signed", "signed")
    # The page turns into the download by itself when the worker has made the letter.
    expect(page.get_by_role("link", name="Download letter (PDF)")).to_be_visible(timeout=60_000)


def _release(hand: Hand, number: str) -> None:
    page = hand.page
    hand.link("Letters")
    hand.arrive("Letters to release")
    hand.click(page.get_by_role("checkbox", name=f"Choose case {number}"))
    hand.button("Release…")
    hand.arrive("Release 1 letter?")
    hand.click(page.get_by_role("checkbox", name="without the quality check"))
    today = mmddyyyy(clock.today())
    hand.click(page.locator("label").filter(has_text=re.compile(f"^{re.escape(today)}")))
    hand.button("Release 1 letter")
    expect(page.get_by_text(f"1 letter released, dated {today}.")).to_be_visible()
    issued = page.get_by_role("link", name=number, exact=True)
    for _ in range(60):
        hand.page.goto(f"{hand.url}{reverse('reviews:letter-issued')}")
        if issued.count():
            break
        # The worker is serving it.
        page.wait_for_timeout(1_000)
    expect(issued).to_be_visible()


def _download(hand: Hand, number: str) -> bytes:
    page = hand.page
    hand.look("my-cases")
    hand.link(number)
    hand.arrive(f"Case {number}", "case-of-claims")
    with page.expect_download() as download:
        hand.link("Download letter (PDF)")
    assert download.value.suggested_filename == f"{number}_uphold_{clock.today():%Y-%m-%d}.pdf"
    return Path(download.value.path()).read_bytes()


def _text(data: bytes) -> str:
    return " ".join(pdftotext(data, "-raw").decode().split())


def _says_everything(letter: bytes, case: Case) -> None:
    """Every fact of the published letter stands in the PDF, in its order; its clock is ours."""
    text = re.sub(rf"{case.number} · page \d+ of \d+", "", _text(letter))
    today = mmddyyyy(clock.today())
    # Around midnight a stage may have fallen on the day before.
    yesterday = mmddyyyy(clock.today() - timedelta(days=1))
    squeezed = "".join(text.replace(yesterday, today).split())
    position = 0
    for part in (
        "Case Number:", str(case.number), "Date Assigned:", today, "Date of Injury:", "11/01/2011",
        "Decision Date:", today, "UR Denial Date:", "03/17/2014", "Priority:", "Standard",
        "Application Received:", today,
        "HOW THE IMR FINAL DETERMINATION WAS MADE", "expert reviewer", "no affiliation", "employer", "employee",
        "providers", "claims administrator", "more than five years", "24 hours a week", "clinical experience",
        "education", "background", "expertise", "same or similar specialties", "laws and regulations",
        "strength", "evidence",
        "The Expert Reviewer has the following credentials:",
        "State(s) of Licensure:", ", ".join(STATE), "Certification(s)/Specialty:", ", ".join(SPECIALTIES),
        "CLINICAL CASE SUMMARY", SUMMARY,
        "IMR ISSUES, DECISIONS AND RATIONALES", f"{SEED_ITEM}: Upheld",
        "Claims Administrator guideline:", "ACOEM", "https://www.acpempracguides.org/Low%20Back",
        "Table 2, Summary of Recommendations, Low Back Disorders",
        "guideline:", "Decision based on MTUS", "Chronic Pain", "9792.20", "9792.26", "July 18, 2009", "46-47 of 127",
        "Non-MTUS", "Official Disability Guidelines (ODG)", "Low Back Chapter", "Gym Memberships",
        "Decision rationale:", RATIONALE,
    ):  # fmt: skip
        wanted = "".join(part.split())
        found = squeezed.lower().find(wanted.lower(), position)
        assert found >= 0, f"{part!r} is missing after {squeezed[max(0, position - 80) : position]!r} in {text}"
        position = found + len(wanted)
    for name in ("Abel", "Ruth"):
        assert name not in text


# Keyboard alone

STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter((e) => {
  const box = e.getBoundingClientRect();
  if (e.disabled || e.tabIndex < 0 || !box.width || !box.height) return false;
  if (getComputedStyle(e).visibility === 'hidden' || e.closest('[inert], dialog:not([open])')) return false;
  if (e.closest('details:not([open])') && e.tagName !== 'SUMMARY') return false;
  if (e.type !== 'radio') return true;
  const group = [...document.getElementsByName(e.name)].filter((r) => r.form === e.form);
  return (group.find((r) => r.checked) || group[0]) === e;
}).map((e, place) => { e.journeyStop = place; return (e.id || e.textContent.trim() || e.name || e.tagName); })"""
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const shown = (node, part) => {
    if (!node) return false;
    const style = getComputedStyle(node, part);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
  };
  const label = e.labels && e.labels[0], box = e.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, Math.min(box.y + box.height / 2, innerHeight - 1));
  return {
    stop: e.journeyStop ?? -1,
    name: e.id || e.textContent.trim() || e.name || e.tagName,
    visible: shown(e, null) || shown(label, null) || shown(label, '::before') || shown(e.parentElement, null),
    inWindow: box.bottom > 0 && box.top < innerHeight,
    covered: Boolean(at && ![e, label].some((own) => own && (own.contains(at) || at.contains(own)))),
  };
}"""


def walk_by_tab(page: Page, limit: int = 150) -> list[str]:
    """Press Tab through the page: every stop once, in the order of the document, each with a focus that is seen."""
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    wanted: list[str] = page.evaluate(STOPS)
    reached: list[int] = []
    problems = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None or (reached and focus["stop"] == reached[0]):
            break
        if focus["stop"] < 0:
            # The skip link shows itself only under the focus; frames count for themselves.
            continue
        if reached and focus["stop"] <= reached[-1]:
            problems.append(f"{focus['name']!r} comes after {wanted[reached[-1]]!r}")
        problems += [f"{focus['name']!r}: focus is not {what}" for what in ("visible", "inWindow") if not focus[what]]
        if focus["covered"]:
            problems.append(f"{focus['name']!r} is covered")
        reached.append(focus["stop"])
    missed = [name for place, name in enumerate(wanted) if place not in reached]
    assert problems == []
    assert missed == []
    return [wanted[place] for place in reached]


def tab_to(page: Page, target: Locator, limit: int = 150) -> None:
    for _ in range(limit):
        if target.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not reach it.")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


def test_keyboard_alone_signs_in_and_files_an_item(hand: Hand) -> None:
    cast = make_cast()
    page = hand.page
    page.goto(hand.url)
    walk_by_tab(page)
    page.reload()
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(cast.claims.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="File an application").first)
    press(page, page.get_by_role("button", name="Start a new application"))
    press(page, page.get_by_role("link", name="Disputed treatment"))
    press(page, page.get_by_role("link", name="Add an item"))
    expect(page.get_by_label("Requested treatment")).to_be_visible()
    walk_by_tab(page)
    page.reload()
    tab_to(page, page.get_by_label("Requested treatment"))
    page.keyboard.type("Aquatic therapy")
    page.keyboard.press("Tab")
    page.keyboard.type("Aquatic")
    press(page, page.get_by_role("group", name="Outcome of utilization review").get_by_role("radio").first, "Space")
    press(page, page.get_by_role("button", name="Save item"))
    expect(page.locator(".item-list__title")).to_contain_text("Aquatic therapy")


def test_keyboard_alone_offers_a_case(hand: Hand, sign_in: Callable[[User], None]) -> None:
    case, reviewer = make_ready_case(), make_reviewer()
    make_reviewer(verified=False)
    sign_in(make_cast().administrator)
    page = hand.page
    page.goto(f"{hand.url}/assignments/cases/{case.pk}/")
    walk_by_tab(page)
    name = ReviewerIdentity.objects.get(reviewer=reviewer).full_name
    page.reload()
    press(page, page.locator(".candidate summary").first, "Space")
    expect(page.locator(".candidate details").first).to_have_attribute("open", "")
    page.reload()
    press(page, page.get_by_role("button", name=f"Offer the case to {name}"), "Space")
    expect(page.get_by_role("status").first).to_contain_text(f"is offered to {name}")


def test_keyboard_alone_signs(hand: Hand, sign_in: Callable[[User], None]) -> None:
    ready = make_signable()
    sign_in(ready.user)
    page = hand.page
    page.goto(f"{hand.url}/reviews/{ready.assignment.pk}/sign/")
    walk_by_tab(page)
    page.reload()
    for tick in page.locator("input[name=confirmed]").all():
        press(page, tick, "Space")
    tab_to(page, page.get_by_label("Your password"))
    page.keyboard.type(PASSWORD)
    press(page, page.get_by_role("button", name="Sign the determination"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{ready.case.number}: signed")
