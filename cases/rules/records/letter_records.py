"""The records that a UR decision letter says were reviewed, read by rules. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cases.rules.printed_dates import PRINTED_DATE, printed_day
from cases.rules.records.facts import NamedRecord

MOST: Final = 80
MOST_LINES: Final = 120
_TEXT: Final = 200

_HEADING = re.compile(
    r"\b(?:records?|documents?|documentation|reports?|information)"
    r"(?: (?:that )?(?:were|was|have been))? (?:reviewed|considered|received|submitted|provided)\b"
    r"|\breview of (?:the )?(?:medical )?records\b"
    r"|\breviewed (?:the )?following\b",
    re.IGNORECASE,
)
# What comes after such a list in a letter.
_AFTER = re.compile(
    r"^(?:\d+[.)]\s*)?(?:decision|determination|rationale|guidelines?|discussion|conclusions?|summary|clinical|history"
    r"|disputed|requests?|requested|treatments?|criteria|reviewer|appeal|sincerely|explanation|basis)\b",
    re.IGNORECASE,
)
_RECORD = re.compile(
    r"\b(?:reports?|notes?|mri|ct|x-?rays?|rfa|request for authorization|pr-?[234]|dwc|evaluation|consultation"
    r"|operative|laborator(?:y|ies)|lab|urine|emg|ncv|study|therapy|form|records?|letter)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[•*\-–·]|\(?\d{1,2}[.)]|[a-z][.)])\s*")
_DATE = re.compile(PRINTED_DATE, re.IGNORECASE)


def named_records(pages: Sequence[tuple[int, str]]) -> tuple[NamedRecord, ...]:
    """What the lists of reviewed records in the letter name, each once. Never raises for what is in the text.

    `pages` are page numbers with their text. What has neither a date nor a word for a kind of record is left out.
    """
    found: dict[str, NamedRecord] = {}
    for page, text in _listed(pages):
        for part in text.split(";"):
            plain = " ".join(_BULLET.sub("", part).split()).strip(" .,:")
            day = _DATE.search(plain)
            if len(plain) >= 4 and (day or _RECORD.search(plain)):
                one = NamedRecord(plain[:_TEXT], printed_day(day["date"]) if day else None, page)
                found.setdefault(plain.casefold(), one)
    return tuple(found.values())[:MOST]


def _listed(pages: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines of the lists, each with its page."""
    left = 0
    for page, text in pages:
        for raw in text.splitlines():
            line = raw.strip()
            heading = _HEADING.search(line)
            if heading and (line.endswith(":") or ":" in line[heading.end() :] or len(line) < 60):
                left = MOST_LINES
                rest = line[heading.end() :].partition(":")[2]
                if rest.strip():
                    yield page, rest
            elif left and line:
                left = 0 if _AFTER.match(line) else left - 1
                if left:
                    yield page, line
