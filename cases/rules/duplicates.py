"""Whether two applications are about the same dispute (8 CCR 9792.10.3(a)(2)). Pure functions of plain values.

What is compared: claim number, date of injury, date of the UR decision, requesting physician, the worker's name, and
the items in the words of the request. Names may be spelled a little differently; dates and numbers may not.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from cases.enums import DraftStep, IneligibilityReason
from cases.rules.finding import Finding, Severity
from imr.core.calendar import add_months
from imr.core.words import mmddyyyy

# Points of a hundred. Together without the items they stay below `SAME_AT`: another treatment of the same UR decision
# is a dispute of its own.
CLAIM_NUMBER, DECISION, ITEMS, INJURY, PHYSICIAN, EMPLOYEE = 25, 20, 20, 15, 10, 10
SAME_AT, SIMILAR_AT = 85, 55
NAME_RATIO, ITEM_RATIO = 88, 90

_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_FIGURE = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFacts:
    """An application as far as it is compared; what was not given is empty."""

    claim_number: str = ""
    date_of_injury: date | None = None
    decided_on: date | None = None
    physician: str = ""
    employee: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """How alike two applications are: points of a hundred, and in words what is the same and what is not."""

    score: int
    same: tuple[str, ...]
    different: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """The same dispute, as far as can be told without reading both."""
        return self.score >= SAME_AT

    @property
    def is_similar(self) -> bool:
        """Alike enough for a person to look."""
        return self.score >= SIMILAR_AT


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """An item that a served determination decided, with the UR decision that was disputed there."""

    case_number: str
    description: str
    outcome: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class ItemHint:
    """An item that was decided before, in words; `position` is the item's own."""

    position: int
    words: str


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A case on file that is alike, as it is told to whoever files again."""

    number: str
    received_on: date
    match: Match


def check_earlier(earlier: Iterable[EarlierCase]) -> list[Finding]:
    """A dispute that is on file already needs a tick to be filed again; one that is only alike is said.

    `earlier` begins with the most alike; the first alone is spoken of.
    """
    for row in earlier:
        alike = ", ".join(row.match.same)
        words = (
            f"This dispute is already on file as case {row.number}, received {mmddyyyy(row.received_on)} (the same "
            f"{alike}). Go on with that case: a second application for the same dispute is found ineligible."
            if row.match.is_same
            else f"Case {row.number}, received {mmddyyyy(row.received_on)}, is alike (the same {alike}). Make sure "
            "that this is another dispute."
        )
        severity = Severity.CONFIRM if row.match.is_same else Severity.WARNING
        code = IneligibilityReason.DUPLICATE.value
        return [Finding(DraftStep.ITEMS, severity, words, code=code, citation="8 CCR 9792.10.3(a)(2)")]
    return []


def compare(new: DisputeFacts, earlier: DisputeFacts) -> Match:
    """How alike `new` and `earlier` are. What one of them leaves open counts neither way."""
    same: list[str] = []
    different: list[str] = []
    score = 0
    judged: list[tuple[int, str, bool | None]] = [
        (CLAIM_NUMBER, "claim number", _equal(plain_number(new.claim_number), plain_number(earlier.claim_number))),
        (DECISION, "UR decision date", _equal(new.decided_on, earlier.decided_on)),
        (INJURY, "date of injury", _equal(new.date_of_injury, earlier.date_of_injury)),
        (PHYSICIAN, "requesting physician", _alike(new.physician, earlier.physician)),
        (EMPLOYEE, "worker", _alike(new.employee, earlier.employee)),
    ]
    for points, words, answer in judged:
        if answer:
            score += points
            same.append(words)
        elif answer is not None:
            different.append(words)
    shared = shared_items(new.items, earlier.items)
    if new.items and earlier.items:
        score += ITEMS * len(shared) // len(new.items)
        words = f"{len(shared)} of {len(new.items)} items"
        (same if shared else different).append(words if shared else "items")
    return Match(score, tuple(same), tuple(different))


def shared_items(new: Sequence[str], earlier: Iterable[str]) -> list[int]:
    """The places (from 0) of those of `new` that are among `earlier`."""
    others = list(earlier)
    return [index for index, item in enumerate(new) if any(is_same_item(item, other) for other in others)]


def is_same_item(one: str, other: str) -> bool:
    """Whether two descriptions mean the same treatment: the same figures, and nearly the same words."""
    mine, theirs = _words(one), _words(other)
    if sorted(_FIGURE.findall(mine)) != sorted(_FIGURE.findall(theirs)):
        return False
    return mine == theirs or fuzz.token_sort_ratio(mine, theirs) >= ITEM_RATIO


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are given and nearly the same."""
    return bool(_alike(one, other))


def plain_number(number: str) -> str:
    """A claim number without signs and blanks, in small letters: `WC-2026 015` is `wc2026015`."""
    return _NOT_WORDS.sub("", number.casefold())


def decided_before(
    items: Sequence[str], decided: Iterable[DecidedItem], *, decided_on: date | None, months: int
) -> list[ItemHint]:
    """Items that were decided within the life of the UR denial, `months` from its date (LC 4610(k))."""
    if decided_on is None:
        return []
    found = []
    rows = list(decided)
    for position, item in enumerate(items, start=1):
        for row in rows:
            until = add_months(row.decided_on, months)
            if row.decided_on <= decided_on < until and is_same_item(item, row.description):
                found.append(
                    ItemHint(
                        position,
                        f"Item {position} was decided in case {row.case_number} ({row.outcome.lower()}). The UR "
                        f"decision of {mmddyyyy(row.decided_on)} stays in effect for the same treatment until "
                        f"{mmddyyyy(until)} unless the facts have changed (LC 4610(k)).",
                    )
                )
    return found


def _equal(one: object, other: object) -> bool | None:
    return one == other if one and other else None


def _alike(one: str, other: str) -> bool | None:
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return None
    return fuzz.token_sort_ratio(mine, theirs) >= NAME_RATIO


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    kept = _NOT_WORDS.sub(" ", _FIGURE.sub(r" \g<0> ", letters)).strip()
    # A name in a script of its own has no plain letters; it is compared as it is.
    return kept or " ".join(text.casefold().split())
