"""Strengths and quantities in running text. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from reviews.rules.checks.sentences import CACHED

_NUMBER_WORDS = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty
"""
_TENS = {"twenty-four": 24, "thirty": 30, "thirty-six": 36, "forty": 40, "sixty": 60, "ninety": 90}
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS.split(), start=1)} | _TENS
_NUMBER = r"(?P<{0}>\d{{1,4}}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")(?:\s?\(\d{{1,3}}\))?"
_SESSION = r"(?:visits?|sessions?|treatments?|appointments?|units?|injections?)"
_COUNT = re.compile(
    r"\b"
    + _NUMBER.format("count")
    + r"[\s-]*(?:(?!week|month|day|year|time|level|mg|of\b)[\w-]+\s+){0,3}?"
    + _SESSION
    + r"\b"
    r"|\b" + _SESSION + r"\s*(?:x|times|#|:|-|=)\s*" + _NUMBER.format("after") + r"\b"
    r"|\bx\s?(?P<times>\d{1,3})\s?" + _SESSION + r"\b"
    r"|\b(?:q(?:uanti)?ty\.?|number)\s*(?:of)?\s*[:#]?\s*(?P<quantity>\d{1,3})\b",
    re.IGNORECASE,
)
_PILLS = re.compile(
    r"(?:#|\bno\.|\bq(?:uanti)?ty\.?\s*(?:of)?\s*[:#]?|\bcount of)\s?(?P<sign>\d{1,4})\b(?!\s?(?:mg|%))"
    r"|\b(?P<pills>\d{1,4})\s?(?:-?count|tablets?|tabs?|capsules?|caps?|pills?|patches)\b",
    re.IGNORECASE,
)
_PER_WEEK = r"(?:times?|x|visits?|sessions?|days?)?\s*(?:(?:per|a|each|every|/)\s*-?)\s*(?:week|wk)"
_COURSE = re.compile(
    r"\b"
    + _NUMBER.format("a")
    + r"\s*"
    + _PER_WEEK
    + r"(?:ly)?\s*(?:for|x|times|over)?\s*"
    + _NUMBER.format("b")
    + r"\s*(?:weeks?|wks?)\b"
    r"|\b(?P<c>\d{1,2})\s?[xX×]\s?(?P<d>\d{1,2})\b|\b(?P<e>twice|once)\s+(?:a|per"
    r"|each)?\s*week(?:ly)?\s*(?:for|x|over)?\s*" + _NUMBER.format("f") + r"\s*weeks?\b",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(
    r"\b" + _NUMBER.format("n") + r"\s*(?:times?|x|days?)\s*(?:per|a|each|every|/)\s*-?(?:week|wk)\b", re.IGNORECASE
)
_STRENGTH = re.compile(
    r"\b(?P<figures>\d{1,4}(?:[.,]\d{1,3})?(?:\s?[/-]\s?\d{1,4}(?:\.\d{1,3})?){0,3})\s?-?(?P<unit>mg|mcg"
    r"|µg|g|gm|ml|%)(?![A-Za-z])",
    re.IGNORECASE,
)
_A_DAY = re.compile(
    r"^[\s,]*(?:(?:/|per|a|each)\s*-?\s*day|daily (?:dose|max)|MED\b|MME\b|(?:of )?(?:oral )?morphine|total|per 24)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"(?:maximum|max|exceed\w*|up to|at most|limit\w*|more than|less than|above|below|over|greater than|>"
    r"|<|≥|≤)(?: dose)?(?: of| is)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Strength:
    """A strength as normalized figures and unit, and where its words end."""

    figures: str
    unit: str
    start: int
    end: int

    @property
    def words(self) -> str:
        return f"{self.figures} {self.unit}"


@lru_cache(maxsize=CACHED)
def strengths_in(text: str) -> tuple[Strength, ...]:
    """Strengths of single doses; limits and amounts for a day are left out."""
    return tuple(
        Strength(_figures(match["figures"]), match["unit"].lower().replace("gm", "g"), match.start(), match.end())
        for match in _STRENGTH.finditer(text)
        if not _A_DAY.search(text[match.end() :])
        and not _LIMIT.search(text[max(0, match.start() - 24) : match.start()])
    )


@lru_cache(maxsize=CACHED)
def pills_in(text: str) -> frozenset[int]:
    """Numbers of tablets and the like (`#60`, `90 tablets`)."""
    return frozenset(int(match["sign"] or match["pills"]) for match in _PILLS.finditer(text))


@lru_cache(maxsize=CACHED)
def visits_in(text: str) -> frozenset[int]:
    """Numbers of visits, sessions and the like, those of a course (`3 times a week for 4 weeks`) as its product."""
    found = {
        _number(match["count"] or match["after"] or match["times"] or match["quantity"])
        for match in _COUNT.finditer(text)
    }
    return frozenset(found | courses_in(text))


@lru_cache(maxsize=CACHED)
def courses_in(text: str) -> frozenset[int]:
    """The visits of every course that is given as so many times a week for so many weeks (`2x4` is 8)."""
    found = set()
    for match in _COURSE.finditer(text):
        groups = match.groupdict()
        first = groups["a"] or groups["c"] or {"once": "1", "twice": "2"}.get((groups["e"] or "").lower(), "")
        found.add(_number(first) * _number(groups["b"] or groups["d"] or groups["f"]))
    return frozenset(found)


@lru_cache(maxsize=CACHED)
def frequencies_in(text: str) -> frozenset[int]:
    """Times a week."""
    return frozenset(_number(match["n"]) for match in _FREQUENCY.finditer(text))


def _number(words: str) -> int:
    return _NUMBERS.get(words.lower()) or int(words)


def _figures(words: str) -> str:
    parts = re.split(r"\s?[/-]\s?", words.replace(",", ""))
    return "/".join(part.rstrip("0").rstrip(".") if "." in part else part for part in parts)
