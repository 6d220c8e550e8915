"""Closing and reopening accounts, and changing roles. What is taken away is gone with the next request."""

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from imr.accounts.enums import MailEvent, Role
from imr.accounts.models import User
from imr.accounts.permissions import may_change_role, may_manage
from imr.accounts.services.mail import tell
from imr.core import acts, clock
from imr.core.errors import ConflictError, NotAllowedError


@transaction.atomic
def deactivate_person(*, actor: User, person: User) -> User:
    """The person cannot sign in any more and all their sessions are over. Raises `ConflictError` when closed."""
    person = _locked(person)
    may_manage(actor, person).require()
    if not person.is_active:
        raise ConflictError("This account was closed before.")
    person.is_active = False
    person.deactivated_at = clock.now()
    person.session_epoch = F("session_epoch") + 1
    person.save(update_fields=["is_active", "deactivated_at", "session_epoch"])
    acts.record(action="person_deactivated", actor=actor, object_type="user", object_id=person.pk)
    return person


@transaction.atomic
def reactivate_person(*, actor: User, person: User) -> User:
    """The person can sign in again with the password of before. Raises `ConflictError` when the account is open."""
    person = _locked(person)
    may_manage(actor, person).require()
    if person.is_active:
        raise ConflictError("This account is open.")
    person.is_active = True
    person.deactivated_at = None
    person.save(update_fields=["is_active", "deactivated_at"])
    acts.record(action="person_reactivated", actor=actor, object_type="user", object_id=person.pk)
    return person


def change_role(*, actor: User, person: User, role: Role) -> User:
    """The person has the role and must sign in again. A refusal is recorded, too; nothing is written then."""
    decision = may_change_role(actor, person, role)
    if not decision.allowed:
        acts.record(
            action="role_changed",
            actor=actor,
            object_type="user",
            object_id=person.pk,
            outcome="refused",
            reason=decision.reason,
            detail={"to": role},
        )
        raise NotAllowedError(decision.reason)
    with transaction.atomic():
        person = _locked(person)
        may_change_role(actor, person, role).require()
        before = person.role
        if before == role:
            raise ConflictError(f"The role is {role.label} already.")
        person.role = role
        person.session_epoch = F("session_epoch") + 1
        person.save(update_fields=["role", "session_epoch"])
        acts.record(
            action="role_changed",
            actor=actor,
            object_type="user",
            object_id=person.pk,
            detail={"from": before, "to": role},
        )
        now = clock.now()
        tell(
            people=[person],
            event=MailEvent.ROLE_CHANGED,
            key=f"{before}:{role}:{now.isoformat()}",
            path=reverse("accounts:account"),
            due_at=now,
        )
    return person


def _locked(person: User) -> User:
    return User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=person.pk)
