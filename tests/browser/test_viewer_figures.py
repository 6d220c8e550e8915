"""Figures of the viewer on a record of 1,000 pages, for `bin/bench_viewer.py`; the suite leaves them out."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Request
from pytest_django.live_server_helper import LiveServer

from cases.models import DocumentPage, DocumentReading
from imr.accounts.models import User
from imr.core import storage
from imr.core.pdf_pages import searchable
from reviews.models import DocumentVisit
from tests.factories.big_record import big_pdf, page_words
from tests.factories.review_drafts import make_record
from tests.factories.reviews import make_accepted, make_ready_case

PAGES = 1_000
JUMPS = [2, 500, 1_000, 17, 873, 333, 334, 950, 61, 720]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("IMR_BENCH_VIEWER" not in os.environ, reason="Only bin/bench_viewer.py measures."),
]

# Turns to the page, unless it is the first, and says after how many milliseconds its picture and its text stand.
SHOWN = """(page) => new Promise((done) => {
  const began = page === 1 ? 0 : performance.now();
  const field = document.querySelector("[data-page-number]");
  if (page !== 1) {
    field.value = page;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const look = () => {
    const place = document.querySelector(`.pdfViewer .page[data-page-number="${page}"]`);
    const isDrawn = place?.dataset.loaded && place.querySelector("canvas:not([hidden])");
    if (isDrawn && place.querySelector(".textLayer span")) done(performance.now() - began);
    else requestAnimationFrame(look);
  };
  look();
})"""
FOUND = """() => new Promise((done) => {
  const began = performance.now();
  document.querySelector(".record-search").requestSubmit();
  const look = () => {
    if (document.querySelector("#record-hits .page-hits__count")) done(performance.now() - began);
    else requestAnimationFrame(look);
  };
  look();
})"""


def _memory(browser: Browser, page: Page) -> dict[str, float]:
    """Of the page's process, in MB: what it holds by itself, and its JavaScript heap."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [Path(f"/proc/{one['id']}/smaps_rollup").read_text() for one in processes if one["type"] == "renderer"]
    sizes = [int(next(x for x in text.splitlines() if x.startswith("Pss:")).split()[1]) / 1024 for text in renderers]
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1024 / 1024
    return {"process": max(sizes), "heap": heap}


def test_thousand_pages(
    page: Page, browser: Browser, live_server: LiveServer, sign_in: Callable[[User], None], capsys: Any
) -> None:
    accepted = make_accepted(make_ready_case())
    data = big_pdf(PAGES)
    stored = storage.store_bytes(data)
    fields: dict[str, Any] = {"sha256": stored.sha256, "size": stored.size, "page_count": PAGES}
    paper = make_record(accepted.case, title="All records of the claims administrator", **fields)
    texts = [(number, searchable(" ".join(page_words(number)))) for number in range(1, PAGES + 1)]
    DocumentPage.objects.bulk_create(DocumentPage(document=paper, number=number, text=text) for number, text in texts)
    DocumentReading.objects.create(document=paper, pages_read=PAGES, text_pages=PAGES)
    sign_in(accepted.user)
    fetched: list[int] = []

    def note(request: Request) -> None:
        if f"/documents/{paper.pk}/" in request.url and request.method == "GET":
            fetched.append(request.sizes()["responseBodySize"])

    page.on("requestfinished", note)
    page.goto(live_server.url + reverse("reviews:workspace", args=[accepted.assignment.pk]))
    first = page.evaluate(SHOWN, 1)
    load = os.getloadavg()[0]
    lines = [f"load of the machine: {load:.1f} on {os.cpu_count()} processors"]
    lines.append(f"record: {PAGES:,} pages, {stored.size / 1024 / 1024:.1f} MB")
    lines.append(f"first page after the address was asked for: {first:,.0f} ms")
    times = [page.evaluate(SHOWN, number) for number in JUMPS]
    lines.append("jumps: " + ", ".join(f"{number}: {time:,.0f} ms" for number, time in zip(JUMPS, times, strict=True)))
    page.locator("[data-panel=record-find]").click()
    page.locator("#record_q").fill('"antalgic gait"')
    lines.append(f"search: {page.evaluate(FOUND):,.0f} ms")
    for number in range(2, PAGES, 40):
        page.evaluate(SHOWN, number)
    memory = _memory(browser, page)
    alive = page.locator(".pdfViewer canvas").count()
    lines.append(f"memory of the page: {memory['process']:,.0f} MB, of it {memory['heap']:,.0f} MB JavaScript")
    lines.append(f"pages alive: {alive}; fetched {sum(fetched) / 1024 / 1024:.1f} MB in {len(fetched)} parts")
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert DocumentVisit.objects.count() == 1
