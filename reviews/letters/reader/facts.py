"""Facts in free text: the shape of an item, dates, diagnosis codes. Best effort; the text is never changed."""

import re
from datetime import date

from reviews.letters.phrases import ItemShape
from reviews.letters.reader.result import DateFact

_LONGEST = 5_000  # no item is; searching through more would only take time
_REMAINING = re.compile(
    r"^(?P<original>.+?)\s+was\s+the\s+original\s+request\.?\s+(?P<authorized>.+?)\s+(?:was|were)\s+authorized\s+by\s+"
    r"the\s+Claims\s+Administrator\.?\s+The\s+remaining\s+IMR\s+eligible\s+portion\s+of\s+the\s+original\s+request,?\s+"
    r"(?P<disputed>.+?)(?:,?\s+is)?\s*$",
    re.DOTALL,
)
_ORIGINAL = re.compile(
    r"^(?P<original>.+?)\s+was\s+the\s+original\s+request\.?\s+The\s+Claims\s+Administrator\s+authorized\s+"
    r"(?P<authorized>.+?),?\s+leaving\s+the\s+original\s+request\s+IMR\s+eligible\.?\s+The\s+original\s+request,?\s+"
    r"(?P<disputed>.+?)(?:,?\s+is)?\s*$",
    re.DOTALL,
)
_ASSOCIATED = re.compile(r"^(?:Retrospective\s+)?Associated\s+surgical\s+services?\s*:\s*(?P<disputed>.+)$", re.DOTALL)
_RETROSPECTIVE = re.compile(r"^\W*Retro(?:spective)?\b", re.IGNORECASE)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<{0}>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*)\.?"
_DATE = re.compile(
    r"(?<![\d/.-])(?:"
    r"(?P<m1>\d{1,2})(?P<sep>[/.-])(?P<d1>\d{1,2})(?P=sep)(?P<y1>\d{4}|\d{2})"
    r"|(?P<y2>(?:19|20)\d{2})-(?P<m2>\d{2})-(?P<d2>\d{2})"
    rf"|{_MONTH.format('n3')}\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})"
    rf"|(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.format('n4')},?\s+(?P<y4>\d{{4}})"
    rf"|{_MONTH.format('n5')}(?:,|\s+of)?\s+(?P<y5>(?:19|20)\d{{2}})"
    r"|(?P<m6>0?[1-9]|1[0-2])/(?P<y6>(?:19|20)\d{2})"
    r")(?![\d/])(?!-\d)"
)
_CODE_10 = re.compile(r"\b[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}\b")
_CODE_NAMED = re.compile(
    r"\bICD(?:-?\s*(?:9|10)(?:-?CM)?)?(?:\s+codes?)?\s*:?\s*(?P<code>[A-Z]?\d{2,3}[A-Z]?(?:\.\w{1,4})?)\b"
)
_CODE_9 = re.compile(r"\(\s*(?P<code>[789]\d{2}\.\d{1,2})\s*\)")


def item_parts(text: str) -> tuple[ItemShape, str, str, str]:
    """The shape of an item's text, the original request, what was authorized, and what is in dispute."""
    if len(text) > _LONGEST:
        return ItemShape.PLAIN, "", "", text
    for shape, pattern in ((ItemShape.REMAINING_PORTION, _REMAINING), (ItemShape.ORIGINAL_REQUEST, _ORIGINAL)):
        if found := pattern.match(text):
            return shape, found["original"], found["authorized"], found["disputed"]
    if found := _ASSOCIATED.match(text):
        return ItemShape.ASSOCIATED_SERVICE, "", "", found["disputed"]
    return ItemShape.PLAIN, "", "", text


def is_retrospective(text: str) -> bool:
    return _RETROSPECTIVE.search(text) is not None


def dates_in(text: str, place: str) -> tuple[DateFact, ...]:
    """Every date in the text, in order, in whatever shape it is written. Years of two digits are taken as 1950–2049."""
    return tuple(DateFact(found.group(), place, _day(found)) for found in _DATE.finditer(text))


def codes_in(text: str) -> tuple[str, ...]:
    """What looks like a diagnosis code (ICD-9 or ICD-10). Levels of the spine such as L4-5 or T12 are none."""
    found = [(match.start(), match.group()) for match in _CODE_10.finditer(text)]
    for pattern in (_CODE_NAMED, _CODE_9):
        found += [(match.start("code"), match["code"]) for match in pattern.finditer(text)]
    return tuple(dict.fromkeys(code for _, code in sorted(found)))


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    for number in "1234":
        if (year := parts[f"y{number}"]) is None:
            continue
        month = parts.get(f"m{number}")
        named = parts.get(f"n{number}")
        try:
            return date(
                _year(year),
                int(month) if month else _MONTHS.index((named or "")[:3].lower()) + 1,
                int(parts[f"d{number}"]),
            )
        except ValueError:
            return None
    return None


def _year(text: str) -> int:
    year = int(text)
    if year >= 100:
        return year
    return 2000 + year if year < 50 else 1900 + year
