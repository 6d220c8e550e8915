"""How long assignments took."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Sum

from reviews.models import TimeCorrection, WorkSitting


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """Whole minutes as measured, and the reviewer's own figure where there is one."""

    measured: int
    correction: TimeCorrection | None = None

    @property
    def minutes(self) -> int:
        """What counts."""
        return self.correction.minutes if self.correction else self.measured

    @property
    def words(self) -> str:
        """`1 h 05 min`; nothing seen of a case is not the same as no time."""
        if not self.minutes and self.correction is None:
            return "not measured"
        return minutes_words(self.minutes)


def minutes_words(minutes: int) -> str:
    """`1 h 05 min`, `12 min`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def times_of(assignment_ids: Collection[int]) -> dict[int, TimeSpent]:
    """The time of each of the assignments, in two queries; nothing seen of one is no time."""
    rows = WorkSitting.objects.filter(assignment__in=assignment_ids).order_by()
    sums = dict(rows.values_list("assignment_id").annotate(spent=Sum(F("ended_at") - F("began_at"))))
    latest = {
        one.assignment_id: one
        for one in TimeCorrection.objects.filter(assignment__in=assignment_ids).order_by("corrected_at", "pk")
    }
    return {pk: TimeSpent(_minutes(sums.get(pk, timedelta())), latest.get(pk)) for pk in assignment_ids}


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
