"""What the checklist of records is made from: plain values. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Requirement:
    """What has to be on file, as a dated row of law. `kinds` are kinds of documents that answer it.

    `asks` is for what only a person can say: whether it exists at all.
    """

    code: str
    title: str
    kinds: tuple[str, ...]
    to_do: str
    citation: str
    is_confirmed: bool
    asks: bool = False


@dataclass(frozen=True, slots=True)
class PageOwner:
    """Whom a page names as the patient, and the day of birth beside it, as far as it names them."""

    page: int
    name: str
    born: date | None


@dataclass(frozen=True, slots=True)
class RecordPaper:
    """A document on file. `readable_pages` are those with text, `dates` the days of visits and reports in its text.

    `is_read` is false while a worker has not read it to its end.
    """

    pk: int
    title: str
    kind: str
    dated_on: date | None
    page_count: int
    readable_pages: int
    is_read: bool
    dates: tuple[date, ...] = ()
    people: tuple[PageOwner, ...] = ()

    @property
    def all_dates(self) -> frozenset[date]:
        return frozenset(self.dates) | ({self.dated_on} if self.dated_on else frozenset())


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A record that the UR decision letter names, with the page of the letter."""

    text: str
    dated_on: date | None
    page: int


@dataclass(frozen=True, slots=True)
class RecordsFacts:
    """All of it. `requested_on` is the day of the request for authorization, `requested_words` which day that is.

    `months`, with `span_citation`, are how far back physician reports are required.
    """

    requested_on: date | None
    requested_words: str
    months: int
    span_citation: str
    is_span_confirmed: bool
    last_name: str
    born: date | None
    papers: tuple[RecordPaper, ...]
    has_letter: bool
    is_letter_read: bool
    named: tuple[NamedRecord, ...] = ()

    def of_kinds(self, kinds: tuple[str, ...]) -> tuple[RecordPaper, ...]:
        return tuple(paper for paper in self.papers if paper.kind in kinds)
