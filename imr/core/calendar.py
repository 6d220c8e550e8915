"""Counting days and hours for legal periods. Pure: dates and closed days come in as arguments.

Calendar days: the day of the event is not counted (CCP 12). A last day on which the office is closed moves to the
next open day only where the rule says so (CCP 12a). Hours are elapsed hours, whatever the clocks do meanwhile. A
paused day is not counted in any kind of days.
"""

import calendar as _calendar
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from imr.core.clock import PACIFIC

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class NonexistentTimeError(ValueError):
    """A wall clock time that the spring change left out; `str` of it says so to people."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted period: the last day that is in time, and the days that were stepped over."""

    last_day: date
    skipped: tuple[date, ...] = ()


def is_business_day(day: date, closed: Container[date]) -> bool:
    """Whether `day` is neither Saturday, Sunday nor in `closed`."""
    return day.weekday() < SATURDAY and day not in closed


def add_calendar_days(
    start: date,
    days: int,
    *,
    closed: Container[date] = frozenset(),
    rolls: bool = False,
    paused: Container[date] = frozenset(),
) -> Counted:
    """The `days`-th day after `start`; with `rolls`, the next business day when that one is closed."""
    if paused == frozenset():
        counted = Counted(start + timedelta(days=days))
    else:
        counted = _counted(start, days, lambda day: day not in paused)
    if not rolls:
        return counted
    rolled = roll_forward(counted.last_day, closed=closed)
    return Counted(rolled.last_day, counted.skipped + rolled.skipped)


def add_business_days(
    start: date, days: int, *, closed: Container[date] = frozenset(), paused: Container[date] = frozenset()
) -> Counted:
    """The `days`-th business day after `start`."""
    return _counted(start, days, lambda day: is_business_day(day, closed) and day not in paused)


def roll_forward(day: date, *, closed: Container[date]) -> Counted:
    """`day` itself when the offices are open on it, else the next business day (CCP 12a)."""
    skipped = []
    while not is_business_day(day, closed):
        skipped.append(day)
        day += ONE_DAY
    return Counted(day, tuple(skipped))


def _counted(start: date, days: int, counts: Callable[[date], bool]) -> Counted:
    day, left, skipped = start, days, []
    while left > 0:
        day += ONE_DAY
        if counts(day):
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


def pacific_instant(day: date, clock_time: time, *, fold: int = 0) -> datetime:
    """The instant of a wall clock time in Los Angeles, aware.

    In the hour that the autumn change repeats, `fold` 0 is the first and 1 the second. Raises
    `NonexistentTimeError` for a time in the hour that the spring change leaves out.
    """
    local = datetime.combine(day, clock_time.replace(tzinfo=None, fold=fold), tzinfo=PACIFIC)
    there_and_back = local.astimezone(UTC).astimezone(PACIFIC)
    if there_and_back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NonexistentTimeError(
            f"{clock_time:%H:%M} did not exist on {day:%m/%d/%Y}: the clocks went from 02:00 to 03:00."
        )
    return local
