"""HTML to PDF. With `imr.core.pdf_engine`, the only module that knows WeasyPrint."""

import gc
import logging
import math
import resource
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

MAX_PAGES = 120

_MISSING_GLYPH = ".notdef glyph"
_PAGE = "<!DOCTYPE html><html lang=en-US><title>Warm-up</title><h1>IMR</h1>{}</html>"
_WARM_UP = _PAGE.format("<p>Up and <b>ready</b>.</p>")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_BEYOND_ASCII = "é·–—‘’“”…§°±×≥≤®"
_FACES = [
    f"{style} {weight} 9pt Liberation {family}"
    for family in ("Serif", "Sans")
    for weight in ("normal", "bold")
    for style in ("normal", "italic")
]


class RenderError(Exception):
    """The document could not be made right; nothing of it may be used."""


class MissingGlyphsError(RenderError):
    """No installed font can draw these characters."""

    def __init__(self, characters: str) -> None:
        super().__init__("No font can draw: " + ", ".join(f"U+{ord(character):04X}" for character in characters))
        self.characters = characters


class TooLongError(RenderError):
    """The document has more pages than `MAX_PAGES`."""


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A finished document: tagged PDF/UA-1, no author, the same bytes for the same input.

    `source_sha256` is the `source_sha256()` of what it was made from; empty for a document that was not made here.
    """

    data: bytes
    page_count: int
    source_sha256: str = ""


class _Collector(logging.Handler):
    """Collects what the renderer complains about, so that a doubtful document is never used."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.lines: list[str] = []
        self.missing: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(_MISSING_GLYPH) and isinstance(record.args, tuple) and record.args:
            self.missing[str(record.args[0])] = None
        self.lines.append(record.getMessage())


_rendering = threading.Lock()
_cpu_seconds = 0


def limit_cpu(seconds: int) -> None:
    """From now on a document that takes more CPU time than this ends the process, whatever it is caught in.

    For a worker's child, whose job is then tried again by another.
    """
    global _cpu_seconds  # noqa: PLW0603  set once, when a child starts
    _cpu_seconds = seconds


def _pages_of_every_size() -> Iterator[str]:
    """Pages that hold every number of different characters in some face.

    For each new number of glyphs in a subset, and for each new last glyph, the renderer parses a C type, which takes
    some milliseconds and memory that never comes back. Without this every child would do it, in its first hundred
    documents.
    """
    texts = [_PRINTABLE[:length] for length in range(1, len(_PRINTABLE) + 1)] + list(_BEYOND_ASCII)
    for start in range(0, len(texts), len(_FACES)):
        lines = zip(_FACES, texts[start:], strict=False)
        yield _PAGE.format("".join(f'<p style="font: {face}">{escape(text)}</p>' for face, text in lines))


@contextmanager
def _limited_cpu() -> Iterator[None]:
    """The limit counts from here; the time of earlier documents is behind it."""
    if not _cpu_seconds:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + _cpu_seconds, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def render_pdf(html: str, *, style_sheet: str, more_sheets: tuple[str, ...] = ()) -> RenderedPdf:
    """The document as PDF/UA-1. `style_sheet` is a file name in `static/letters`, as are those applied after it.

    Raises `RenderError` when the renderer reports anything: a glyph that no font has (`MissingGlyphsError` names
    them), an ignored rule, a refused link; and `TooLongError` beyond 120 pages. One document at a time in a process.
    """
    from imr.core import pdf_engine  # seconds to import, and only who renders needs it

    sheets = (style_sheet, *more_sheets)
    logger = logging.getLogger("weasyprint")
    collector = _Collector()
    with _rendering:
        logger.addHandler(collector)
        collects_garbage = gc.isenabled()
        gc.disable()
        try:
            with _limited_cpu():
                data, page_count = pdf_engine.write(html, style_sheets=sheets, max_pages=MAX_PAGES)
        except MemoryError as error:
            # The frames hold the half-made document; without it there is room to say what happened.
            traceback.clear_frames(error.__traceback__)
            gc.collect()
            raise RenderError("The document takes more memory than a process may have.") from error
        except Exception as error:
            raise RenderError(f"The renderer failed: {type(error).__name__}") from error
        finally:
            if collects_garbage:
                gc.enable()
            logger.removeHandler(collector)
    if page_count > MAX_PAGES:
        raise TooLongError(f"The document has {page_count} pages; the most is {MAX_PAGES}.")
    if collector.missing:
        raise MissingGlyphsError("".join(collector.missing))
    if collector.lines:
        raise RenderError("; ".join(collector.lines)[:500])
    if not isinstance(data, bytes):
        raise RenderError("The renderer returned no document.")
    source = pdf_engine.source_digest(html, style_sheets=sheets)
    return RenderedPdf(data=data, page_count=page_count, source_sha256=source)


def source_sha256(html: str, *, style_sheet: str, more_sheets: tuple[str, ...] = ()) -> str:
    """The digest of everything that `render_pdf` would make the document of here and now: the page, the style sheets,
    the logo and the versions of what lays out and writes. Equal digests mean equal documents, on the same fonts.
    """
    from imr.core import pdf_engine  # as in render_pdf

    return pdf_engine.source_digest(html, style_sheets=(style_sheet, *more_sheets))


def warm_up() -> None:
    """Load fonts, parse whatever is parsed once, render, then set the garbage collector's generations aside.

    For the parent of a worker's children: they inherit it all, so none of them pays for it.
    """
    from imr.core import pdf_engine  # as in render_pdf

    for name in pdf_engine.style_sheets():
        render_pdf(_WARM_UP, style_sheet=name)
    sheet = pdf_engine.style_sheets()[0]
    for page in _pages_of_every_size():
        render_pdf(page, style_sheet=sheet)
    gc.collect()
    gc.freeze()
