"""The dated rows of law as plain values: which of them governs a deadline on a day, and what lengthens it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from cases.enums import ServiceMethod, ServicePlace
from cases.rules.deadlines import Extension, PeriodRule

APPROVED = "approved"


class NoRuleError(LookupError):
    """No row governs; `str` of it is a sentence for people."""


@dataclass(frozen=True, slots=True)
class LawRow:
    """A figure of law in force from a day until (not including) another."""

    name: str
    label: str
    value: int
    unit: str
    rolls_to_business_day: bool
    is_roll_confirmed: bool
    in_force_from: date
    in_force_until: date | None
    citation: str
    is_confirmed: bool
    deadline_id: str = ""
    variant: str = ""
    start_event: str = ""
    extensions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """The row of a mapping that may hold more than the row needs."""
        return cls(**{name: values[name] for name in cls.__slots__})

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_until is None or on < self.in_force_until)

    def extension(self) -> Extension:
        """The row as what is added to a period."""
        return Extension(self.label, self.value, self.unit, self.citation, self.is_confirmed)

    def period(self, extensions: tuple[Extension, ...] = ()) -> PeriodRule:
        """The row as a period, lengthened by `extensions`."""
        return PeriodRule(
            name=self.label,
            value=self.value,
            unit=self.unit,
            rolls=self.rolls_to_business_day,
            citation=self.citation,
            is_confirmed=self.is_confirmed,
            extensions=extensions,
            is_roll_confirmed=self.is_roll_confirmed,
            parameter=self.name,
            deadline_id=self.deadline_id,
            start_event=self.start_event,
            in_force_from=self.in_force_from,
            in_force_until=self.in_force_until,
        )


class LawBook:
    """All figures of law and the days on which the offices are closed, for many questions in a row."""

    def __init__(self, rows: Iterable[LawRow], closed: Mapping[date, str]) -> None:
        self.closed = closed
        self.last_known_day = date(max((day.year for day in closed), default=0) or 1, 12, 31)
        self._by_name: dict[str, list[LawRow]] = {}
        self._by_id: dict[tuple[str, str], list[LawRow]] = {}
        for row in rows:
            self._by_name.setdefault(row.name, []).append(row)
            if row.deadline_id:
                self._by_id.setdefault((row.deadline_id, row.variant), []).append(row)

    def variants(self, deadline_id: str) -> list[str]:
        """The variants of a deadline that any day knows, the plain one ("") first."""
        return sorted(variant for known, variant in self._by_id if known == deadline_id)

    def named(self, name: str, *, on: date) -> LawRow:
        """The row of `name` in force on `on`; raises `NoRuleError`."""
        return self._in_force(self._by_name.get(name, []), on, f"“{name}”")

    def governing(self, deadline_id: str, variant: str, *, on: date) -> LawRow:
        """The row of a deadline in force on `on`; raises `NoRuleError`."""
        title = f"{deadline_id} ({variant})" if variant else deadline_id
        return self._in_force(self._by_id.get((deadline_id, variant), []), on, title)

    def period(self, row: LawRow, keys: Iterable[str], *, on: date) -> PeriodRule:
        """`row` lengthened by those of its extensions that `keys` name (`extension_keys`)."""
        names = [row.extensions[key] for key in keys if key in row.extensions]
        return row.period(tuple(self.named(name, on=on).extension() for name in names))

    @staticmethod
    def _in_force(rows: list[LawRow], on: date, title: str) -> LawRow:
        for row in rows:
            if row.is_in_force(on):
                return row
        if not rows:
            raise NoRuleError(f"{title} has no rule.")
        first = min(row.in_force_from for row in rows)
        raise NoRuleError(
            f"{title} has no rule in force on {on:%m/%d/%Y}; its first row holds from {first:%m/%d/%Y}."
            if on < first
            else f"{title} has no rule in force on {on:%m/%d/%Y}."
        )


def extension_keys(service: str, place: str, *, is_approved: bool = False) -> tuple[str, ...]:
    """The names under which a row may list what service by this method to this place, or an approval, adds."""
    keys = (f"{service}:{place or ServicePlace.CALIFORNIA}",) if service == ServiceMethod.MAIL else (service,)
    return (*keys, APPROVED) if is_approved else keys


EXTENSION_KEYS = frozenset(
    {
        *(f"{ServiceMethod.MAIL}:{place}" for place in ServicePlace),
        ServiceMethod.ELECTRONIC.value,
        ServiceMethod.FAX.value,
        ServiceMethod.PERSONAL.value,
        APPROVED,
    }
)
