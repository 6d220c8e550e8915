"""Keys of programs: issued to an organization, shown once, kept as a hash."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from imr.accounts.enums import Action, Role
from imr.accounts.models import ApiToken, User
from imr.accounts.permissions import refused
from imr.accounts.services.secret import new_secret, secret_hash
from imr.core import acts, clock
from imr.core.errors import ConflictError

DEFAULT_DAYS: Final = 365
KEY_START: Final = "imr_"
SEEN_STEP: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token and its key, which nobody can read again."""

    token: ApiToken
    key: str


@transaction.atomic
def issue_token(*, actor: User, name: str, days: int = DEFAULT_DAYS) -> IssuedToken:
    """A program of the actor's organization can sign in with the key for `days` days."""
    if not actor.can(Action.TOKENS_MANAGE):
        refused("Your role does not include issuing API tokens.").require()
    key = KEY_START + new_secret()
    hashed = secret_hash(key)
    principal = User.objects.create_user(
        f"program-{hashed[:24]}@tokens.invalid",
        full_name=name,
        role=Role.API_CLIENT,
        organization=actor.organization,
    )
    token = ApiToken.objects.create(
        name=name,
        principal=principal,
        prefix=key[:8],
        key_hash=hashed,
        created_by=actor,
        expires_at=clock.now() + timedelta(days=days),
    )
    acts.record(action="token_issued", actor=actor, object_type="api_token", object_id=token.pk, detail={"days": days})
    return IssuedToken(token, key)


@transaction.atomic
def revoke_token(*, actor: User, token: ApiToken) -> ApiToken:
    """The key is refused from now on. Raises `ConflictError` when it was revoked before."""
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("principal").get(pk=token.pk)
    if not actor.can(Action.TOKENS_MANAGE) or not actor.is_same_organization(token.principal):
        refused("You may revoke API tokens of your own organization only.").require()
    if token.revoked_at is not None:
        raise ConflictError("This token was revoked before.")
    now = clock.now()
    token.revoked_at, token.revoked_by = now, actor
    token.save(update_fields=["revoked_at", "revoked_by"])
    User.objects.filter(pk=token.principal_id).update(is_active=False, deactivated_at=now)
    acts.record(action="token_revoked", actor=actor, object_type="api_token", object_id=token.pk)
    return token


def authenticate_token(key: str) -> User | None:
    """The program's user for a key that is in force, else None; notes the use at most once a minute.

    The key is looked up by its hash, so the time a search takes says nothing about a key's characters.
    """
    now = clock.now()
    token = (
        ApiToken.objects.select_related("principal__organization")
        .filter(
            key_hash=secret_hash(key),
            revoked_at__isnull=True,
            expires_at__gt=now,
            principal__is_active=True,
            principal__organization__is_active=True,
        )
        .first()
    )
    if token is None:
        return None
    ApiToken.objects.filter(Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - SEEN_STEP), pk=token.pk).update(
        last_used_at=now
    )
    return token.principal
