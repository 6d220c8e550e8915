"""Reading the mails of people: what each wants, what a mail says, and the queue."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac

from imr.accounts.enums import Action, MailEvent, MailMode, MailState, Role
from imr.accounts.models import Mail, MailChoice, MailHabit, User
from imr.accounts.rules.mails import MAILS, events_for, line_of, mode_of
from imr.core.words import pacific

MOST_IN_DIGEST = 50
_SALT = "imr.accounts.mail.off"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person gets about one event, and why that cannot be changed, if so."""

    event: MailEvent
    mode: MailMode
    why_fixed: str


@dataclass(frozen=True, slots=True)
class Written:
    """A mail in words, ready to be sent."""

    subject: str
    text: str
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True)
class StateCount:
    state: MailState
    count: int


@dataclass(frozen=True, slots=True)
class MailFilter:
    """What the queue is narrowed to; empty values narrow nothing."""

    state: str = ""
    event: str = ""
    number: str = ""


def modes_for(people: Iterable[User], event: MailEvent) -> dict[int, MailMode]:
    """When each of `people` gets mail about `event`, by their ids."""
    keys = [person.pk for person in people]
    chosen = dict(MailChoice.objects.filter(user__in=keys, event=event).values_list("user_id", "mode"))
    return {key: mode_of(event, chosen.get(key)) for key in keys}


def wishes_of(user: User) -> list[Wish]:
    """What this person may be told of, and when."""
    chosen = dict(MailChoice.objects.filter(user=user).values_list("event", "mode"))
    return [Wish(event, mode_of(event, chosen.get(event)), MAILS[event].why_fixed) for event in events_for(user.role)]


def habit_of(user: User) -> MailHabit:
    """The person's habit; one that is not stored where nothing was chosen."""
    return MailHabit.objects.filter(user=user).first() or MailHabit(user=user)


def wants_all_cases(organization_id: int) -> QuerySet[User]:
    """The active claims people who want mails about every case of their organization."""
    habits = MailHabit.objects.filter(is_for_all_cases=True).values("user")
    return User.objects.filter(
        pk__in=habits, organization=organization_id, is_active=True, role__in=[Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER]
    )


def written(mail: Mail, entries: Sequence[Mail] = ()) -> Written:
    """The words of `mail`; of a digest, with its `entries`."""
    event = MailEvent(mail.event)
    off = unsubscribe_url(mail.recipient_id, event) if not MAILS[event].why_fixed else ""
    context: dict[str, Any] = {
        "imr_organization": settings.IMR_ORGANIZATION_NAME,
        "preferences_url": settings.IMR_BASE_URL + reverse("accounts:mail-choices"),
        "unsubscribe_url": off,
    }
    if event == MailEvent.DIGEST:
        context["entries"] = [
            {"line": _line(entry), "link": settings.IMR_BASE_URL + entry.path} for entry in entries[:MOST_IN_DIGEST]
        ]
        context["left_out"] = max(len(entries) - MOST_IN_DIGEST, 0)
        return Written(MAILS[event].subject, render_to_string("emails/digest.txt", context), off)
    context |= {
        "line": _line(mail),
        "link": settings.IMR_BASE_URL + mail.path,
        "why_fixed": MAILS[event].why_fixed,
    }
    return Written(MAILS[event].subject, render_to_string("emails/event.txt", context), off)


def unsubscribe_url(user_id: int, event: MailEvent) -> str:
    """The address that switches mails about `event` off for this person, without signing in."""
    return settings.IMR_BASE_URL + reverse(
        "accounts:mail-off", args=[f"{user_id}.{event}.{_signature(user_id, event)}"]
    )


def read_unsubscribe(token: str) -> tuple[User, MailEvent] | None:
    """The person and the event of a token that we made; None for any other."""
    user_id, _, rest = token.partition(".")
    event, _, signature = rest.partition(".")
    if not user_id.isascii() or not user_id.isdecimal() or len(user_id) > 18 or event not in MailEvent.values:
        return None
    if not hmac.compare_digest(signature.encode(), _signature(int(user_id), MailEvent(event)).encode()):
        return None
    user = User.objects.filter(pk=int(user_id)).first()
    return (user, MailEvent(event)) if user else None


def mail_queue(viewer: User, wanted: MailFilter) -> QuerySet[Mail]:
    """All mails that match. Who may not know the reviewers does not find theirs by a case."""
    mails = Mail.objects.select_related("recipient")
    if wanted.state:
        mails = mails.filter(state=wanted.state)
    if wanted.event:
        mails = mails.filter(event=wanted.event)
    if wanted.number:
        mails = mails.filter(case_number__icontains=wanted.number)
        if not viewer.can(Action.REVIEWER_IDENTITY_VIEW):
            mails = mails.exclude(recipient__role=Role.REVIEWER)
    return mails


def mail_counts() -> list[StateCount]:
    """How many mails are in each state, every state named."""
    found = dict(Mail.objects.order_by().values_list("state").annotate(total=Count("pk")))
    return [StateCount(state, found.get(state.value, 0)) for state in MailState]


def stuck_mails(before: datetime) -> QuerySet[Mail]:
    """Mails that a worker took up before that moment and said nothing of since."""
    return Mail.objects.filter(state=MailState.SENDING, tried_at__lt=before)


def hours_of_digests() -> Mapping[int, int]:
    """At which Pacific hour the digest of a person goes out who has something waiting for one, by their id."""
    waiting = set(Mail.objects.filter(state=MailState.FOR_DIGEST).order_by().values_list("recipient_id", flat=True))
    chosen = dict(MailHabit.objects.filter(user__in=waiting).values_list("user_id", "digest_hour"))
    return {key: chosen.get(key, MailHabit.DEFAULT_HOUR) for key in sorted(waiting)}


def _line(mail: Mail) -> str:
    due = pacific(mail.due_at) if mail.due_at else ""
    return line_of(MailEvent(mail.event), number=mail.case_number, due=due)


def _signature(user_id: int, event: MailEvent) -> str:
    return salted_hmac(_SALT, f"{user_id}.{event}", algorithm="sha256").hexdigest()[:40]
