"""Counting days and hours for legal periods. Pure: dates and closed days come in as arguments.

Calendar days: the day of the event is not counted (CCP 12). A last day on which the office is closed moves to the
next open day only where the rule says so (CCP 12a). Hours are elapsed hours, whatever the clocks do meanwhile.
"""

import calendar as _calendar
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from imr.core.clock import PACIFIC

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted period: the last day that is in time, and the closed days that were stepped over."""

    last_day: date
    skipped: tuple[date, ...] = ()


def is_business_day(day: date, closed: AbstractSet[date]) -> bool:
    """Whether `day` is neither Saturday, Sunday nor in `closed`."""
    return day.weekday() < SATURDAY and day not in closed


def add_calendar_days(
    start: date, days: int, *, closed: AbstractSet[date] = frozenset(), rolls: bool = False
) -> Counted:
    """The `days`-th day after `start`; with `rolls`, the next business day when that one is closed."""
    last = start + timedelta(days=days)
    return _rolled(last, closed) if rolls else Counted(last)


def add_business_days(start: date, days: int, *, closed: AbstractSet[date] = frozenset()) -> Counted:
    """The `days`-th business day after `start`."""
    day, left, skipped = start, days, []
    while left > 0:
        day += ONE_DAY
        if is_business_day(day, closed):
            left -= 1
        else:
            skipped.append(day)
    return Counted(day, tuple(skipped))


def add_months(start: date, months: int) -> date:
    """The same day `months` later; the last day of that month where it has no such day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, _calendar.monthrange(year, month + 1)[1]))


def add_hours(start: datetime, hours: int) -> datetime:
    """The instant `hours` elapsed hours after `start` (aware), in UTC."""
    return start.astimezone(UTC) + timedelta(hours=hours)


def end_of_day(day: date) -> datetime:
    """The last instant of `day` in Los Angeles, in UTC."""
    midnight = datetime.combine(day + ONE_DAY, time.min, tzinfo=PACIFIC)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def _rolled(day: date, closed: AbstractSet[date]) -> Counted:
    skipped = []
    while not is_business_day(day, closed):
        skipped.append(day)
        day += ONE_DAY
    return Counted(day, tuple(skipped))
