"""HTML to PDF: deterministic, tagged, closed to the outside, strict."""

import gc
import hashlib
import io
import os
import re
import signal
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from bin.bench_letters.sample import make_letter, newest_wording
from imr.core import pdf, pdf_engine
from reviews.services.rendering import render_letter_pdf

ROOT = Path(__file__).resolve().parents[3]
SHEET = "final_determination-2026-1.css"


def _page(body: str) -> str:
    return f'<!DOCTYPE html><html lang="en-US"><head><title>Test</title></head><body><h1>Test</h1>{body}</body></html>'


def _render(body: str) -> pdf.RenderedPdf:
    return pdf.render_pdf(_page(body), style_sheet=SHEET)


def test_same_input_gives_the_same_bytes() -> None:
    first, second = _render("<p>Same.</p>"), _render("<p>Same.</p>")
    assert first.data == second.data
    assert first.page_count == 1
    assert gc.isenabled()


def test_document_is_tagged_and_names_nobody() -> None:
    with pikepdf.open(io.BytesIO(_render("<p>Text.</p>").data)) as document:
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == "en-US"
        assert "/StructTreeRoot" in document.Root
        assert str(document.docinfo["/Title"]) == "Test"
        assert "/Author" not in document.docinfo
        with document.open_metadata() as metadata:
            assert metadata.get("pdfuaid:part") == "1"
            assert "dc:creator" not in metadata


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<link rel="attachment" href="file:///etc/hostname"><p>x</p>',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>x</p>',
        "<style>@import url(file:///etc/hostname);</style><p>x</p>",
        '<p style="background: url(file:///etc/hostname)">x</p>',
        '<p style="colour: red">x</p>',
    ],
)
def test_anything_from_outside_or_ignored_fails_the_document(body: str) -> None:
    with pytest.raises(pdf.RenderError):
        _render(body)


def test_page_that_is_xml_and_one_that_is_only_html_give_the_same_document() -> None:
    rows = "<tr><th scope=row>A</th><td>one &amp; two<br>three</td></tr>"
    only_html = _page(
        f"<table>\n<tbody>{rows}</tbody>\n</table>\n<p>It’s <b>bold</b> <i>and</i> more &lt;here&gt;.</p>"
    )
    as_xml = only_html.replace("scope=row", 'scope="row"').replace("<br>", "<br/>")
    assert pdf_engine.parse(only_html) is None
    assert pdf_engine.parse(as_xml) is not None
    found = [pdf.render_pdf(page, style_sheet=SHEET).data for page in (only_html, as_xml)]
    assert found[0] == found[1]


def test_page_of_a_letter_is_read_as_xml(monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[str] = []
    write = pdf_engine.write

    def noting(html: str, **options: Any) -> tuple[object, int]:
        pages.append(html)
        return write(html, **options)

    monkeypatch.setattr(pdf_engine, "write", noting)
    render_letter_pdf(make_letter(1, items=3), wording=newest_wording())
    [page] = pages
    root = pdf_engine.parse(page)
    assert root is not None
    # Nothing between the paragraphs is laid out.
    assert {paragraph.tail for paragraph in root.iter("p")} == {None}


def test_streams_are_compressed_and_whole() -> None:
    document = pikepdf.open(io.BytesIO(_render("<p>Text.</p>" * 40).data))
    page = document.pages[0]
    assert page.Contents.Filter == pikepdf.Name.FlateDecode
    assert len(page.Contents.read_bytes()) > 2 * len(page.Contents.read_raw_bytes())
    assert not document.check_pdf_syntax()


def test_character_that_no_font_has_is_named() -> None:
    with pytest.raises(pdf.MissingGlyphsError) as refusal:
        _render("<p>Cuneiform \U00012000 and \U00012001.</p>")
    assert refusal.value.characters == "\U00012000\U00012001"


@pytest.mark.parametrize("text", ["≥ ≤ ± µ ° ½ – — “ ” § ™ ✓ ☐ →", "naïve façade Müller", "שלום and مرحبا"])
def test_usual_characters_are_printed(text: str) -> None:
    assert _render(f"<p>{text}</p>").page_count == 1


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(pdf.TooLongError, match="120"):
        _render("".join(f'<p style="break-before: page">{number}</p>' for number in range(121)))


def test_warm_up_leaves_the_renderer_ready() -> None:
    try:
        pdf.warm_up()
    finally:
        gc.unfreeze()
    assert _render("<p>Ready.</p>").page_count == 1


CHILD = """
import django
django.setup()
from imr.core import pdf, pdf_engine

def swallow(html, **options):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

page = '<!DOCTYPE html><html lang="en-US"><title>Test</title><h1>Test</h1></html>'
# As after `warm_up`: what is loaded once does not count.
pdf.render_pdf(page, style_sheet="final_determination-2026-1.css")
pdf.limit_cpu(1)
for _ in range(12):
    pdf.render_pdf(page, style_sheet="final_determination-2026-1.css")
print("usual documents", flush=True)
pdf_engine.write = swallow
pdf.render_pdf(page, style_sheet="final_determination-2026-1.css")
"""


def test_document_without_end_ends_its_process_and_usual_ones_do_not() -> None:
    """F17: not even code that swallows every exception goes on past its CPU time."""
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "imr.settings.test"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert child.stdout == "usual documents\n", child.stderr
    assert child.returncode == -signal.SIGXCPU


OTHER_DAY = """
import hashlib
from datetime import UTC, datetime
import django
django.setup()
import time_machine
from bin.bench_letters.sample import make_letter, newest_wording
from reviews.services.rendering import render_letter_pdf

with time_machine.travel(datetime(2031, 12, 31, 23, 59, 59, tzinfo=UTC)):
    print(hashlib.sha256(render_letter_pdf(make_letter(7, items=2), wording=newest_wording()).data).hexdigest())
"""


def test_same_letter_is_the_same_bytes_in_another_process_on_another_day() -> None:
    here = render_letter_pdf(make_letter(7, items=2), wording=newest_wording()).data
    there = subprocess.run(
        [sys.executable, "-c", OTHER_DAY],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "imr.settings.test", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert there.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_warm_up_sets_every_number_of_different_characters() -> None:
    """So that no child parses the renderer's types of those lengths again."""
    pages = list(pdf._pages_of_every_size())
    lengths = [len(set(unescape(text))) for page in pages for text in re.findall(r'9pt [\w ]+">(.*?)</p>', page)]
    assert set(range(1, 95)) <= set(lengths)
