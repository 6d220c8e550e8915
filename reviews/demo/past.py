"""Filing as if some days ago, so that demo cases have clocks that run out at different times."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta

from imr.core import clock


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Within the block `clock.now()` and `clock.today()` are this many days earlier, at the same hour in Los Angeles.

    For one process that does nothing else, as a management command is. The database's own clock stays, so the
    audit record tells when the demo was really made.
    """
    present = clock.now
    # Days by the clock on the wall: 24 hours before 11:30 PM are another day when the clocks were set back between.
    clock.now = lambda: (present().astimezone(clock.PACIFIC) - timedelta(days=days)).astimezone(UTC)
    try:
        yield
    finally:
        clock.now = present
