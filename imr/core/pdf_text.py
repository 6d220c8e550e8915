"""PDF to text with positions. Alone knows pdfium.

A page is read as lines from top to bottom, each line's runs from left to right: the rows of a table stay rows, and
running text keeps its order. pdfium is not safe to call from two threads, so one document is read at a time.
"""

import ctypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

MAX_PAGES = 20_000

_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD
_BOLD_NAME = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_FORCE_BOLD = 1 << 18  # PDF 32000-1, table 123
_BOLD_WEIGHT = 650
_BOLD_RENDERING = frozenset({pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP})
_LINE_END_HYPHENS = str.maketrans({"\x02": "-", "￾": "-"})
_WIDE_GAP = 3.0  # in units of the font size, from the start of the letter before the gap to the one after it
_WORD_GAP = 0.2


class PdfTextProblem(StrEnum):
    """Why a PDF gives no text."""

    PASSWORD = "password"  # noqa: S105  the name of a problem
    DAMAGED = "damaged"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"


class PdfTextError(Exception):
    """The PDF gives no text; `problem` is the kind and the message a sentence for people."""

    def __init__(self, problem: PdfTextProblem, message: str) -> None:
        super().__init__(message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text of one font on one line, from `x0` to `x1` in points from the left edge of the page."""

    text: str
    x0: float
    x1: float
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line. `top` and `bottom` are points from the top of the page; text stands between them.

    `ends_with_blank` says that the line's text ends with a real blank, as most writers leave it where a paragraph
    was broken between two words. `has_wide_gap` says that a blank inside is at least two letters wide.
    """

    runs: tuple[TextRun, ...]
    text: str
    bold: tuple[tuple[int, int], ...]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    ends_with_blank: bool
    has_wide_gap: bool


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page; `number` counts from 1, sizes are in points."""

    number: int
    width: float
    height: float
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text of a document; `producer` is what its metadata name as the program that wrote it."""

    pages: tuple[PdfPage, ...]
    producer: str


def read_pdf(source: bytes | Path, *, max_pages: int = MAX_PAGES) -> PdfText:
    """The document's lines with their places. Restrictions on copying are no lock: what opens without a password
    is read.

    Raises `PdfTextError` when a password is needed, the file is damaged, it has more than `max_pages`, or no page has
    any text.
    """
    with _opened(source, max_pages) as document:
        producer = document.get_metadata_value("Producer")
        fonts: dict[int, bool] = {}
        pages = []
        for number, (page, text_page) in enumerate(_text_pages(document), start=1):
            width, height = page.get_size()
            lines = _lines(_pieces(text_page, fonts), height)
            pages.append(PdfPage(number=number, width=width, height=height, lines=lines))
    if not any(page.lines for page in pages):
        raise _no_text()
    return PdfText(pages=tuple(pages), producer=producer)


def page_texts(source: bytes | Path) -> list[str]:
    """The plain text of every page, in the order in which the file draws it; a page of pictures gives "".

    Raises `PdfTextError` when a password is needed or the file is damaged.
    """
    with _opened(source, MAX_PAGES) as document:
        return [_all_characters(text_page)[1].replace("\r\n", "\n") for _, text_page in _text_pages(document)]


_reading = threading.Lock()


@contextmanager
def _opened(source: bytes | Path, max_pages: int) -> Iterator[Any]:
    with _reading:
        try:
            document = pypdfium2.PdfDocument(source)
        except pypdfium2.PdfiumError as error:
            if error.err_code == _PASSWORD_NEEDED:
                raise PdfTextError(PdfTextProblem.PASSWORD, "The PDF opens only with a password.") from error
            raise _damaged() from error
        try:
            if len(document) > max_pages:
                message = f"The PDF has {len(document):,} pages; the most is {max_pages:,}."
                raise PdfTextError(PdfTextProblem.TOO_LONG, message)
            yield document
        finally:
            document.close()


def _text_pages(document: Any) -> Iterator[tuple[Any, Any]]:
    """Each page with its text; raises `PdfTextError` for one that cannot be loaded."""
    for index in range(len(document)):
        try:
            page = document[index]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise _damaged() from error
        yield page, text_page
        text_page.close()
        page.close()


def _damaged() -> PdfTextError:
    return PdfTextError(PdfTextProblem.DAMAGED, "The file is damaged or not a PDF.")


def _no_text() -> PdfTextError:
    return PdfTextError(PdfTextProblem.NO_TEXT, "The PDF has no text, only pictures of it.")


def _all_characters(text_page: Any) -> tuple[int, str]:
    """The number of characters on the page, and one character for each of them."""
    count = text_page.count_chars()
    if count <= 0:
        return 0, ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page.raw, 0, count, buffer)
    if written == count + 1:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", errors="replace")
        if len(text) == count:
            return count, text.translate(_LINE_END_HYPHENS)
    # What lies outside of the basic plane, or is left out of the text, moves the places: one by one, then.
    get = pdfium.FPDFText_GetUnicode
    codes = (get(text_page.raw, index) for index in range(count))
    text = "".join(chr(code) if code and code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else " " for code in codes)
    return count, text.translate(_LINE_END_HYPHENS)


@dataclass(slots=True)
class _Piece:
    """A run while its line is being put together; `baseline` is measured from the bottom of the page."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    is_bold: bool
    has_wide_gap: bool

    @property
    def low(self) -> float:
        return self.baseline - 0.2 * self.size

    @property
    def high(self) -> float:
        return self.baseline + 0.7 * self.size


def _pieces(text_page: Any, fonts: dict[int, bool]) -> list[_Piece]:
    """The page's runs of text in drawing order, with a blank after those that pdfium sees apart from the next."""
    count, text = _all_characters(text_page)
    raw = text_page.raw
    get_object, address_of = pdfium.FPDFText_GetTextObject, ctypes.addressof
    pieces: list[_Piece] = []
    start, current = 0, 0
    for index in range(count + 1):
        found = get_object(raw, index) if index < count else None
        address = address_of(found.contents) if found else 0
        if address == current and index < count:
            continue
        if current and (piece := _piece(text_page, text, start, index, fonts)) is not None:
            pieces.append(piece)
        elif not current and pieces and text[start:index] == " ":
            pieces[-1].text += "\0"
        start, current = index, address
    return pieces


