"""The viewer in a browser: reading, searching, noting, referring, by mouse and by keyboard."""

import os
import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Document, DocumentPage, DocumentReading
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import storage
from imr.core.pdf_pages import searchable
from reviews.models import DocumentVisit, Finding, PageNote, ReadingSettings
from tests.factories.big_record import big_pdf, page_words
from tests.factories.review_drafts import make_record, prepare_case
from tests.factories.reviews import Accepted, make_accepted, make_ready_case

Measure = Callable[[Page], None]
SignIn = Callable[[User], None]
PAGES = 60
SHOTS = os.environ.get("IMR_SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def accepted(transactional_db: None) -> Accepted:
    """A case with a UR decision, a report of one page, and a record of sixty pages."""
    case = make_ready_case()
    prepare_case(case)
    stored = storage.store_bytes(big_pdf(PAGES))
    record = make_record(
        case, title="Treating physician's records", sha256=stored.sha256, size=stored.size, page_count=PAGES
    )
    texts = [(number, searchable(" ".join(page_words(number)))) for number in range(1, PAGES + 1)]
    DocumentPage.objects.bulk_create(DocumentPage(document=record, number=number, text=text) for number, text in texts)
    DocumentReading.objects.create(document=record, pages_read=PAGES, text_pages=PAGES)
    return make_accepted(case)


def open_workspace(page: Page, live_server: LiveServer, accepted: Accepted, query: str = "") -> None:
    page.goto(live_server.url + reverse("reviews:workspace", args=[accepted.assignment.pk]) + query)


def shown(page: Page, number: int) -> Locator:
    """The text over the picture of a page, once pdf.js has drawn both."""
    return page.locator(f'.pdfViewer .page[data-page-number="{number}"] .textLayer')


def record_of(accepted: Accepted) -> Document:
    return Document.objects.get(case=accepted.case, page_count=PAGES)


def test_reviewer_searches_reads_notes_and_refers_by_keyboard(
    page: Page, live_server: LiveServer, accepted: Accepted, sign_in: SignIn, axe: Measure, no_sideways_scroll: Measure
) -> None:
    record = record_of(accepted)
    sign_in(accepted.user)
    open_workspace(page, live_server, accepted)
    # The first record that is not marked is open; the next one is a key away.
    expect(shown(page, 1)).to_contain_text("record 1")
    page.locator("#records").focus()
    page.keyboard.press("]")
    page.keyboard.press("]")
    expect(page.locator("#viewer-title")).to_have_text(f"R3: {record.title}")
    expect(shown(page, 1)).to_contain_text("Page 1 of the record")
    axe(page)

    page.keyboard.press("/")
    expect(page.locator("#record_q")).to_be_focused()
    page.keyboard.type('"antalgic gait"')
    page.keyboard.press("Enter")
    hits = page.locator("#record-hits a[data-open]")
    expect(hits).to_have_count(1)
    page.locator("#records").focus()
    page.keyboard.press("j")
    expect(page.locator("[data-page-number]").first).to_have_value("50")
    expect(shown(page, 50)).to_contain_text("antalgic gait")
    page.wait_for_function("() => CSS.highlights.get('found-words').size >= 2")
    # Pages far from the window are put away.
    page.wait_for_function("() => document.querySelectorAll('.pdfViewer .page[data-loaded]').length <= 7")

    page.keyboard.press("m")
    expect(page.locator("#note_text")).to_be_focused()
    page.keyboard.type("Uses a cane")
    page.keyboard.press("Tab")
    page.keyboard.type("Gait")
    page.keyboard.press("Enter")
    note = page.locator("#record-notes .note")
    expect(note).to_contain_text("Uses a cane")
    expect(note).to_contain_text("R3, page 50")
    expect(note).to_contain_text("Not in your text")
    axe(page)
    kept = PageNote.objects.get()
    assert (kept.document_id, kept.page, kept.tags) == (record.pk, 50, ["gait"])

    rationale = page.locator(f"#item_{accepted.case.items.get().pk}_rationale")
    rationale.focus()
    page.keyboard.type("He limps and uses a cane")
    page.keyboard.press("Alt+i")
    expect(page.get_by_role("button", name="Insert [R3, page 50]")).to_be_focused()
    axe(page)
    page.keyboard.press("Enter")
    expect(rationale).to_have_value("He limps and uses a cane [R3, page 50]")
    expect(rationale).to_be_focused()
    chip = page.locator(".reference-chips a")
    expect(chip).to_have_text(f"R3, page 50: {record.title}")
    page.keyboard.press("Alt+PageDown")
    expect(page.locator("[data-page-number]").first).to_have_value("51")
    chip.click()
    expect(page.locator("[data-page-number]").first).to_have_value("50")
    expect(page.locator("#save-state")).to_contain_text("Saved")
    # A reference proposes its record, and nothing more: the person marks it.
    page.locator('[data-panel="record-list"]').click()
    expect(page.locator(f"#document_{record.pk} [data-proposed]")).to_have_count(1)
    assert not page.locator(f"#use_{record.pk}_considered").is_checked()
    page.get_by_role("button", name="Mark what you opened as considered").click()
    expect(page.locator(f"#use_{record.pk}_considered")).to_be_checked()
    expect(page.locator("[data-proposal]")).to_be_hidden()
    no_sideways_scroll(page)
    assert Finding.objects.get().rationale == "He limps and uses a cane [R3, page 50]"
    assert Event.objects.filter(action="document.view", object_id=record.pk).count() == 1


def test_records_turned_over_in_a_hurry_leave_the_last_one_open(
    page: Page, live_server: LiveServer, accepted: Accepted, sign_in: SignIn
) -> None:
    """Each press ends a document whose first page is still asked for; the console stays empty (`console`)."""
    record = record_of(accepted)
    sign_in(accepted.user)
    open_workspace(page, live_server, accepted)
    expect(shown(page, 1)).to_contain_text("record 1")
    page.locator("#records").focus()
    for key in ["]", "]", "[", "["] * 15 + ["]", "]"]:
        page.keyboard.press(key)
    expect(page.locator("#viewer-title")).to_have_text(f"R3: {record.title}")
    expect(shown(page, 1)).to_contain_text("Page 1 of the record")


def test_selected_words_become_a_quotation_and_reading_is_counted(
    page: Page, live_server: LiveServer, accepted: Accepted, sign_in: SignIn
) -> None:
    record = record_of(accepted)
    sign_in(accepted.user)
    open_workspace(page, live_server, accepted, f"?document={record.pk}&page=50")
    line = shown(page, 50).get_by_text("He walks with an antalgic gait")
    expect(line).to_be_visible()
    line.select_text()
    line.dispatch_event("pointerup")
    expect(page.locator("[data-quote]")).to_contain_text("“He walks with an antalgic gait and uses a cane.”")
    page.locator("[data-into]").select_option(label="Clinical case summary")
    page.get_by_role("button", name="With the words").click()
    # Before the facts that the summary begins with.
    expect(page.get_by_role("textbox", name="Clinical case summary")).to_have_value(
        re.compile(r"^“He walks with an antalgic gait and uses a cane\.” \[R3, page 50\] The injured worker ")
    )
    # Two seconds before the eyes, and a batch: the page counts, the others do not.
    expect(page.locator(f'[data-record-state="{record.pk}"]')).to_have_text("1 of 60 pages read", timeout=30_000)
    assert DocumentVisit.objects.get(document=record).seen_pages == [50]


def test_divider_keys_and_panes_are_operable_and_remembered(
    page: Page, live_server: LiveServer, accepted: Accepted, sign_in: SignIn, axe: Measure
) -> None:
    sign_in(accepted.user)
    open_workspace(page, live_server, accepted)
    expect(shown(page, 1)).to_be_visible()
    divider = page.get_by_role("separator", name="Width of the records")
    before = page.locator("#records").bounding_box()
    divider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    after = page.locator("#records").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] < before["width"] - 50
    page.locator("#records").focus()
    page.keyboard.press("h")
    expect(page.locator(".masthead")).to_be_hidden()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Next document")
    axe(page)
    with page.expect_response(lambda answer: "has_letter_keys" in (answer.request.post_data or "")):
        dialog.get_by_label("Single letters are keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("h")
    expect(page.locator(".masthead")).to_be_hidden()
    kept = ReadingSettings.objects.get()
    assert (kept.divider, kept.has_letter_keys, kept.is_header_hidden) == (40, False, True)
    page.reload()
    expect(divider).to_have_attribute("aria-valuenow", "40")
    expect(page.locator(".masthead")).to_be_hidden()
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#decision")).to_be_hidden()
    axe(page)
    page.get_by_role("link", name="Your decision", exact=True).click()
    expect(page.locator("#decision")).to_be_visible()
    expect(page.locator("#records")).to_be_hidden()


def test_a_record_that_cannot_be_shown_says_why_and_offers_the_file(
    page: Page, live_server: LiveServer, accepted: Accepted, sign_in: SignIn, axe: Measure, console: list[str]
) -> None:
    stored = storage.store_bytes(b"%PDF-1.7\nnothing that a viewer could read" * 20)
    damaged = make_record(accepted.case, title="Damaged", sha256=stored.sha256, size=stored.size)
    sign_in(accepted.user)
    open_workspace(page, live_server, accepted, f"?document={damaged.pk}")
    failed = page.locator("[data-failed]")
    expect(failed).to_contain_text("This file is damaged")
    expect(failed.get_by_role("link", name="Open the file itself")).to_have_attribute(
        "href", re.compile(f"/documents/{damaged.pk}/")
    )
    axe(page)
    # Another one opens all the same; one that was removed meanwhile says so.
    page.get_by_role("link", name="UR decision", exact=True).click()
    expect(shown(page, 1)).to_be_visible()
    expect(failed).to_be_hidden()
    record = record_of(accepted)
    Document.objects.filter(pk=record.pk).update(
        removed_at=record.received_at, removed_by=accepted.case.created_by, removal="withdrawn"
    )
    page.get_by_role("link", name=record.title, exact=True).click()
    expect(failed).to_contain_text("it was removed, or the case is no longer with you")
    console.clear()


# All the controls of the shown pane that are in the way of a pointer or a key, with what keeps one from being used.
OUT_OF_REACH = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]')]
  .filter((node) => node.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: true })
    && !node.closest('.pdfViewer, .usa-skipnav, .workspace-default'))
  .map((node) => {
    const shown = node.type === 'radio' || node.type === 'checkbox' ? node.labels[0] : node;
    shown.scrollIntoView({ block: 'center', inline: 'nearest' });
    node.focus({ preventScroll: true });
    const box = shown.getBoundingClientRect();
    const name = `${node.tagName} ${node.id || node.dataset.do || node.textContent.trim().slice(0, 30)}`;
    if (box.left < -0.5 || box.right > innerWidth + 0.5) return `${name}: outside`;
    if (document.activeElement !== node) return `${name}: no focus`;
    const [x, y] = [box.left + box.width / 2, Math.max(box.top, 0) + Math.min(box.height / 2, 20)];
    const on = document.elementFromPoint(x, y);
    return on && (shown.contains(on) || on.contains(shown)) ? '' : `${name}: under ${on?.className}`;
  }).filter(Boolean)"""


@pytest.mark.parametrize(("width", "height"), [(640, 512), (320, 256)], ids=["200%", "400%"])
def test_workspace_enlarged_shows_everything_without_sideways_scroll(
    page: Page, live_server: LiveServer, accepted: Accepted, sign_in: SignIn, axe: Measure, width: int, height: int
) -> None:
    """A window of 1280 by 1024 at these sizes of the browser has so many pixels of CSS (WCAG 1.4.4, 1.4.10)."""
    page.set_viewport_size({"width": width, "height": height})
    sign_in(accepted.user)
    open_workspace(page, live_server, accepted)
    expect(shown(page, 1)).to_be_attached()
    for pane in ("Records", "Your decision"):
        page.get_by_role("link", name=pane, exact=True).click()
        axe(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{width}-{pane}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUT_OF_REACH) == []
    # Nothing of either pane is gone: what is not shown is behind its tab, and each panel of the records behind its own.
    page.get_by_role("link", name="Records", exact=True).click()
    for tab, place in (("Search", "#record-find"), ("Notes", "#record-notes"), ("List", "#record-list")):
        page.locator(".record-tab", has_text=tab).click()
        expect(page.locator(place)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
