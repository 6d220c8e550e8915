"""The text of every page of a stored PDF, for searching: read in a child process with limits, cleaned and cut.

`imr.core.pdf_text` reads files of our own making with the places of their words; this reads files of strangers.
"""

import json
import logging
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

MAX_PAGES: Final = 5_000
# A dense page has 6,000 characters. The words of a page, indexed, may have 1 MB in PostgreSQL: these cannot reach it.
MAX_CHARACTERS: Final = 50_000
MAX_TEXT: Final = 20_000_000
WALL_SECONDS: Final = 240
_PROBE = Path(__file__).with_name("pdf_pages_probe.py")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200b\u2060\ufeff]")
# pdfium gives these for a hyphen at the end of a line, where most often a word was parted.
_PARTED_WORD = re.compile("(?<=[a-z])[\x02\ufffe](?:\r?\n)?(?=[a-z])")
_LINE_END_HYPHEN = re.compile("[\x02\ufffe]")
# PostgreSQL's parser takes these for tags of a web page and leaves out what is in them.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_BLANKS = re.compile(r"[^\S\n]+")


class ReadingProblem(StrEnum):
    """Why the reading of a PDF ended before its last page."""

    PASSWORD = "password"  # noqa: S105  the name of a problem
    DAMAGED = "damaged"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The text of each page that was read, the first one first; `""` for a page without any."""

    texts: tuple[str, ...]
    problem: ReadingProblem | None


def read_page_texts(path: Path) -> PageTexts:
    """The text of the pages of the PDF at `path`, at most 50,000 characters a page, 20 million in all.

    Takes at most 240 seconds and, in a process of its own, 1 GB of memory and 120 seconds of CPU time; what was read
    until then is kept. Never raises for what is in the file.
    """
    command = [sys.executable, "-I", str(_PROBE), str(path), str(MAX_PAGES), str(MAX_CHARACTERS), str(MAX_TEXT)]
    with tempfile.TemporaryFile("w+", prefix="imr-pages-", encoding="ascii", errors="replace") as out:
        try:
            subprocess.run(  # noqa: S603  our own program and a path of ours
                command,
                stdout=out,
                stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS,
                check=False,
                env={"PATH": "", "LC_ALL": "C.UTF-8"},
            )
        except subprocess.TimeoutExpired:
            logger.warning("pdf_pages_timeout")
        out.seek(0)
        return _answer(out)


def searchable(text: str) -> str:
    """`text` as it is stored for searching: no control characters or ligatures, plain blanks, at most 50,000 long."""
    whole = _LINE_END_HYPHEN.sub("-", _PARTED_WORD.sub("", text)).replace("\r\n", "\n").replace("\r", "\n")
    plain = _TAG.sub("< ", unicodedata.normalize("NFKC", _CONTROL.sub(" ", whole)))
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in plain.split("\n")).strip()[:MAX_CHARACTERS]


def _answer(lines: Iterable[str]) -> PageTexts:
    """What the child wrote; without its last line it was ended by one of its limits."""
    texts: list[str] = []
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            break
        if isinstance(value, dict):
            problem = value["problem"]
            return PageTexts(tuple(texts), ReadingProblem(problem) if problem else None)
        texts.append(searchable(value[1]))
    logger.warning("pdf_pages_ended_early", extra={"pages": len(texts)})
    return PageTexts(tuple(texts), ReadingProblem.LIMIT)
