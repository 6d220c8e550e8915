"""Locking the sign-in after failures: five within 15 minutes lock the account and, counted apart, the address.

The counts stand in PostgreSQL (django-axes), so a flushed Redis does not reset them. Unknown names are counted
like known ones, so an answer never tells which exist.
"""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.http import HttpRequest


def client_username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name that failures are counted under: one for all spellings in capitals and small letters."""
    name = (credentials or {}).get("username") or ""
    return str(name).strip().lower()[:254]


class LockoutHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """As the database handler, but a success forgives the account's own failures only.

    The stock handler forgives the address too: somebody with one good account could try others' passwords for
    ever, signing in after every fourth failure.
    """

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        count, _ = AccessAttempt.objects.filter(username=client_username(request, credentials)).delete()
        return int(count)
