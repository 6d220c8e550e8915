"""Filing as if some days ago, so that demo cases have clocks that run out at different times."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta

from django.db.models import F
from django.db.models.functions import Least

from cases.models import Case, Deadline, Document
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


def set_back(case: Case) -> None:
    """What the database's clock says of the case is no later than `clock.now()`: its papers arrived then, and then its
    clocks ended. What is frozen stays, and the audit record tells when the demo was really made.
    """
    then = clock.now()
    Document.objects.filter(case=case).update(received_at=Least(F("received_at"), then))
    Deadline.objects.filter(case=case, ended_at__gt=then).update(ended_at=then)
    Case.objects.filter(pk=case.pk, status_changed_at__gt=then).update(status_changed_at=then)
