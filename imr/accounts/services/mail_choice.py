"""What a person chooses about mails."""

from collections.abc import Mapping

from django.db import transaction

from imr.accounts.enums import MailEvent, MailMode
from imr.accounts.models import MailChoice, MailHabit, User
from imr.accounts.rules.mails import MAILS, events_for
from imr.core import acts


@transaction.atomic
def choose_mails(*, user: User, modes: Mapping[MailEvent, MailMode], digest_hour: int, is_for_all_cases: bool) -> None:
    """The person gets mails as chosen from now on. What cannot be switched off, and others' mails, are left out."""
    possible = [event for event in events_for(user.role) if not MAILS[event].why_fixed]
    chosen = {event: modes[event] for event in possible if event in modes}
    for event, mode in chosen.items():
        MailChoice.objects.update_or_create(user=user, event=event, defaults={"mode": mode})
    MailHabit.objects.update_or_create(
        user=user, defaults={"digest_hour": digest_hour, "is_for_all_cases": is_for_all_cases and user.is_claims}
    )
    acts.record(
        action="mail.choose",
        actor=user,
        object_type="user",
        object_id=user.pk,
        detail={"off": sorted(event for event, mode in chosen.items() if mode == MailMode.OFF)},
    )


@transaction.atomic
def switch_off(*, user: User, event: MailEvent) -> None:
    """The person gets no more mail about `event`; of the digest, about nothing that went into it.

    Nothing changes for mails that cannot be switched off.
    """
    if event == MailEvent.DIGEST:
        chosen = dict(MailChoice.objects.filter(user=user).values_list("event", "mode"))
        events = [one for one in events_for(user.role) if (chosen.get(one) or MAILS[one].usual) == MailMode.DIGEST]
    else:
        events = [event]
    events = [one for one in events if not MAILS[one].why_fixed]
    for one in events:
        MailChoice.objects.update_or_create(user=user, event=one, defaults={"mode": MailMode.OFF})
    acts.record(
        action="mail.switch_off", actor=user, object_type="user", object_id=user.pk, detail={"off": sorted(events)}
    )
