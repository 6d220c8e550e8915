"""How many requests a minute somebody may send, over all processes."""

import time
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from django.db import connection
from redis import Redis, RedisError

WINDOW_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Spent:
    """Whether one more was allowed, and the seconds until the count begins anew."""

    allowed: bool
    seconds_left: int


def spend(name: str, who: str, *, limit: int) -> Spent:
    """Count one request of `who` towards `limit` in this minute of the clock.

    The count is a key in Redis that is gone after two minutes. While Redis is away everything passes: a limit on
    the busy is not worth an outage.
    """
    now = int(time.time())
    left = WINDOW_SECONDS - now % WINDOW_SECONDS
    key = f"imr:{name}-rate:{connection.settings_dict['NAME']}:{who}:{now // WINDOW_SECONDS}"
    try:
        pipeline = _redis().pipeline()
        pipeline.incr(key)
        pipeline.expire(key, 2 * WINDOW_SECONDS)
        count = int(pipeline.execute()[0])
    except RedisError:
        return Spent(True, left)
    return Spent(count <= limit, left)


@cache
def _redis() -> "Redis":
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
