"""Filing as if some days ago, so that demo cases have clocks that run out at different times."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from imr.core import clock


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Within the block `clock.now()` and `clock.today()` are this many days earlier.

    For one process that does nothing else, as a management command is. The database's own clock stays, so the
    audit record tells when the demo was really made.
    """
    present = clock.now
    clock.now = lambda: present() - timedelta(days=days)
    try:
        yield
    finally:
        clock.now = present
