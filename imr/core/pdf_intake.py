"""Deciding whether an uploaded file is a PDF that can be taken in, and saying in plain words why not.

The content decides, never the name or what the browser says it is. The file is parsed in a child process with
limits on memory and time (`pdf_probe`), so that no file can hurt the process that serves pages.
"""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import puremagic
from django.conf import settings

from imr.core.errors import DomainError

logger = logging.getLogger(__name__)

MAX_BYTES: Final[int] = settings.IMR_MAX_FILE_BYTES
MAX_PAGES: Final = 5_000
MAX_STRAY_BYTES: Final = 1024
WALL_SECONDS: Final = 45
TEXT_SECONDS: Final = 15
TAIL_BYTES: Final = 64 * 1024
_PROBE = Path(__file__).with_name("pdf_probe.py")

REFUSALS: Final[dict[str, str]] = {
    "empty": "The file is empty. Check it on your computer and choose it again.",
    "incomplete": "The file is empty or not a complete PDF. Open it on your computer, save it again and upload that.",
    "not_pdf": "This is not a PDF{seems}. Save or print it as a PDF and upload that.",
    "cut_off": "The PDF is cut off: its end is missing. Get the file again, or print it to a new PDF, and upload that.",
    "damaged": "The PDF is damaged. Open it on your computer, print it to a new PDF and upload that.",
    "stray_bytes": ("The file holds something else before or after the PDF. Print it to a new PDF and upload that."),
    "password": "The PDF is password-protected. Save a copy without a password and upload that.",
    "scripts": "The PDF contains scripts. Print it to a new PDF and upload that.",
    "actions": ("The PDF starts programs, sends data or opens other files. Print it to a new PDF and upload that."),
    "attached_files": (
        "The PDF contains attached files. Save each of them as a PDF of its own and upload those, or print this one "
        "to a new PDF."
    ),
    "xfa": "The PDF is a dynamic form (XFA) that other programs cannot show. Print it to a new PDF and upload that.",
    "no_pages": "The PDF has no pages.",
    "too_many_pages": f"The PDF has more than {MAX_PAGES:,} pages. Split it and upload the parts.",
    "huge_page": "A page of the PDF is larger than 200 by 200 inches. Print it to a new PDF and upload that.",
    "huge_image": "A picture in the PDF is too large to be shown. Scan it with a lower resolution and upload that.",
    "too_complex": "The PDF is too complex to be checked safely. Print it to a new PDF and upload that.",
    "virus": (
        "The file did not pass the virus check, and nothing of it was kept. Have the computer that it comes from "
        "checked, and get the document from its source again."
    ),
    "too_large": f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Split it and upload the parts.",
}

_LOOKS_LIKE: Final[dict[str, str]] = {
    ".docx": "a Word document",
    ".doc": "a Word document",
    ".rtf": "a Word document",
    ".odt": "a text document",
    ".xlsx": "an Excel workbook",
    ".xls": "an Excel workbook",
    ".pptx": "a PowerPoint presentation",
    ".zip": "a zip archive",
    ".jpg": "a JPEG picture",
    ".jpeg": "a JPEG picture",
    ".jfif": "a JPEG picture",
    ".png": "a PNG picture",
    ".gif": "a GIF picture",
    ".tif": "a TIFF picture",
    ".tiff": "a TIFF picture",
    ".heic": "a photo of a phone",
    ".exe": "a Windows program",
    ".html": "a web page",
    ".htm": "a web page",
    ".eml": "an e-mail",
    ".msg": "an e-mail",
}


class RefusedFileError(DomainError):
    """The file was not taken in and nothing of it is kept. `code` is a key of `REFUSALS`."""


class TooLargeFileError(RefusedFileError):
    """As above, for its size (HTTP 413)."""

    status = 413


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What is known of a PDF that may be taken in. `is_restricted`: its owner forbids printing or the like."""

    page_count: int
    text_page_count: int
    is_restricted: bool


def refused_file(code: str, **words: str) -> RefusedFileError:
    """The refusal of `code` in its words."""
    message = REFUSALS[code].format(**words)
    kind = TooLargeFileError if code == "too_large" else RefusedFileError
    return kind(message, code=code, fields={"file": [message]})


def inspect_pdf(path: Path) -> PdfFacts:
    """What the PDF at `path` holds; raises `RefusedFileError` when it may not be taken in.

    Takes at most 45 seconds and, in a process of its own, 1 GB of memory and 30 seconds of CPU time.
    """
    size = path.stat().st_size
    if size == 0:
        raise refused_file("empty")
    if size > MAX_BYTES:
        raise refused_file("too_large")
    _check_frame(path, size)
    answer = _probe(path)
    if "refused" in answer:
        raise refused_file(answer["refused"])
    return PdfFacts(
        page_count=answer["pages"],
        text_page_count=min(answer["pages_with_text"], answer["pages"]),
        is_restricted=answer["is_restricted"],
    )


def _check_frame(path: Path, size: int) -> None:
    """The file begins and ends as a PDF does, give or take 1 KB on either side."""
    with path.open("rb") as handle:
        head = handle.read(max(MAX_STRAY_BYTES + 5, 4096))
        handle.seek(max(0, size - TAIL_BYTES))
        tail = handle.read()
    at = head.find(b"%PDF-")
    if at < 0:
        raise refused_file("not_pdf", seems=_seems(path, head))
    if at > MAX_STRAY_BYTES:
        raise refused_file("stray_bytes")
    if size < 64:
        raise refused_file("incomplete")
    end = tail.rfind(b"%%EOF")
    if end < 0:
        # Either nothing closes the file, or much follows what closed it.
        raise refused_file("stray_bytes" if _closes_somewhere(path) else "cut_off")
    if len(tail) - end - len(b"%%EOF") > MAX_STRAY_BYTES:
        raise refused_file("stray_bytes")


def _closes_somewhere(path: Path) -> bool:
    overlap = b""
    with path.open("rb") as handle:
        while chunk := handle.read(1024 * 1024):
            if b"%%EOF" in overlap + chunk:
                return True
            overlap = chunk[-4:]
    return False


def _seems(path: Path, head: bytes) -> str:
    if head.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html", b"<script")):
        return " (it looks like a web page)"
    if head.startswith(b"MZ"):
        return " (it looks like a Windows program)"
    try:
        extension = str(puremagic.from_file(path)).lower()
    except (puremagic.PureError, ValueError, OSError):
        return ""
    words = _LOOKS_LIKE.get(extension)
    return f" (it looks like {words})" if words else ""


def _probe(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-I", str(_PROBE), str(path), str(MAX_PAGES), str(TEXT_SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603  our own program and a path of ours
            command, capture_output=True, timeout=WALL_SECONDS, check=False, env={"PATH": "", "LC_ALL": "C.UTF-8"}
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        logger.warning("pdf_probe_timeout")
        return {"refused": "too_complex"}
    except ValueError:
        # The child was ended by one of its limits before it could answer.
        logger.warning("pdf_probe_died", extra={"status": done.returncode})
        return {"refused": "too_complex"}
    return answer
