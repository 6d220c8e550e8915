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
# Sentences of the letter that stand below the list: two in one line, or a long one that is no point of the list.
_SENTENCES = re.compile(r"[a-z]{3}\. [A-Z]")
_LONG_SENTENCE = re.compile(r"^(?:\S+\s+){7,}\S+\.$")
_DATE = re.compile(PRINTED_DATE, re.IGNORECASE)


def named_records(pages: Sequence[tuple[int, str]]) -> tuple[NamedRecord, ...]:
    """What the lists of reviewed records in the letter name, each once. Never raises for what is in the text.

    `pages` are page numbers with their text. Left out is what has neither a date nor a word for a kind of
    record, and undated sentences of the letter itself.
    """
    found: dict[str, NamedRecord] = {}
    for page, text in _listed(pages):
        for part in text.split(";"):
            plain = " ".join(_BULLET.sub("", part).split()).strip(" .,:")
            day = _DATE.search(plain)
            if len(plain) >= 4 and (day or (_RECORD.search(plain) and not _is_prose(part))):
                one = NamedRecord(plain[:_TEXT], printed_day(day["date"]) if day else None, page)
                found.setdefault(plain.casefold(), one)
    return tuple(found.values())[:MOST]


def _is_prose(part: str) -> bool:
    return bool(_SENTENCES.search(part) or (not _BULLET.match(part) and _LONG_SENTENCE.match(part.strip())))


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
