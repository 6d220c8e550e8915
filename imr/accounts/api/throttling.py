"""How many requests a minute one account may send."""

import time
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import connection
from redis import Redis, RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS: Final = 60


class AccountThrottle(BaseThrottle):
    """At most `IMR_API_REQUESTS_PER_MINUTE` requests of one account in a minute of the clock, over all processes.

    The count is a key in Redis that is gone after two minutes. While Redis is away everything passes: a limit on
    busy programs is not worth an outage.
    """

    seconds_left = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return True
        now = time.time()
        self.seconds_left = WINDOW_SECONDS - int(now) % WINDOW_SECONDS
        database = connection.settings_dict["NAME"]
        key = f"imr:api-rate:{database}:{request.user.pk}:{int(now) // WINDOW_SECONDS}"
        try:
            pipeline = _redis().pipeline()
            pipeline.incr(key)
            pipeline.expire(key, 2 * WINDOW_SECONDS)
            count = int(pipeline.execute()[0])
        except RedisError:
            return True
        return count <= settings.IMR_API_REQUESTS_PER_MINUTE

    def wait(self) -> int:
        return self.seconds_left


@cache
def _redis() -> "Redis":
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
