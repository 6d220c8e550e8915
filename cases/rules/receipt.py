"""When an application counts as received, and what may be corrected about that. Pure."""

from datetime import date, datetime, timedelta
from typing import Final

from imr.core.clock import pacific_date
from imr.core.words import mmddyyyy, pacific

# Nothing is keyed in that arrived longer ago: such a date is a slip.
OLDEST_ARRIVAL: Final = timedelta(days=730)


def check_arrival(arrived_at: datetime, *, decided_on: date | None, now: datetime) -> str:
    """What is wrong with the moment at which paper arrived, in a sentence; empty when nothing is."""
    if arrived_at > now:
        return f"It cannot have arrived on {pacific(arrived_at)}, in the future. Enter the moment of the date stamp."
    if arrived_at < now - OLDEST_ARRIVAL:
        return f"Check the year: {pacific(arrived_at)} is more than two years ago."
    if decided_on is not None and pacific_date(arrived_at) < decided_on:
        return (
            f"It cannot have arrived on {mmddyyyy(arrived_at)}, before the UR decision of {mmddyyyy(decided_on)} that "
            "it disputes."
        )
    return ""


def is_same_minute(one: datetime, other: datetime) -> bool:
    """Whether both read alike where moments are shown and typed: by the minute."""
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
