"""What reading a letter gives: the letter's own words, and beside them what could be made of them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.enums import CaseOutcome, GuidelineBasis
from reviews.letters.exchange import ExchangedDetermination
from reviews.letters.phrases import ItemShape


class LetterFormat(StrEnum):
    """The forms that determinations were published in; F1 has two wordings, told apart by `ReadLetter.era`."""

    F0 = "F0"
    F1 = "F1"
    F2 = "F2"
    F3 = "F3"


class ProblemKind(StrEnum):
    """`UNCERTAIN` says that what was read may be wrong; `NOTE` says what a person should know of it."""

    UNCERTAIN = "uncertain"
    NOTE = "note"


class UnreadableLetterError(Exception):
    """The letter cannot be read. `reason` is a sentence that says what was expected, `place` where it is missing."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason = reason
        self.place = place


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was seen while reading; `item` is the position of the item it concerns, or None."""

    kind: ProblemKind
    place: str
    words: str
    item: int | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words


@dataclass(frozen=True, slots=True)
class ChapterCitation:
    """A chapter of the MTUS as cited. `text` is the clause as written; the other parts are what could be made of it.

    `sections` holds the sections one by one where their names are known, else one text with all of them.
    """

    text: str
    chapter: str
    year: int | None = None
    sections: tuple[str, ...] = ()
    pages: str = ""


@dataclass(frozen=True, slots=True)
class OutsideCitation:
    """What was cited from outside of the MTUS, as written, with the links, years and pages in it."""

    text: str
    links: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    pages: str = ""


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """What one side rested on; `basis` is None when the block does not say it in a known way."""

    basis: GuidelineBasis | None
    lead: str = ""
    mtus: tuple[ChapterCitation, ...] = ()
    outside: tuple[OutsideCitation, ...] = ()


@dataclass(frozen=True, slots=True)
class DateFact:
    """A date in a text as written. `day` is None when only month and year are given, or there is no such day."""

    text: str
    place: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What an item's text says of the request. Texts are pieces of the item's text; empty where it has none."""

    shape: ItemShape
    original_request: str
    authorized: str
    disputed: str
    is_retrospective: bool
    claims_administrator: BlockFacts
    reviewer: BlockFacts
    codes: tuple[str, ...]
    dates: tuple[DateFact, ...]


@dataclass(frozen=True, slots=True)
class PartialItem:
    """An item of a letter that is not of the form F1; empty where nothing was found."""

    item: str
    decision: str = ""
    claims_administrator_guideline: str = ""
    reviewer_guideline: str = ""
    decision_rationale: str = ""


@dataclass(frozen=True, slots=True)
class PartialLetter:
    """What a letter of another form says. None or empty where it does not say it."""

    case_number: str = ""
    priority: str = ""
    date_assigned: date | None = None
    date_of_injury: date | None = None
    decision_date: date | None = None
    ur_denial_date: date | None = None
    application_received: date | None = None
    states_of_licensure: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    clinical_case_summary: str = ""
    items: tuple[PartialItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter that was read.

    `determination` is None when parts of a determination are missing; `partial` then has what was found and
    `missing` names what was not. `era` is the year of the wording: "2013", "2015" or "2016"; "own" for letters in
    a wording of ours. `facts` has one entry for each item of the determination.
    """

    format: LetterFormat
    era: str
    case_number: str
    organization_name: str
    reviewer_guideline_label: str
    determination: ExchangedDetermination | None
    facts: tuple[ItemFacts, ...] = ()
    summary_codes: tuple[str, ...] = ()
    summary_dates: tuple[DateFact, ...] = ()
    partial: PartialLetter | None = None
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_complete(self) -> bool:
        return self.determination is not None

    @property
    def is_certain(self) -> bool:
        """Whether nothing that was read may be wrong. What is not certain must not be stored unseen."""
        return not any(problem.kind == ProblemKind.UNCERTAIN for problem in self.problems)

    @property
    def outcome(self) -> CaseOutcome | None:
        """Of the whole case, derived from the items."""
        return self.determination.outcome if self.determination else None
