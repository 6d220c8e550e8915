"""Business time: instants are UTC, days are days in Los Angeles.

"Today" is never taken from UTC: a filing received at 11:30 PM Pacific on June 30 is July 1 in UTC already.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def pacific_date(instant: datetime) -> date:
    """The calendar day in Los Angeles at `instant` (aware)."""
    return instant.astimezone(PACIFIC).date()


def noon(day: date) -> datetime:
    """The instant that stands for a day of which no time is known: noon in Los Angeles."""
    return datetime.combine(day, time(12), tzinfo=PACIFIC)


def today() -> date:
    """The calendar day in Los Angeles now."""
    return pacific_date(now())
