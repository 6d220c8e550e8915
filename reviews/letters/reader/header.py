"""The header table, from any order in which an extraction gives its labels and values."""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from reviews.letters.reader.result import UnreadableLetterError
from reviews.letters.reader.script import Gap, Script

CASE = "case_number"
PRIORITY = "priority"
DATES = ("date_assigned", "date_of_injury", "decision_date", "ur_denial_date", "application_received")
NAMES = {
    CASE: "Case Number",
    "date_assigned": "Date Assigned",
    "date_of_injury": "Date of Injury",
    "decision_date": "Decision Date",
    "ur_denial_date": "UR Denial Date",
    PRIORITY: "Priority",
    "application_received": "Application Received",
}

_TOKEN = re.compile(
    r"(?P<case_number>Case\s+Number\s*:)"
    r"|(?P<date_assigned>Date\s+Assigned\s*:)"
    r"|(?P<date_of_injury>Date\s+of\s+Injury\s*:)"
    r"|(?P<decision_date>Decision\s+Date\s*:)"
    r"|(?P<ur_denial_date>UR\s+Denial(?:\s+Date\s*:)?)"
    r"|(?P<priority>Priority\s*:)"
    r"|(?P<application_received>Application(?:\s+Received\s*:)?)"
    r"|(?P<rest>\b(?:Date|Received)\s*:)"
    r"|(?P<number>\bCM\d{2}-\d{7}\b)"
    r"|(?P<date>\b\d{1,2}/\d{1,2}/\d{4}\b)"
    r"|(?P<word>[^\W\d_][\w-]*(?:[ ][\w-]+){0,2}?(?=\s|$))"
)
_MAX_HEADER = 6_000


@dataclass(slots=True)
class _Reading:
    """What was read so far; `piled` says that values had to be told apart by their order."""

    values: dict[str, str] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)
    piled: list[str] = field(default_factory=list)


def header_fields(script: Script, start: int, end: int) -> tuple[dict[str, str], bool]:
    """The fields of the header table between two offsets, by name, dates as written, and whether the order in which
    they stand leaves no doubt. What is missing is not in the result."""
    at = script.text.rfind("Case Number", start, end)
    found = _fields(script, max(at, start), end)
    if missing := set(NAMES) - found[0].keys():
        whole = _fields(script, max(start, end - _MAX_HEADER), end)
        if len(missing) > len(set(NAMES) - whole[0].keys()):
            found = whole
    return found


def as_day(text: str, name: str, place: str) -> date:
    """The day of MM/DD/YYYY; raises `UnreadableLetterError` naming the field."""
    month, day, year = (int(part) for part in text.split("/"))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnreadableLetterError(f"“{NAMES[name]}”: there is no day {text}.", place) from error


def _fields(script: Script, start: int, end: int) -> tuple[dict[str, str], bool]:
    """The fields as their order says it. Where a label and a value that stand alone, one below the other, would be
    parted by the order, they may belong together instead: the dates then tell."""
    by_order = _read(script, start, end, pairs=False)
    by_pairs = _read(script, start, end, pairs=True)
    if by_order.values == by_pairs.values:
        return _settled(by_order)
    sensible = [reading for reading in (by_pairs, by_order) if _makes_sense(reading.values)]
    return (sensible or [by_order])[0].values, len(sensible) == 1


def _read(script: Script, start: int, end: int, *, pairs: bool) -> _Reading:
    reading = _Reading()
    label_start, label_end, last_label = -1, -1, ""
    for token in _TOKEN.finditer(script.text, start, end):
        kind = token.lastgroup or ""
        if kind in NAMES:
            if kind not in reading.values and kind not in reading.pending:
                reading.pending.append(kind)
            label_start, label_end, last_label = token.start(), token.end(), kind
            continue
        if kind == "rest":
            label_end = -1
            continue
        takers = [name for name in reading.pending if _kind(name) == kind]
        if not takers:
            continue
        beside = (
            label_end >= 0
            and last_label in takers
            and (
                "\n" not in script.text[label_end : token.start()]
                or (pairs and _are_alone(script, label_start, label_end, token.start()))
            )
        )
        taker = last_label if beside else takers[0]
        if not beside and len(takers) > 1:
            reading.piled += [name for name in takers if name not in reading.piled]
        reading.values[taker] = " ".join(token.group().split())
        reading.pending.remove(taker)
        label_end = -1
    return reading


def _are_alone(script: Script, label_start: int, label_end: int, value: int) -> bool:
    """Whether label and value are paragraphs of their own, the one right below the other."""
    first, last, at = (script.index_at(offset) for offset in (label_start, label_end - 1, value))
    after = script.lines[at + 1].gap if at + 1 < len(script.lines) else Gap.BLANK
    opens = first == 0 or script.lines[first].gap is not Gap.NONE
    return opens and at == last + 1 and script.lines[at].gap is not Gap.NONE and after is not Gap.NONE


def _kind(name: str) -> str:
    return {CASE: "number", PRIORITY: "word"}.get(name, "date")


def _settled(reading: _Reading) -> tuple[dict[str, str], bool]:
    """The fields, and whether their order is beyond doubt: dates told apart by order alone must make sense."""
    if not reading.piled or not all(name in reading.values for name in DATES):
        return reading.values, True
    if _makes_sense(reading.values):
        return reading.values, True
    # The values may have been given by rows where the labels were given by columns.
    by_rows = [name for name in DATES if name in reading.piled]
    as_read = [reading.values[name] for name in reading.piled]
    other = reading.values | dict(zip(by_rows, as_read, strict=True))
    if _makes_sense(other):
        return other, True
    return reading.values, False


def _makes_sense(values: dict[str, str]) -> bool:
    """Whether injury, utilization review, application and decision follow each other."""
    if not all(name in values for name in DATES):
        return False
    order = [values[name] for name in ("date_of_injury", "ur_denial_date", "application_received", "decision_date")]
    days = [tuple(int(part) for part in (text[-4:], *text.split("/")[:2])) for text in order]
    return all(before <= after for before, after in pairwise(days))
