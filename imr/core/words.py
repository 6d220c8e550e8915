"""Dates, instants and sizes in the words that people read. Pure: the present is an argument."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from imr.core.clock import PACIFIC, pacific_date

HOURS_BELOW = timedelta(hours=48)


class Urgency(StrEnum):
    """How near a deadline is; the values are the classes of the chip."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in words: `distance` ("due in 3 days") and `moment` ("Thu Nov 26, 5:00 PM PT")."""

    urgency: Urgency
    distance: str
    moment: str

    def __str__(self) -> str:
        return f"{self.distance}, {self.moment}"


def mmddyyyy(day: date) -> str:
    """`11/23/2026`; of an instant, its day in Los Angeles."""
    if isinstance(day, datetime):
        day = pacific_date(day)
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def pacific(instant: datetime) -> str:
    """`11/23/2026, 5:00 PM PT`."""
    return f"{mmddyyyy(instant)}, {clock_time(instant)}"


def clock_time(instant: datetime) -> str:
    """`5:00 PM PT`."""
    local = instant.astimezone(PACIFIC)
    return f"{local.hour % 12 or 12}:{local.minute:02} {'AM' if local.hour < 12 else 'PM'} PT"


def due(deadline: datetime | date, now: datetime) -> Due:
    """The deadline as seen at `now` (aware).

    Below 48 hours the distance is in whole hours (below one hour, minutes), rounded so that the time left is never
    overstated; beyond, in days of the Pacific calendar, as people count them. A deadline without a time of day
    is met until the end of its day.
    """
    if not isinstance(deadline, datetime):
        return _due_day(deadline, pacific_date(now))
    left = deadline - now
    days = (pacific_date(deadline) - pacific_date(now)).days
    moment = f"{_day(pacific_date(deadline), pacific_date(now))}, {clock_time(deadline)}"
    if left >= HOURS_BELOW:
        return Due(Urgency.LATER, f"due in {_count(days, 'day')}", moment)
    if left >= timedelta(0):
        return Due(Urgency.SOON, f"due in {_short(left)}" if left >= timedelta(minutes=1) else "due now", moment)
    late = -left
    if late >= HOURS_BELOW:
        return Due(Urgency.OVERDUE, f"overdue by {_count(-days, 'day')}", moment)
    return Due(Urgency.OVERDUE, f"overdue by {_short(late)}" if late >= timedelta(minutes=1) else "overdue", moment)


def due_words(deadline: datetime | date, now: datetime) -> str:
    """`due in 3 days, Thu Nov 26, 5:00 PM PT`; see `due`."""
    return str(due(deadline, now))


def money(amount: Decimal) -> str:
    """`$1,234.50`, `-$345.00`: whole cents, never rounded. Raises `ValueError` for a fraction of a cent."""
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError("An amount of money has whole cents.")
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def file_size(size: int) -> str:
    """`845 bytes`, `12 KB`, `3.4 MB`: units of 1,024, a decimal below ten."""
    if size < 1024:
        return _count(size, "byte")
    value = float(size)
    for unit in ("KB", "MB", "GB"):
        value /= 1024
        if value < 1023.5 or unit == "GB":
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"
    raise AssertionError


def _due_day(deadline: date, today: date) -> Due:
    days = (deadline - today).days
    if days < 0:
        return Due(Urgency.OVERDUE, f"overdue by {_count(-days, 'day')}", _day(deadline, today))
    urgency = Urgency.SOON if days < 2 else Urgency.LATER
    words = {0: "due today", 1: "due tomorrow"}.get(days, f"due in {days} days")
    return Due(urgency, words, _day(deadline, today))


def _day(day: date, today: date) -> str:
    year = f", {day.year}" if day.year != today.year else ""
    return f"{day:%a} {day:%b} {day.day}{year}"


def _short(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return _count(minutes, "minute") if minutes < 60 else _count(minutes // 60, "hour")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
