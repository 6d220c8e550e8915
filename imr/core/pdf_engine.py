"""WeasyPrint itself: loaded by `imr.core.pdf` when the first document is made, since it takes seconds to import.

One fetcher, one font configuration and one parsed style sheet serve every document: a new set for each costs half
the time and never gives its memory back. The fetcher serves the logo of the letterhead and nothing else, so no text
of a person can make the renderer read a file or the network.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

PDF_VARIANT = "pdf/ua-1"
STYLE_SHEETS = Path("static") / "letters"
LOGO = "app:logo"
# What lays out and writes: another version of one of these may give other bytes for the same document.
ENGINE = ("weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "fonttools", "pyphen", "pillow")


class RefusedFetchError(Exception):
    """The document asked for something outside of itself."""


class _OwnAssetsFetcher(URLFetcher):
    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url == LOGO and settings.IMR_LETTER_LOGO is not None:
            return URLFetcherResponse(url, _bytes_of(settings.IMR_LETTER_LOGO))
        raise ValueError("Nothing outside of the document may be fetched.")


def write(html: str, *, style_sheets: tuple[str, ...], max_pages: int) -> tuple[object, int]:
    """The document's bytes and its number of pages; no bytes when it has more than `max_pages`.

    Raises `RefusedFetchError` for a link that would be fetched, and whatever the renderer raises.
    """
    try:
        document = HTML(string=html, url_fetcher=_fetcher(), base_url="app:").render(
            stylesheets=[_style_sheet(name) for name in style_sheets], font_config=_fonts()
        )
        page_count = len(document.pages)
        if page_count > max_pages:
            return None, page_count
        return document.write_pdf(pdf_variant=PDF_VARIANT), page_count
    except FatalURLFetchingError as error:
        # A BaseException, which would go past every handler and end the worker's child.
        raise RefusedFetchError(type(error).__name__) from error


def source_digest(html: str, *, style_sheets: tuple[str, ...]) -> str:
    """Digest of everything that `write` makes its bytes of, but for the fonts: page, style sheets, logo, versions."""
    digest = hashlib.sha256(_versions())
    for part in (html.encode(), *(_bytes_of(_style_path(name)) for name in style_sheets), _logo()):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def style_sheets() -> list[str]:
    """The file names of every style sheet for documents."""
    return sorted(path.name for path in (Path(settings.BASE_DIR) / STYLE_SHEETS).glob("*.css"))


@cache
def _bytes_of(path: Path) -> bytes:
    return path.read_bytes()


def _logo() -> bytes:
    return b"" if settings.IMR_LETTER_LOGO is None else _bytes_of(settings.IMR_LETTER_LOGO)


def _style_path(name: str) -> Path:
    return Path(settings.BASE_DIR) / STYLE_SHEETS / name


@cache
def _versions() -> bytes:
    found = [f"{name} {version(name)}" for name in ENGINE]
    return "; ".join([*found, f"pango {pango.pango_version()}", PDF_VARIANT]).encode()


@cache
def _fetcher() -> URLFetcher:
    return _OwnAssetsFetcher(allowed_protocols=set(), fail_on_errors=True)


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style_sheet(name: str) -> CSS:
    return CSS(string=_bytes_of(_style_path(name)).decode(), url_fetcher=_fetcher(), font_config=_fonts())
