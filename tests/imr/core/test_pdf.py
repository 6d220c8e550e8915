"""HTML to PDF: deterministic, tagged, closed to the outside, strict."""

import gc
import io

import pikepdf
import pytest

from imr.core import pdf

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
