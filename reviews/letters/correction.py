"""What may be corrected in a letter that was served: every text and header fact, never an outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from imr.core.words import mmddyyyy
from reviews.letters.final import FinalDeterminationLetter, GuidelineBlock, LetterItem
from reviews.letters.served import LetterChange


class PlaceKind(StrEnum):
    DATE = "date"
    LINES = "lines"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the letter that may be corrected; `text` is what stands there, a date as MM/DD/YYYY.

    `key` is stable and fit for a form field's name; `limit` is the most characters that fit there.
    """

    key: str
    label: str
    text: str
    kind: PlaceKind
    limit: int


_DATES = {
    "date_assigned": "Date Assigned",
    "date_of_injury": "Date of Injury",
    "ur_denial_date": "UR Denial Date",
    "application_received": "Application Received",
}
_LINES = {"states_of_licensure": "State(s) of Licensure", "certifications": "Certification(s)/Specialty"}
_SUMMARY = "clinical_case_summary"


def places_of(letter: FinalDeterminationLetter) -> tuple[Place, ...]:
    """The places of `letter`, in the order in which it is read. A side that cited nothing has no text to correct."""
    found = [Place(name, label, mmddyyyy(getattr(letter, name)), PlaceKind.DATE, 10) for name, label in _DATES.items()]
    found += [
        Place(name, label, "\n".join(getattr(letter, name)), PlaceKind.LINES, 2_000) for name, label in _LINES.items()
    ]
    found.append(Place(_SUMMARY, "Clinical case summary", letter.clinical_case_summary, PlaceKind.TEXT, 30_000))
    for item in letter.items:
        found += _item_places(item)
    return tuple(found)


def changes_between(letter: FinalDeterminationLetter, texts: Mapping[str, str]) -> tuple[tuple[str, LetterChange], ...]:
    """The places where `texts`, by key, say something else than `letter`: each with its key."""
    return tuple(
        (place.key, LetterChange(place.label, place.text, texts[place.key]))
        for place in places_of(letter)
        if place.key in texts and texts[place.key] != place.text
    )


def corrected(letter: FinalDeterminationLetter, texts: Mapping[str, str]) -> FinalDeterminationLetter:
    """`letter` with the new texts in their places. Raises `ValueError` for a place that it has not, or a date that
    is none.
    """
    unknown = set(texts) - {place.key for place in places_of(letter)}
    if unknown:
        raise ValueError(f"The letter has no place {min(unknown)}.")
    header: dict[str, date | tuple[str, ...] | str] = {}
    for key, text in texts.items():
        if key in _DATES:
            header[key] = datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007  a calendar day
        elif key in _LINES:
            header[key] = tuple(line.strip() for line in text.splitlines() if line.strip())
        elif key == _SUMMARY:
            header[key] = text
    items = tuple(_corrected_item(item, texts) for item in letter.items)
    return replace(letter, items=items, **header)  # type: ignore[arg-type]


def _item_places(item: LetterItem) -> list[Place]:
    named = f"Item {item.position}"
    found = [Place(_key(item, "text"), f"{named}, text", item.text, PlaceKind.TEXT, 4_000)]
    found += [
        Place(_key(item, name), f"{named}, {label}", block.text, PlaceKind.TEXT, 8_000)
        for name, label, block in (
            ("claims", "claims administrator's guideline", item.claims_administrator),
            ("reviewer", "reviewer's guideline", item.reviewer),
        )
        if block.text
    ]
    return [
        *found,
        Place(_key(item, "rationale"), f"{named}, decision rationale", item.rationale, PlaceKind.TEXT, 20_000),
    ]


def _corrected_item(item: LetterItem, texts: Mapping[str, str]) -> LetterItem:
    def new(name: str, present: str) -> str:
        return texts.get(_key(item, name), present)

    def block(name: str, present: GuidelineBlock) -> GuidelineBlock:
        return replace(present, text=new(name, present.text))

    return replace(
        item,
        text=new("text", item.text),
        claims_administrator=block("claims", item.claims_administrator),
        reviewer=block("reviewer", item.reviewer),
        rationale=new("rationale", item.rationale),
    )


def _key(item: LetterItem, name: str) -> str:
    return f"item_{item.position}_{name}"
