"""What the pages of a record say of themselves: days of visits and reports, and whose they are. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

from cases.rules.printed_dates import PRINTED_DATE, printed_day
from cases.rules.records.facts import PageOwner

MOST_DATES: Final = 400
MOST_PEOPLE: Final = 60
_LINE: Final = 400

_DAY_OF_REPORT = re.compile(
    r"\b(?:date of (?:the |this )?(?:service|visit|exam(?:ination)?|evaluation|consultation|report|procedure|study"
    r"|surgery|dictation)|(?:service|visit|exam(?:ination)?|evaluation|report|study) date|d\.?o\.?s\.?"
    r"|(?:visit|report|examination|evaluation|note|seen|examined|evaluated)(?: in (?:the )?(?:office|clinic))?"
    rf" (?:of|on|dated))\s*[:#]?\s*{PRINTED_DATE}",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"^(?:patient|claimant|injured (?:worker|employee)|employee|applicant)(?:['’]s)?(?: name)?\s*[:#]\s*"
    r"(?P<name>[^\d:#|]{3,70})",
    re.IGNORECASE,
)
_BORN = re.compile(
    rf"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born(?: on)?)\s*[:#]?\s*{PRINTED_DATE}", re.IGNORECASE
)
# Where the next thing on the line begins.
_NEXT = re.compile(
    r"[.;(]\s|\b(?:d\.?o\.?b|d\.?o\.?i|date|claim|mrn|age|aged|sex|gender|ssn|employer|years?|address|phone|visit"
    r"|physician|provider|account|acct|chart|record|insurer|carrier|is|was|has|returns|presents)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Days and people of some pages, each once, in the order of the pages."""

    dates: tuple[date, ...] = ()
    people: tuple[PageOwner, ...] = ()

    def joined(self, others: Self) -> Self:
        """Both together."""
        return type(self)(
            tuple(dict.fromkeys([*self.dates, *others.dates]))[:MOST_DATES],
            tuple({(one.name, one.born): one for one in [*others.people, *self.people]}.values())[:MOST_PEOPLE],
        )

    def as_json(self) -> dict[str, Any]:
        """The stored form; `from_json` reads it back to equal facts."""
        return {
            "dates": [day.isoformat() for day in self.dates],
            "people": [[one.page, one.name, one.born.isoformat() if one.born else ""] for one in self.people],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The facts of a stored form; empty for none."""
        return cls(
            tuple(date.fromisoformat(day) for day in data.get("dates", ())),
            tuple(
                PageOwner(page, name, date.fromisoformat(born) if born else None)
                for page, name, born in data.get("people", ())
            ),
        )


def page_facts(pages: Iterable[tuple[int, str]]) -> PageFacts:
    """What is found on `pages`, numbers with their text. Never raises for what is in the text."""
    dates: dict[date, None] = {}
    people: dict[tuple[str, date | None], PageOwner] = {}
    for number, text in pages:
        for line in text.splitlines():
            for day in _days(line[:_LINE]):
                dates.setdefault(day)
        owner = _owner(number, text)
        if owner is not None:
            people.setdefault((owner.name, owner.born), owner)
    return PageFacts(tuple(dates)[:MOST_DATES], tuple(people.values())[:MOST_PEOPLE])


def _days(line: str) -> Iterator[date]:
    for match in _DAY_OF_REPORT.finditer(line):
        day = printed_day(match["date"])
        if day is not None:
            yield day


def _owner(number: int, text: str) -> PageOwner | None:
    """Whom the page names first, and the first day of birth on it."""
    name, born = "", None
    for raw in text.splitlines():
        line = raw[:_LINE]
        if not name and (found := _NAME.match(line.strip())):
            name = _clean(found["name"])
        if born is None and (day := _BORN.search(line)):
            born = printed_day(day["date"])
    return PageOwner(number, name, born) if name or born else None


def _clean(text: str) -> str:
    """The name at the beginning of `text`; nothing where it is none."""
    name = _NEXT.split(text, maxsplit=1)[0].strip(" ,.;-–")
    words = name.split()
    return name if 1 < len(words) <= 6 and name[0].isupper() else ""
