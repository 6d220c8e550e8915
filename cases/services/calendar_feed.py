"""A person's address for a calendar program: given once, revocable."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from cases.models import CalendarFeed
from imr.accounts.models import User
from imr.accounts.services.secret import new_secret, secret_hash
from imr.audit.services import record
from imr.core import clock

SEEN_STEP = timedelta(minutes=1)


@transaction.atomic
def issue_calendar_feed(*, actor: User) -> str:
    """A new secret for the person's calendar address; a former one is refused from now on."""
    _end_former(actor)
    secret = new_secret()
    feed = CalendarFeed.objects.create(user=actor, token_hash=secret_hash(secret))
    record(action="calendar_feed.issue", actor=actor, object_type="calendar_feed", object_id=feed.pk)
    return secret


@transaction.atomic
def revoke_calendar_feed(*, actor: User) -> None:
    """The person's calendar address is refused from now on."""
    for pk in _end_former(actor):
        record(action="calendar_feed.revoke", actor=actor, object_type="calendar_feed", object_id=pk)


def note_calendar_read(*, feed: CalendarFeed) -> None:
    """When the address was last asked, to the minute."""
    now = clock.now()
    CalendarFeed.objects.filter(Q(last_read_at__isnull=True) | Q(last_read_at__lt=now - SEEN_STEP), pk=feed.pk).update(
        last_read_at=now
    )


def _end_former(actor: User) -> list[int]:
    # The person's row is the lock: two requests at once would else both find nothing to end.
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    former = CalendarFeed.objects.filter(user=actor, revoked_at__isnull=True)
    found = list(former.values_list("pk", flat=True))
    former.update(revoked_at=clock.now())
    return found
