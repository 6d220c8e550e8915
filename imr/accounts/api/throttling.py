"""How many requests a minute one account may send."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from imr.core import rate


class AccountThrottle(BaseThrottle):
    """At most `IMR_API_REQUESTS_PER_MINUTE` requests of one account in a minute of the clock, over all processes."""

    seconds_left = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return True
        spent = rate.spend("api", str(request.user.pk), limit=settings.IMR_API_REQUESTS_PER_MINUTE)
        self.seconds_left = spent.seconds_left
        return spent.allowed

    def wait(self) -> int:
        return self.seconds_left
