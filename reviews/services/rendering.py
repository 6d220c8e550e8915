"""Letters as PDF: the body alone, and the whole private letter with the pages around it. Nothing is stored here."""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string

from imr.core import pdf
from reviews.exceptions import LetterTextError
from reviews.letters import (
    FinalDeterminationLetter,
    LetterPart,
    LetterWording,
    ServedLetter,
    TextKey,
    required_texts,
)
from reviews.letters.pages import cover_page, document_page, proof_page, served_texts, shown_changes, version_line
from reviews.letters.plain import plain_summary
from reviews.selectors.template import wording_of

MAX_LENGTH = 300_000
# A word of fewer characters fits into a line of the letter, whatever letters it is of; so does one of a heading.
LONG_WORD = 31
# A label of fewer characters fits into a line, whatever letters it is of.
LONG_LABEL = 41
# The one address that the renderer answers, with the picture of the settings.
LOGO = "app:logo"

# In the page with its tags, where the address of a link or a code counts too: that costs time and nothing else.
_LONG_WORD = re.compile(rf"[^\s<>]{{{LONG_WORD},}}")


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code as the lines, one unit wide, of an SVG image of `size` units each way; without a quiet zone."""

    size: int
    path: str


@dataclass(frozen=True, slots=True)
class _Page:
    """What the renderer gets: the page and the names of its style sheets."""

    html: str
    style_sheet: str
    more_sheets: tuple[str, ...]


def render_letter_pdf(
    letter: FinalDeterminationLetter, *, wording: LetterWording | None = None, is_draft: bool = False
) -> pdf.RenderedPdf:
    """The letter as PDF; the same letter gives the same bytes. A draft says so in a frame on page 1.

    `wording` is that of the letter's template version unless another is given (to show a draft of a template).

    Raises `LetterTextError` with a sentence for each text that cannot be printed, `RenderError` for all else.
    """
    wording = wording or wording_of(letter.template_version)
    return _rendered(_letter_page(letter, wording, is_draft=is_draft), letter.texts())


def letter_source_sha256(letter: FinalDeterminationLetter) -> str:
    """What `render_letter_pdf(letter).source_sha256` would be here and now, without the rendering: the page is put
    together, nothing is laid out.
    """
    page = _letter_page(letter, wording_of(letter.template_version))
    return pdf.source_sha256(page.html, style_sheet=page.style_sheet, more_sheets=page.more_sheets)


def render_served_pdf(served: ServedLetter, *, wording: LetterWording | None = None) -> pdf.RenderedPdf:
    """The whole private letter as one PDF: the body of `render_letter_pdf`, and around it the parts that `wording`
    has and, in a correction, the page of changes. The same letter gives the same bytes.

    Raises `LetterTextError` with a sentence for each text that cannot be printed and each fixed text that the wording
    lacks, `ValueError` for a letter with an undecided item, `RenderError` for all else.
    """
    wording = wording or wording_of(served.letter.template_version)
    parts = wording.parts
    _require_texts(wording, has_changes=bool(served.changes))
    cover = cover_page(served, wording) if LetterPart.COVER in parts else None
    context = {
        "served": served,
        "said": wording.said,
        "cover": cover,
        "logo": LOGO if settings.IMR_LETTER_LOGO else "",
        "qr": qr_code(served.check_url) if cover and cover.check else None,
        "changes": shown_changes(served),
        "changes_lead": version_line(served, wording, TextKey.CHANGES_LEAD),
        "plain": plain_summary(served, wording) if LetterPart.PLAIN_SUMMARY in parts else None,
        "documents": document_page(served, wording) if LetterPart.DOCUMENTS in parts else None,
        "proof": proof_page(served, wording) if LetterPart.PROOF_OF_SERVICE in parts else None,
    }
    template = f"letters/served_determination/{wording.layout}.html"
    sheets = (_style_sheet(wording), _style_sheet(wording, "-served"))
    return _rendered(_page(template, served.letter, context, sheets), served_texts(served))


def qr_code(text: str) -> QrCode:
    """`text` as the smallest QR code that holds it."""
    code = segno.make_qr(text, error="l")
    runs = []
    for y, row in enumerate(code.matrix):
        x = 0
        for is_dark, modules in groupby(row):
            width = len(list(modules))
            if is_dark:
                runs.append(f"M{x} {y}.5h{width}")
            x += width
    return QrCode(size=len(code.matrix), path="".join(runs))


def _style_sheet(wording: LetterWording, what: str = "") -> str:
    return f"final_determination-{wording.layout}{what}.css"


def _require_texts(wording: LetterWording, *, has_changes: bool) -> None:
    unused = () if has_changes else (TextKey.CHANGES_HEADING, TextKey.CHANGES_LEAD)
    missing = [key for key in required_texts(wording.parts) if key not in unused and not wording.texts.get(key)]
    if missing:
        raise LetterTextError([f"The wording {wording.version} lacks the text “{key}”." for key in missing])


def _letter_page(letter: FinalDeterminationLetter, wording: LetterWording, *, is_draft: bool = False) -> _Page:
    template = f"letters/final_determination/{wording.layout}.html"
    return _page(template, letter, {"said": wording.said, "is_draft": is_draft}, (_style_sheet(wording),))


def _page(
    template: str,
    letter: FinalDeterminationLetter,
    context: dict[str, Any],
    style_sheets: tuple[str, *tuple[str, ...]],
) -> _Page:
    if letter.length > MAX_LENGTH:
        raise LetterTextError(
            [f"The letter has {letter.length:,} characters; the most is {MAX_LENGTH:,}. Shorten the longest texts."]
        )
    html = render_to_string(template, {"letter": letter, **context})
    more = style_sheets[1:]
    if _LONG_WORD.search(html):
        more = (*more, style_sheets[0].replace(".css", "-long-words.css"))
    if len(letter.reviewer_guideline_label) >= LONG_LABEL:
        more = (*more, style_sheets[0].replace(".css", "-long-label.css"))
    return _Page(html, style_sheets[0], more)


def _rendered(page: _Page, texts: tuple[tuple[str, str], ...]) -> pdf.RenderedPdf:
    try:
        return pdf.render_pdf(page.html, style_sheet=page.style_sheet, more_sheets=page.more_sheets)
    except pdf.MissingGlyphsError as error:
        raise LetterTextError(_unprintable(texts, error.characters)) from error
    except pdf.TooLongError as error:
        raise LetterTextError([f"{error} Shorten the longest texts."]) from error


def _unprintable(texts: tuple[tuple[str, str], ...], characters: str) -> list[str]:
    problems = []
    for place, text in texts:
        found = [character for character in characters if character in text]
        if found:
            shown = ", ".join(f"“{character}” (U+{ord(character):04X})" for character in found[:10])
            problems.append(f"{place}: no font here can print {shown}. Replace it with words or plain letters.")
    return problems or ["The letter holds characters that no font here can print."]
