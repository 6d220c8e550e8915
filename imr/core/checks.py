"""System checks of the shared ground."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from imr.core import clock, signing


@register()
def check_time_zone(**kwargs: Any) -> list[CheckMessage]:
    """All instants are stored in UTC and shown in Pacific time; another zone would move deadlines."""
    if settings.USE_TZ and settings.TIME_ZONE == "America/Los_Angeles":
        return []
    return [Error("TIME_ZONE must be America/Los_Angeles and USE_TZ true.", id="imr.E001")]


@register()
def check_time_zone_data(**kwargs: Any) -> list[CheckMessage]:
    """The machine knows when the clocks of Los Angeles change: deadlines in hours and the ends of days depend on it."""
    changes = (datetime(2026, 3, 8, 10, tzinfo=UTC), datetime(2026, 11, 1, 9, tzinfo=UTC))
    if all(_hour_shift(change) for change in changes):
        return []
    return [Error("The time zone data of this machine is outdated: install tzdata.", id="imr.E003")]


def _hour_shift(change: datetime) -> bool:
    before = (change - timedelta(seconds=1)).astimezone(clock.PACIFIC).utcoffset()
    return before != change.astimezone(clock.PACIFIC).utcoffset()


@register()
def check_signing_key(**kwargs: Any) -> list[CheckMessage]:
    """A key that cannot sign is found when a process starts, not when the first letter is served."""
    if settings.IMR_SIGNING_KEY is None and settings.IMR_MODE != "production":
        return []
    return [Error(problem, id="imr.E002") for problem in signing.problems()]
