"""Small PDF files that stand for the papers of a demo case."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join

from imr.core.pdf import render_pdf

STYLE_SHEET = "final_determination-2026-1.css"
PAGES_SHEET = "final_determination-2026-1-served.css"


def paper(title: str, paragraphs: Sequence[str]) -> bytes:
    """A PDF with this heading and these paragraphs, marked as invented."""
    return bundle(title, [(title, paragraphs)])


def bundle(title: str, pages: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """A PDF of several pages, each with its heading and paragraphs, marked as invented."""
    html = format_html(
        '<!DOCTYPE html><html lang="en-US"><head><title>{}</title></head><body>{}</body></html>',
        title,
        format_html_join(
            "",
            '<h1 class="{}">{}</h1>{}<p>{}</p>',
            (
                (
                    "next-page" if number else "",
                    heading,
                    format_html_join("", "<p>{}</p>", ((paragraph,) for paragraph in paragraphs)),
                    "Invented record for demonstration. No person, firm or treatment in it is real.",
                )
                for number, (heading, paragraphs) in enumerate(pages)
            ),
        ),
    )
    return render_pdf(html, style_sheet=STYLE_SHEET, more_sheets=(PAGES_SHEET,)).data
