"""HTML to PDF. The only module that knows WeasyPrint.

One fetcher, one font configuration and one parsed style sheet serve every document: a new set for each costs half
the time and never gives its memory back. The fetcher serves our own assets from memory and nothing else, so no
text of a person can make the renderer read a file or the network.
"""

import gc
import logging
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

PDF_VARIANT = "pdf/ua-1"
MAX_PAGES = 120
STYLE_SHEETS = Path("static") / "letters"

_MISSING_GLYPH = ".notdef glyph"
_WARM_UP = "<!DOCTYPE html><html lang=en-US><title>Warm-up</title><h1>IMR</h1><p>Up and <b>ready</b>.</p></html>"


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
    """A finished document: tagged PDF/UA-1, no author, the same bytes for the same input."""

    data: bytes
    page_count: int


class _OwnAssetsFetcher(URLFetcher):
    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        raise ValueError("Nothing outside of the document may be fetched.")


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


@cache
def _fetcher() -> URLFetcher:
    return _OwnAssetsFetcher(allowed_protocols=set(), fail_on_errors=True)


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style_sheet(name: str) -> CSS:
    path = Path(settings.BASE_DIR) / STYLE_SHEETS / name
    return CSS(string=path.read_text(encoding="utf-8"), url_fetcher=_fetcher(), font_config=_fonts())


_rendering = threading.Lock()


def render_pdf(html: str, *, style_sheet: str) -> RenderedPdf:
    """The document as PDF/UA-1. `style_sheet` is a file name in `static/letters`.

    Raises `RenderError` when the renderer reports anything: a glyph that no font has (`MissingGlyphsError` names
    them), an ignored rule, a refused link; and `TooLongError` beyond 120 pages. One document at a time in a process.
    """
    logger = logging.getLogger("weasyprint")
    collector = _Collector()
    with _rendering:
        sheet = _style_sheet(style_sheet)
        logger.addHandler(collector)
        collects_garbage = gc.isenabled()
        gc.disable()
        try:
            data, page_count = _write(html, sheet)
        except RenderError:
            raise
        except (Exception, FatalURLFetchingError) as error:
            # The latter is a BaseException, which would go past every handler and end the worker's child.
            raise RenderError(f"The renderer failed: {type(error).__name__}") from error
        finally:
            if collects_garbage:
                gc.enable()
            logger.removeHandler(collector)
    if collector.missing:
        raise MissingGlyphsError("".join(collector.missing))
    if collector.lines:
        raise RenderError("; ".join(collector.lines)[:500])
    if not isinstance(data, bytes):
        raise RenderError("The renderer returned no document.")
    return RenderedPdf(data=data, page_count=page_count)


def _write(html: str, sheet: CSS) -> tuple[object, int]:
    document = HTML(string=html, url_fetcher=_fetcher(), base_url="app:").render(
        stylesheets=[sheet], font_config=_fonts()
    )
    page_count = len(document.pages)
    if page_count > MAX_PAGES:
        raise TooLongError(f"The document has {page_count} pages; the most is {MAX_PAGES}.")
    return document.write_pdf(pdf_variant=PDF_VARIANT), page_count


def warm_up() -> None:
    """Load fonts, parse every style sheet and render once, then set the garbage collector's generations aside.

    For the parent of a worker's children: they inherit it all, so none of them pays for it.
    """
    for path in sorted((Path(settings.BASE_DIR) / STYLE_SHEETS).glob("*.css")):
        render_pdf(_WARM_UP, style_sheet=path.name)
    gc.collect()
    gc.freeze()
