"""WeasyPrint itself: loaded by `imr.core.pdf` when the first document is made, since it takes seconds to import.

One fetcher, one font configuration and one parsed style sheet serve every document: a new set for each costs half
the time and never gives its memory back. The fetcher serves the logo of the letterhead and nothing else, so no text
of a person can make the renderer read a file or the network.

A page of ours is XML as well, which the parser written in C reads in a tenth of the time; and streams are compressed as
zlib does by default, not as hard as it can, which takes three times as long for one percent.
"""

import hashlib
import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import cssselect2
import pydyf
from django.conf import settings
from weasyprint import CSS, HTML, Document
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

PDF_VARIANT = "pdf/ua-1"
STYLE_SHEETS = Path("static") / "letters"
BASE_URL = "app:"
LOGO = "app:logo"
# What lays out and writes: another version of one of these may give other bytes for the same document.
ENGINE = ("weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "fonttools", "pyphen", "pillow")
# What stands around the bytes of a stream as it is written.
_STREAM, _END = b"\nstream\n", b"\nendstream"
# Elements that hold elements only; the line breaks between those would each be laid out.
HOLDERS = frozenset({"html", "head", "body", "table", "thead", "tbody", "tr"})


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
        document = _page(html).render(stylesheets=[_style_sheet(name) for name in style_sheets], font_config=_fonts())
        page_count = len(document.pages)
        if page_count > max_pages:
            return None, page_count
        return document.write_pdf(pdf_variant=PDF_VARIANT, finisher=_compress), page_count
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


def parse(html: str) -> ET.Element | None:
    """The elements of a page that is well-formed XML, without blanks between them; None for another one."""
    try:
        root = ET.fromstring(html)  # noqa: S314  pages of our own templates, whose texts are escaped
    except ET.ParseError:
        return None
    for element in root.iter():
        if element.tag in HOLDERS:
            if not (element.text or "").strip():
                element.text = None
            for child in element:
                if not (child.tail or "").strip():
                    child.tail = None
    return root


class _ParsedPage(HTML):
    """A page whose elements are there already; it has the attributes that `HTML` sets after parsing."""

    def __init__(self, root: ET.Element) -> None:
        self.base_url = BASE_URL
        self.url_fetcher = _fetcher()
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root


def _page(html: str) -> HTML:
    root = parse(html)
    return HTML(string=html, url_fetcher=_fetcher(), base_url=BASE_URL) if root is None else _ParsedPage(root)


def _compress(_: Document, pdf: pydyf.PDF) -> None:
    """Compress every stream, so that the writer has not to do it as slowly as it does."""
    for part in pdf.objects:
        if isinstance(part, pydyf.Stream) and part.compress:
            part.compress = False
            written = part.data
            start = written.index(_STREAM) + len(_STREAM)
            part.stream = [zlib.compress(written[start : -len(_END)])]
            part.extra["Filter"] = "/FlateDecode"


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
    return "; ".join(
        [*found, f"pango {pango.pango_version()}", f"zlib {zlib.ZLIB_RUNTIME_VERSION}", PDF_VARIANT]
    ).encode()


@cache
def _fetcher() -> URLFetcher:
    return _OwnAssetsFetcher(allowed_protocols=set(), fail_on_errors=True)


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style_sheet(name: str) -> CSS:
    return CSS(string=_bytes_of(_style_path(name)).decode(), url_fetcher=_fetcher(), font_config=_fonts())
