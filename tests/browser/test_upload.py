"""Files in Chromium: several at once, a lost connection, a closed page, and the same file once more."""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Document, Upload
from imr.accounts.models import User
from tests.factories.accounts import make_cast
from tests.factories.cases import make_case, make_pdf

pytestmark = pytest.mark.django_db(transaction=True)

Measure = Callable[[Page], None]
MB = 1024 * 1024


def large_pdf(size: int) -> bytes:
    """One page and a stream that nothing compresses."""
    pdf = pikepdf.open(io.BytesIO(make_pdf()))
    pdf.Root.Filler = pdf.make_stream(os.urandom(size))
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def test_large_file_goes_on_after_the_page_was_closed(
    page: Page,
    sign_in: Callable[[User], None],
    live_server: LiveServer,
    axe: Measure,
    no_sideways_scroll: Measure,
    tmp_path: Path,
) -> None:
    cast = make_cast()
    case = make_case(user=cast.claims)
    sign_in(cast.claims)
    data = large_pdf(9 * MB)
    files = {"records.pdf": data, "short.pdf": make_pdf(3, mark="short"), "page.pdf": b"<!doctype html>" * 40}
    paths = [tmp_path / name for name in files]
    for path in paths:
        path.write_bytes(files[path.name])
    sent: list[int] = []

    def hang(route: Route) -> None:
        """The first piece passes; of the second nothing arrives."""
        if route.request.method != "PATCH" or not sent:
            if route.request.method == "PATCH":
                sent.append(int(route.request.headers["upload-offset"]))
            route.continue_()

    def count(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
        route.continue_()

    address = f"{live_server.url}/cases/{case.pk}/records/add/"
    page.route("**/uploads/*/", hang)
    page.goto(address)
    page.locator("#id_file").set_input_files(paths[0])
    expect(page.locator(".upload__file").first).to_contain_text("Select first what you are adding")
    page.get_by_label("What are you adding?").select_option(label="Medical report")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.locator("#id_file").set_input_files(paths[0])
    expect(page.get_by_role("button", name="Stop: records.pdf")).to_be_visible()
    page.reload()

    unfinished = page.get_by_role("region", name="Not finished")
    expect(unfinished).to_contain_text("4.0 MB of 9.0 MB arrived (44%)")
    axe(page)
    no_sideways_scroll(page)
    page.unroute("**/uploads/*/")
    page.route("**/uploads/*/", count)
    page.get_by_label("What are you adding?").select_option(label="Medical report")
    page.locator("#id_file").set_input_files(paths)

    lines = page.locator("[data-upload-files] .upload__file")
    expect(lines.nth(0)).to_contain_text("Uploaded, 1 page.", timeout=60_000)
    expect(lines.nth(1)).to_contain_text("Uploaded, 3 pages.", timeout=60_000)
    expect(lines.nth(2)).to_contain_text("This is not a PDF (it looks like a web page)", timeout=60_000)
    expect(page.get_by_role("region", name="Documents on file")).to_contain_text("records")
    expect(page.locator("[data-unfinished] [data-token]")).to_have_count(0)
    # Each piece left once: nothing that had arrived was sent again.
    assert sent == [0, 4 * MB, 8 * MB]
    assert Upload.objects.count() == 1
    document = Document.objects.get(original_name="records.pdf")
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    axe(page)
    # File names may say something of a person's health: none is kept by the browser.
    assert page.evaluate("() => JSON.stringify([localStorage, sessionStorage]).includes('records.pdf')") is False
    assert page.evaluate("() => Object.keys(localStorage)") == []
