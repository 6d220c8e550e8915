"""The exchange form of a determination: one JSON object with fixed keys, dates MM/DD/YYYY, white space folded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from cases.enums import CaseOutcome, Outcome
from cases.rules.outcome import case_outcome

_DATE = re.compile(r"\d{2}/\d{2}/\d{4}")
_ITEM_TEXTS = ("item", "claims_administrator_guideline", "reviewer_guideline", "decision_rationale")
_DATES = ("date_assigned", "date_of_injury", "decision_date", "ur_denial_date", "application_received")
_TEXTS = ("case_number", "priority", "clinical_case_summary")
_LISTS = ("states_of_licensure", "certifications")


class ExchangeError(ValueError):
    """The data is not a determination in the exchange form; the message names the key and what it should hold."""


@dataclass(frozen=True, slots=True)
class ExchangedItem:
    """One disputed item as a letter prints it; `decision` is `Upheld` or `Overturned`.

    The guideline texts are whole blocks: the fixed sentence before the citations is part of them, the label is not.
    """

    item: str
    decision: str
    claims_administrator_guideline: str
    reviewer_guideline: str
    decision_rationale: str

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.decision.lower())


@dataclass(frozen=True, slots=True)
class ExchangedDetermination:
    """What a letter says, and nothing else. Texts may hold blank lines between paragraphs until they are exported."""

    case_number: str
    priority: str
    date_assigned: date
    date_of_injury: date
    decision_date: date
    ur_denial_date: date
    application_received: date
    states_of_licensure: tuple[str, ...]
    certifications: tuple[str, ...]
    clinical_case_summary: str
    items: tuple[ExchangedItem, ...]

    @property
    def outcome(self) -> CaseOutcome | None:
        """Of the whole case, derived from the items."""
        return case_outcome(item.outcome for item in self.items)

    def to_data(self) -> dict[str, Any]:
        """The exchange form: exactly the published keys, white space folded to one blank."""
        return {
            "case_number": self.case_number,
            "priority": folded(self.priority),
            **{name: f"{getattr(self, name):%m/%d/%Y}" for name in _DATES},
            "states_of_licensure": [folded(state) for state in self.states_of_licensure],
            "certifications": [folded(name) for name in self.certifications],
            "clinical_case_summary": folded(self.clinical_case_summary),
            "items": [
                {"item": folded(item.item), "decision": item.decision}
                | {name: folded(getattr(item, name)) for name in _ITEM_TEXTS[1:]}
                for item in self.items
            ],
        }

    @classmethod
    def from_data(cls, data: Any) -> Self:
        """The determination of `to_data`. Raises `ExchangeError` for a missing or unknown key, or a wrong kind."""
        _require_keys(data, {*_TEXTS, *_DATES, *_LISTS, "items"}, "the determination")
        if not isinstance(data["items"], list) or not data["items"]:
            raise ExchangeError("“items” must be a list with at least one item.")
        return cls(
            case_number=_text(data, "case_number"),
            priority=_text(data, "priority"),
            date_assigned=_day(data, "date_assigned"),
            date_of_injury=_day(data, "date_of_injury"),
            decision_date=_day(data, "decision_date"),
            ur_denial_date=_day(data, "ur_denial_date"),
            application_received=_day(data, "application_received"),
            states_of_licensure=_list(data, "states_of_licensure"),
            certifications=_list(data, "certifications"),
            clinical_case_summary=_text(data, "clinical_case_summary"),
            items=tuple(_item(item, position) for position, item in enumerate(data["items"], start=1)),
        )

    def folded(self) -> Self:
        """The same with white space folded, as the exchange form has it; two of them can be compared."""
        return type(self).from_data(self.to_data())


def folded(text: str) -> str:
    """Every run of white space as one blank, none at the ends."""
    return " ".join(text.split())


def _item(data: Any, position: int) -> ExchangedItem:
    _require_keys(data, {*_ITEM_TEXTS, "decision"}, f"item {position}")
    if data["decision"] not in {outcome.label for outcome in Outcome}:
        raise ExchangeError(f"Item {position}: “decision” must be Upheld or Overturned.")
    texts = {name: _text(data, name) for name in _ITEM_TEXTS}
    return ExchangedItem(decision=data["decision"], **texts)


def _require_keys(data: Any, wanted: set[str], where: str) -> None:
    if not isinstance(data, Mapping):
        raise ExchangeError(f"Expected an object for {where}.")
    if missing := sorted(wanted - data.keys()):
        raise ExchangeError(f"“{missing[0]}” is missing in {where}.")
    if unknown := sorted(str(key) for key in data.keys() - wanted):
        raise ExchangeError(f"“{unknown[0][:60]}” is not a key of {where}.")


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data[name]
    if not isinstance(value, str):
        raise ExchangeError(f"“{name}” must be a text.")
    return value


def _list(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = data[name]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ExchangeError(f"“{name}” must be a list of texts.")
    return tuple(values)


def _day(data: Mapping[str, Any], name: str) -> date:
    text = data[name]
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise ExchangeError(f"“{name}” must be a date as MM/DD/YYYY.")
    try:
        return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007  a calendar day has no zone
    except ValueError as error:
        raise ExchangeError(f"“{name}”: there is no day {text}.") from error
