"""Due dates of the stages of a case, as pure functions of a rule of law and a start."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.enums import PeriodUnit
from imr.core import calendar
from imr.core.clock import pacific_date


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """A period of law as its dated row gives it. `extra_days` lengthen it (service by mail) and are cited apart."""

    name: str
    value: int
    unit: str
    rolls: bool
    citation: str
    is_confirmed: bool
    extra_days: int = 0
    extra_citation: str = ""


@dataclass(frozen=True, slots=True)
class DueDate:
    """When a period ends, and how that was found."""

    due_at: datetime
    explanation: dict[str, Any]


def compute_due(rule: PeriodRule, start: datetime, start_event: str, closed: AbstractSet[date]) -> DueDate:
    """The last instant in time for `rule` counted from `start` (aware).

    Day periods end with the last Pacific day; hour periods at the exact instant. The explanation holds plain values
    that can be shown and stored: rule, citation, start, days counted, days skipped, result.
    """
    first = pacific_date(start)
    skipped: tuple[date, ...] = ()
    if rule.unit == PeriodUnit.HOURS:
        due_at = calendar.add_hours(start, rule.value)
    elif rule.unit == PeriodUnit.BUSINESS_DAYS:
        counted = calendar.add_business_days(first, rule.value + rule.extra_days, closed=closed)
        due_at, skipped = calendar.end_of_day(counted.last_day), counted.skipped
    elif rule.unit == PeriodUnit.MONTHS:
        due_at = calendar.end_of_day(calendar.add_months(first, rule.value))
    else:
        counted = calendar.add_calendar_days(first, rule.value + rule.extra_days, closed=closed, rolls=rule.rolls)
        due_at, skipped = calendar.end_of_day(counted.last_day), counted.skipped
    return DueDate(
        due_at=due_at,
        explanation={
            "rule": rule.name,
            "citation": rule.citation,
            "is_confirmed": rule.is_confirmed,
            "start_event": start_event,
            "start": start.isoformat(),
            "value": rule.value,
            "unit": rule.unit,
            "extra_days": rule.extra_days,
            "extra_citation": rule.extra_citation,
            "skipped": [day.isoformat() for day in skipped],
            "due": due_at.isoformat(),
        },
    )
