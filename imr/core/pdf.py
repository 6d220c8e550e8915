"""HTML to PDF. The only module that knows WeasyPrint.

One fetcher, one font configuration and one parsed style sheet serve every document: a new set for each costs half
the time and never gives its memory back. The fetcher serves our own assets from memory and nothing else, so no
text of a person can make the renderer read a file or the network.
"""

import gc
import io
import logging
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pypdf import PdfReader
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

PDF_VARIANT = "pdf/ua-1"


class RenderError(Exception):
    """The document could not be made right; nothing of it may be used."""


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

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@cache
def _fetcher() -> URLFetcher:
    return _OwnAssetsFetcher(allowed_protocols=set(), fail_on_errors=True)


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style_sheet(name: str) -> CSS:
    path = Path(settings.BASE_DIR) / "static" / "letters" / name
    return CSS(string=path.read_text(encoding="utf-8"), url_fetcher=_fetcher(), font_config=_fonts())


_rendering = threading.Lock()


def render_pdf(html: str, *, style_sheet: str) -> RenderedPdf:
    """The document as PDF/UA-1. `style_sheet` is a file name in `static/letters`.

    Raises `RenderError` when the renderer reports anything: a glyph that no font has, an ignored rule, a refused
    link. One document at a time in a process.
    """
    logger = logging.getLogger("weasyprint")
    collector = _Collector()
    with _rendering:
        sheet = _style_sheet(style_sheet)
        logger.addHandler(collector)
        gc.disable()
        try:
            data = HTML(string=html, url_fetcher=_fetcher(), base_url="app:").write_pdf(
                stylesheets=[sheet], font_config=_fonts(), pdf_variant=PDF_VARIANT
            )
        except Exception as error:
            raise RenderError(f"The renderer failed: {type(error).__name__}") from error
        finally:
            gc.enable()
            logger.removeHandler(collector)
    if collector.lines:
        raise RenderError("; ".join(collector.lines)[:500])
    if not isinstance(data, bytes):
        raise RenderError("The renderer returned no document.")
    return RenderedPdf(data=data, page_count=len(PdfReader(io.BytesIO(data)).pages))