def _piece(text_page: Any, text: str, start: int, end: int, fonts: dict[int, bool]) -> _Piece | None:
    words = text[start:end]
    if not words.strip():
        words = " " if words else words
    raw = text_page.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    if not words or not pdfium.FPDFText_GetCharOrigin(raw, start, x, y):
        return None
    x0, baseline = x.value, y.value
    matrix, box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    pdfium.FPDFText_GetMatrix(raw, start, matrix)
    pdfium.FPDFText_GetLooseCharBox(raw, end - 1, box)
    size = pdfium.FPDFText_GetFontSize(raw, start) * ((matrix.c**2 + matrix.d**2) ** 0.5 or 1.0)
    text_object = pdfium.FPDFText_GetTextObject(raw, start)
    if words.endswith("-") and _goes_on(raw, end - 1, text_object, abs(size)):
        words += " "
    return _Piece(
        text=words,
        x0=x0,
        x1=max(float(box.right), x0),
        baseline=baseline,
        size=abs(size) or 1.0,
        is_bold=_is_bold(raw, start, text_object, fonts),
        has_wide_gap=_has_wide_gap(raw, words, start, abs(size) or 1.0),
    )


def _goes_on(raw: Any, index: int, text_object: Any, size: float) -> bool:
    """Whether a blank follows the hyphen at a line's end. pdfium drops it from the text, but the object's box reaches
    to where it stands, beyond the ink of the hyphen."""
    ink = [ctypes.c_double() for _ in range(4)]
    edges = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(raw, index, *ink)
    return bool(pdfium.FPDFPageObj_GetBounds(text_object, *edges)) and edges[2].value > ink[1].value + 0.02 * size


def _is_bold(raw: Any, index: int, text_object: Any, fonts: dict[int, bool]) -> bool:
    if pdfium.FPDFTextObj_GetTextRenderMode(text_object) in _BOLD_RENDERING:
        return True
    font = pdfium.FPDFTextObj_GetFont(text_object)
    key = ctypes.addressof(font.contents) if font else 0
    if key not in fonts:
        name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(raw, index, name, 200, flags)
        fonts[key] = (
            _BOLD_NAME.search(name.value.decode("utf-8", errors="replace")) is not None
            or bool(flags.value & _FORCE_BOLD)
            or pdfium.FPDFText_GetFontWeight(raw, index) >= _BOLD_WEIGHT
        )
    return fonts[key]


def _has_wide_gap(raw: Any, words: str, start: int, size: float) -> bool:
    """Whether a blank inside of the run is wider than any that sets words apart: pdfium gives one blank for many."""
    x, y = ctypes.c_double(), ctypes.c_double()
    origin = pdfium.FPDFText_GetCharOrigin
    at = words.find(" ", 1)
    while 0 < at < len(words) - 1:
        origin(raw, start + at - 1, x, y)
        before = x.value
        origin(raw, start + at + 1, x, y)
        if x.value - before > _WIDE_GAP * size:
            return True
        at = words.find(" ", at + 1)
    return False


def _lines(pieces: list[_Piece], height: float) -> tuple[TextLine, ...]:
    """The pieces by lines from top to bottom: those that stand beside each other for half of their height."""
    rows: list[tuple[list[_Piece], float, float]] = []
    for piece in sorted(pieces, key=lambda one: -one.baseline):
        low, high = piece.low, piece.high
        for at in range(len(rows) - 1, max(len(rows) - 4, -1), -1):
            row, row_low, row_high = rows[at]
            shared = min(high, row_high) - max(low, row_low)
            if shared > 0.5 * min(high - low, row_high - row_low):
                row.append(piece)
                break
        else:
            rows.append(([piece], low, high))
    return tuple(line for row, _, _ in rows if (line := _line(row, height)) is not None)


def _line(row: list[_Piece], height: float) -> TextLine | None:
    row.sort(key=lambda piece: piece.x0)
    size = max(piece.size for piece in row)
    text = ""
    bold: list[tuple[int, int]] = []
    gap = False
    for before, piece in zip([None, *row], row, strict=False):
        words = piece.text.replace("\0", " ")
        if before is not None and text:
            distance = piece.x0 - before.x1
            gap = gap or distance > _WIDE_GAP * size
            if distance > _WORD_GAP * size and not text.endswith(" ") and not words.startswith(" "):
                text += " "
        if piece.is_bold and words.strip():
            bold.append((len(text), len(text) + len(words)))
        text += words
    lead = len(text) - len(text.lstrip())
    shown = text.strip()
    if not shown:
        return None
    inked = [piece for piece in row if piece.text.strip(" \0")]
    return TextLine(
        runs=tuple(TextRun(p.text.replace("\0", ""), p.x0, p.x1, p.size, p.is_bold) for p in inked),
        text=shown,
        bold=tuple((max(start - lead, 0), min(end - lead, len(shown))) for start, end in bold),
        x0=inked[0].x0,
        top=height - max(piece.high for piece in inked),
        x1=max(piece.x1 for piece in inked),
        bottom=height - min(piece.low for piece in inked),
        size=max(piece.size for piece in inked),
        ends_with_blank=row[-1].text.rstrip("\0").endswith(" "),
        has_wide_gap=gap or any(piece.has_wide_gap for piece in inked),
    )
