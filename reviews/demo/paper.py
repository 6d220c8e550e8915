"""Small PDF files that stand for the papers of a demo case."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join

from imr.core.pdf import render_pdf

STYLE_SHEET = "final_determination-2026-1.css"


def paper(title: str, paragraphs: Sequence[str]) -> bytes:
    """A PDF with this heading and these paragraphs, marked as invented."""
    html = format_html(
        '<!DOCTYPE html><html lang="en-US"><head><title>{}</title></head><body><h1>{}</h1>{}<p>{}</p></body></html>',
        title,
        title,
        format_html_join("", "<p>{}</p>", ((paragraph,) for paragraph in paragraphs)),
        "Invented record for demonstration. No person, firm or treatment in it is real.",
    )
    return render_pdf(html, style_sheet=STYLE_SHEET).data
