"""Asking for the password again before something is signed."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.utils import timezone

from imr.accounts.models import User
from imr.audit.models import Event
from imr.audit.services import record
from reviews.exceptions import ReauthenticationError

REAUTHENTICATION_LIMIT = 5
REAUTHENTICATION_PAUSE = timedelta(minutes=15)
_FAILED = "determination.reauthenticate"


def require_password(actor: User, password: str, *, case_id: int) -> None:
    """The person gave the right password again; else raises `ReauthenticationError` (403).

    Failures are counted in the audit record, so a flushed Redis forgives none.
    """
    failures = Event.objects.filter(
        action=_FAILED, actor=actor, outcome="failed", at__gte=timezone.now() - REAUTHENTICATION_PAUSE
    ).count()
    if failures >= REAUTHENTICATION_LIMIT:
        raise ReauthenticationError(
            "Too many wrong passwords. Your draft is saved; try again in 15 minutes.", code="reauth_locked"
        )
    if not check_password(password, actor.password):
        record(action=_FAILED, actor=actor, object_type="case", object_id=case_id, case_id=case_id, outcome="failed")
        raise ReauthenticationError(
            "That is not your password. Nothing was signed.",
            fields={"password": ["That is not your password. Nothing was signed."]},
        )
