"""By how much a due date was kept or missed, in seconds and in words. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class Margin:
    """`seconds_left` is negative for what came late. `due_at` is the last instant that is still in time."""

    seconds_left: int

    @property
    def kept(self) -> bool:
        return self.seconds_left >= 0

    @property
    def words(self) -> str:
        """`kept, 2 days 3 hours before the end`, `missed by 4 minutes 1 second`."""
        if self.seconds_left == 0:
            return "kept, in the last second"
        span = span_words(abs(self.seconds_left))
        return f"kept, {span} before the end" if self.kept else f"missed by {span}"


def margin(*, received_at: datetime, due_at: datetime) -> Margin:
    """How `received_at` stands to `due_at`, in whole seconds; a part of a second late is a second late."""
    left = due_at - received_at
    return Margin(left // timedelta(seconds=1))


def span_words(seconds: int) -> str:
    """The two largest units of a span, rounded down: `2 days 3 hours`."""
    parts = []
    for name, length in _UNITS:
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count:,} {name}" + ("" if count == 1 else "s"))
        if len(parts) == 2:
            break
    return " ".join(parts) or "0 seconds"
