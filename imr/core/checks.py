"""System checks of the shared ground."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from imr.core import signing


@register()
def check_time_zone(**kwargs: Any) -> list[CheckMessage]:
    """All instants are stored in UTC and shown in Pacific time; another zone would move deadlines."""
    if settings.USE_TZ and settings.TIME_ZONE == "America/Los_Angeles":
        return []
    return [Error("TIME_ZONE must be America/Los_Angeles and USE_TZ true.", id="imr.E001")]


@register()
def check_signing_key(**kwargs: Any) -> list[CheckMessage]:
    """A key that cannot sign is found when a process starts, not when the first letter is served."""
    if settings.IMR_SIGNING_KEY is None and settings.IMR_MODE != "production":
        return []
    return [Error(problem, id="imr.E002") for problem in signing.problems()]
