"""The door for every mail that tells a person of an event; mails with a secret (an invitation, a new password) go
their own way.

`tell` writes who is told of what in the transaction of the act, so an act and its mails stand or fall together, and
nothing waits for a mail server. A worker sends each, at most once: it notes that it begins before it speaks to the
server, and what was begun and not finished is left to a person.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from imr.accounts.enums import MailEvent, MailMode, MailState, Role
from imr.accounts.models import Mail, User
from imr.accounts.selectors.mail import hours_of_digests, modes_for, stuck_mails, wishes_of, written
from imr.core import acts, clock, jobs, mail
from imr.core.errors import ConflictError

logger = logging.getLogger(__name__)

SEND_MAIL: Final = "send_mail"
# A mail server that is away for a day loses nothing. The last pause repeats until the attempts are used up.
BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
MOST_ATTEMPTS: Final = 9
# Ten seconds are what the connection waits for each answer.
STUCK_AFTER: Final = timedelta(minutes=15)
SENDABLE: Final = frozenset({MailState.WAITING, MailState.FAILED})
RESENDABLE: Final = frozenset({MailState.GIVEN_UP, MailState.UNCLEAR})

type Check = Callable[[Mail], bool]
_checks: dict[MailEvent, Check] = {}


def only_while(check: Check, *events: MailEvent) -> None:
    """Mails about `events` are not sent any more once `check` says no: what they are about is over."""
    _checks.update(dict.fromkeys(events, check))


@transaction.atomic
def tell(
    *,
    people: Iterable[User],
    event: MailEvent,
    key: str,
    path: str,
    case_id: int | None = None,
    case_number: str | None = None,
    subject_id: int | None = None,
    due_at: datetime | None = None,
) -> list[Mail]:
    """Each of `people` who wants it is told of the event `key`, now or with the next digest, and once for all time.

    Who is inactive, a program, or has switched such mails off is left out. Returns the mails that are new.
    """
    wanted = {person.pk: person for person in people if person.is_active and person.role != Role.API_CLIENT}
    modes = modes_for(wanted.values(), event) if wanted else {}
    new = []
    for person in wanted.values():
        if modes[person.pk] == MailMode.OFF:
            continue
        at_once = modes[person.pk] == MailMode.AT_ONCE
        row, created = Mail.objects.get_or_create(
            recipient=person,
            event=event,
            key=key,
            defaults={
                "case_id": case_id,
                "case_number": case_number or "",
                "subject_id": subject_id,
                "due_at": due_at,
                "path": path,
                "state": MailState.WAITING if at_once else MailState.FOR_DIGEST,
            },
        )
        if created:
            new.append(row)
            if at_once:
                _promise(row)
    return new


def send_mail(*, mail_id: int) -> None:
    """The mail has gone out, or it is on record why not and when it is tried again.

    Safe to run twice and side by side: one run takes the row, the others pass over it.
    """
    row = _take(mail_id)
    if row is None:
        return
    words = written(row, _entries(row) if row.event == MailEvent.DIGEST else ())
    try:
        mail.send(
            address=row.recipient.email,
            subject=words.subject,
            text=words.text,
            message_id=f"mail-{row.pk}",
            unsubscribe_url=words.unsubscribe_url,
        )
    except mail.MailDelayedError as error:
        _put_off(row, str(error))
    except mail.MailRefusedError as error:
        _end(row, MailState.GIVEN_UP, str(error))
    except mail.MailUnclearError as error:
        _end(row, MailState.UNCLEAR, str(error))
    else:
        Mail.objects.filter(pk=row.pk, state=MailState.SENDING).update(
            state=MailState.SENT, sent_at=Now(), sent_to=row.recipient.email, problem=""
        )


def send_digests(*, now: datetime | None = None) -> int:
    """Everybody whose hour has come today, and who has something waiting, is sent the digest of this day; how many.

    Safe to run twice and side by side: a person has one digest a day. What comes later waits for the next day.
    """
    at = (now or clock.now()).astimezone(clock.PACIFIC)
    due = [key for key, hour in hours_of_digests().items() if hour <= at.hour]
    return sum(_make_digest(key, at.date().isoformat()) for key in due)


def tend_mails(*, now: datetime | None = None) -> int:
    """Mails that a worker took up and said nothing of are marked as unclear; how many. Nothing is sent again."""
    before = (now or clock.now()) - STUCK_AFTER
    count = stuck_mails(before).update(state=MailState.UNCLEAR, problem="the worker ended while it was sending")
    if count:
        logger.error("mails_unclear", extra={"mails": count})
    return count


@transaction.atomic
def send_again(*, mail_id: int, actor: User) -> Mail:
    """The mail waits again with a fresh set of attempts, to the address that the person has now.

    Raises `ConflictError` (409) for one that was neither given up nor left unclear.
    """
    row = Mail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    if row.state not in RESENDABLE:
        raise ConflictError(f"This mail is “{row.get_state_display().lower()}” by now; there is nothing to send again.")
    was = row.state
    Mail.objects.filter(pk=row.pk).update(state=MailState.WAITING, attempts=0, next_try_at=None, problem="")
    jobs.enqueue(SEND_MAIL, mail_id=row.pk)
    acts.record(action="mail.send_again", actor=actor, object_type="mail", object_id=row.pk, detail={"was": was})
    row.refresh_from_db()
    return row


@transaction.atomic
def _take(mail_id: int) -> Mail | None:
    """The mail, marked as being sent; None when another run has it, it is done, or nobody wants it any more."""
    row = (
        Mail.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("recipient")
        .filter(pk=mail_id, state__in=SENDABLE)
        .first()
    )
    if row is None or (row.next_try_at is not None and row.next_try_at > clock.now()):
        return None
    if problem := _why_unwanted(row):
        _end(row, MailState.CANCELED, problem)
        return None
    Mail.objects.filter(pk=row.pk).update(
        state=MailState.SENDING, attempts=F("attempts") + 1, tried_at=Now(), next_try_at=None
    )
    row.attempts += 1
    return row


def _why_unwanted(row: Mail) -> str:
    event = MailEvent(row.event)
    if not row.recipient.is_active:
        return "the account is closed"
    if event == MailEvent.DIGEST:
        return "" if _entries(row) else "nothing in it is to be told any more"
    if modes_for([row.recipient], event)[row.recipient_id] == MailMode.OFF:
        return "switched off by the person"
    return "" if _is_wanted(row) else "what it is about is over"


def _entries(digest: Mail) -> list[Mail]:
    """What the digest still has to tell: not what is over, and not what was switched off since."""
    off = {wish.event for wish in wishes_of(digest.recipient) if wish.mode == MailMode.OFF}
    return [entry for entry in digest.entries.order_by("pk") if entry.event not in off and _is_wanted(entry)]


def _is_wanted(row: Mail) -> bool:
    check = _checks.get(MailEvent(row.event))
    return check is None or check(row)


def _put_off(row: Mail, problem: str) -> None:
    if row.attempts >= MOST_ATTEMPTS:
        _end(row, MailState.GIVEN_UP, problem)
        return
    at = clock.now() + BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
    with transaction.atomic():
        Mail.objects.filter(pk=row.pk).update(state=MailState.FAILED, next_try_at=at, problem=problem[:200])
        jobs.enqueue(SEND_MAIL, not_before=at, mail_id=row.pk)


def _end(row: Mail, state: MailState, problem: str) -> None:
    Mail.objects.filter(pk=row.pk).update(state=state, problem=problem[:200])
    if state in RESENDABLE:
        logger.error("mail_not_sent", extra={"mail_id": row.pk, "state": state.value})


@transaction.atomic
def _make_digest(user_id: int, day: str) -> bool:
    digest, created = Mail.objects.get_or_create(
        recipient_id=user_id, event=MailEvent.DIGEST, key=day, defaults={"path": "/"}
    )
    if not created:
        return False
    Mail.objects.filter(recipient=user_id, state=MailState.FOR_DIGEST).update(state=MailState.IN_DIGEST, digest=digest)
    _promise(digest)
    return True


def _promise(row: Mail) -> None:
    jobs.enqueue(SEND_MAIL, unique_key=f"mail:{row.pk}", mail_id=row.pk)
