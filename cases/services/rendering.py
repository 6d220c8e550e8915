"""Papers for the parties as PDF, whatever script a name is in."""

from imr.core.pdf import MissingGlyphsError, RenderedPdf, render_pdf


def render_paper(html: str, *, style_sheet: str) -> RenderedPdf:
    """The PDF of `html`; characters that no font has are spelled out, for a name must not cost anybody the paper.

    Raises `RenderError` when it cannot be made.
    """
    try:
        return render_pdf(html, style_sheet=style_sheet)
    except MissingGlyphsError as error:
        return render_pdf(_spelled_out(html, error.characters), style_sheet=style_sheet)


def _spelled_out(html: str, characters: str) -> str:
    """`html` with these characters as `[U+4E2D]`; what is stored keeps them."""
    return html.translate({ord(character): f"[U+{ord(character):04X}]" for character in characters})
