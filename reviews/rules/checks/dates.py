"""Dates in the summary against the letter's header."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from reviews.rules.checks.determination import CheckedDetermination, CheckFinding, advice
from reviews.rules.checks.sentences import sentences

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), start=1)}
_MONTH = r"(?P<{0}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    r"(?<![\d/-])(?P<m>\d{1,2})\s?[/.-]\s?(?P<d>\d{1,2})\s?[/.-]\s?(?P<y>\d{4}|\d{2})(?![\d/-]\d)"
    r"|(?<!\d)(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})(?!\d)"
    r"|\b" + _MONTH.format("nm") + r"\s+(?P<nd>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<ny>\d{4})\b"
    r"|\b(?P<ed>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?" + _MONTH.format("em") + r",?\s+(?P<ey>\d{4})\b",
    re.IGNORECASE,
)
_INJURY = re.compile(
    r"\b(?:date of (?:injur\w+|accident|incident|loss)|DOI|injur(?:y|ed|ies)|hurt|(?:sustain|suffer)\w+"
    r"|fell|falls?|slipp\w+"
    r"|struck|accident|incident|strain\w*|sprain\w*|contusion)\b",
    re.IGNORECASE,
)
# A date after one of these is of something else than the injury.
_OTHER_ACT = re.compile(
    r"\b(?:underwent|surger\w+|seen|evaluat\w+|reports? dated|report of|progress|MRI|x-?rays?|visit"
    r"|exam\w*|notes?|complain\w*"
    r"|stud(?:y|ies)|treat\w+|request\w*|review\w*|release\w*|return\w*|until|through|stat\w+|previous\w*"
    r"|prior|another"
    r"|second|earlier|subsequent\w*|re-?injur\w+|retired|repair\w*|inject\w+)\b",
    re.IGNORECASE,
)
_FIRST_SENTENCES = 2
_UR = re.compile(r"\b(?:utilization review|UR|non-?certif\w+|denial|adverse determination)\b", re.IGNORECASE)
_UR_AFTER = re.compile(
    r"^,?\s*(?:utilization review|UR|non-?certification|denial|adverse determination)\b", re.IGNORECASE
)
_UR_ACT = re.compile(
    r"\b(?:den(?:y|ied|ial|ies)|non-?certif\w+|modif\w+|determin\w+|decision|dated|issued|certified|on|of)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:previous|prior|earlier|another|different|first|initial|second|subsequent)\b", re.IGNORECASE
)
_NEAR = 90


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written, and where."""

    day: date
    words: str
    start: int


def check_dates(determination: CheckedDetermination) -> list[CheckFinding]:
    """The summary does not give another date of injury or of the UR decision than the header."""
    found = []
    summary = determination.summary
    injured_on, reviewed_on = determination.date_of_injury, determination.ur_denial_date
    injury = None
    if all(written.day != injured_on for written in dates_in(summary)):
        injury = _other(_told_of_injury(summary), injured_on)
    if injury is not None and injured_on:
        found.append(_finding("date_of_injury", "the date of injury", injured_on, *injury))
    review = _other(_told_of_review(summary), reviewed_on)
    if review is not None and reviewed_on:
        found.append(_finding("ur_date", "the UR decision", reviewed_on, *review))
    return found


def dates_in(text: str) -> tuple[Written, ...]:
    """The whole dates in `text`, in the shapes that letters use (10-13-16, 1/9/2017, October 13, 2016)."""
    found = []
    for match in _DATE.finditer(text):
        day = _day(match)
        if day is not None:
            found.append(Written(day, match.group(), match.start()))
    return tuple(found)


def _told_of_injury(summary: str) -> Iterator[tuple[Written, str]]:
    """Dates told of the injury at the beginning of a summary, where it always stands."""
    for sentence in sentences(summary)[:_FIRST_SENTENCES]:
        for written in dates_in(sentence.text):
            before = sentence.text[max(0, written.start - _NEAR) : written.start]
            named = list(_INJURY.finditer(before))
            is_told = bool(named) and not _OTHER_ACT.search(before[named[-1].end() :])
            is_opening = not before.strip("On ") and _INJURY.search(sentence.text[written.start :])
            if is_told or is_opening:
                yield written, sentence.text


def _told_of_review(summary: str) -> Iterator[tuple[Written, str]]:
    for sentence in sentences(summary):
        for written in dates_in(sentence.text):
            before = sentence.text[max(0, written.start - _NEAR) : written.start]
            if _UR_AFTER.search(sentence.text[written.start + len(written.words) :]):
                yield written, sentence.text
                continue
            named = list(_UR.finditer(before))
            if not named or _EARLIER.search(before):
                continue
            between = before[named[-1].start() :]
            if _UR_ACT.search(between) and not dates_in(between):
                yield written, sentence.text


def _other(told: Iterable[tuple[Written, str]], header: date | None) -> tuple[Written, str] | None:
    """The first date told, when none of those told is the header's."""
    known = list(told)
    if header is None or not known or any(written.day == header for written, _ in known):
        return None
    return known[0]


def _finding(code: str, name: str, header: date, written: Written, sentence: str) -> CheckFinding:
    return advice(
        code,
        None,
        f"The header gives {header:%m/%d/%Y} for {name}, the summary {written.words}.",
        sentence,
        "summary",
        header=header.isoformat(),
        summary=written.day.isoformat(),
    )


def _day(match: re.Match[str]) -> date | None:
    part = match.groupdict()
    year = part["y"] or part["iy"] or part["ny"] or part["ey"]
    month = part["m"] or part["im"] or _MONTHS[(part["nm"] or part["em"] or "jan").lower()[:3]]
    day = part["d"] or part["id"] or part["nd"] or part["ed"]
    whole = int(year) + (0 if len(year) == 4 else 1900 if int(year) > 50 else 2000)
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        return None
