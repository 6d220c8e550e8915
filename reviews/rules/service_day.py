"""On which day a letter that is released now leaves, and bears. Pure: the moment and the closed days come in."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time

from imr.core.calendar import ONE_DAY, is_business_day, roll_forward
from imr.core.clock import PACIFIC


@dataclass(frozen=True, slots=True)
class ServiceDays:
    """The two days that a letter may be served on: today, sent now, and the next business day.

    `is_today_usual` says whether it would be today by the rule: a business day, and not after the cut-off. `usual` is
    the day by the rule, and also the one on which mail that is handed over now leaves.
    """

    today: date
    following: date
    is_today_usual: bool

    @property
    def usual(self) -> date:
        return self.today if self.is_today_usual else self.following


def service_days(now: datetime, *, cut_off: time, closed: Container[date]) -> ServiceDays:
    """The days to choose from at `now` (aware); the last minute of the cut-off is still in time."""
    local = now.astimezone(PACIFIC)
    today = local.date()
    in_time = local.time().replace(second=0, microsecond=0) <= cut_off
    return ServiceDays(
        today=today,
        following=roll_forward(today + ONE_DAY, closed=closed).last_day,
        is_today_usual=in_time and is_business_day(today, closed),
    )
