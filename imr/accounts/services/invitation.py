"""Invitations: sent, sent again, revoked, accepted.

The secret of the link is made from the invitation and the project's key, so the job that mails it needs the
invitation's id alone and can run twice, and the database holds only the secret's hash.
"""

import base64
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac

from imr.accounts.enums import Role
from imr.accounts.exceptions import InvitationGoneError
from imr.accounts.models import Invitation, Organization, User
from imr.accounts.permissions import invitable_roles, refused
from imr.accounts.selectors.invitation import invitation_for
from imr.accounts.selectors.person import people_visible_to
from imr.accounts.services.secret import secret_hash
from imr.core import acts, clock, jobs, mail
from imr.core.errors import ConflictError, DomainError

LIFETIME: Final = timedelta(days=7)


@transaction.atomic
def invite_person(*, actor: User, email: str, role: Role, organization: Organization) -> Invitation:
    """The invitation is open for seven days and its mail is promised.

    Raises `DomainError` when the address has an account that the actor can see, or an open invitation of this
    organization. Toward everybody else an address with an account looks like any other: its owner gets a mail
    without a link.
    """
    _require(actor, role, organization)
    email = email.strip().lower()
    # Two invitations of one organization at once: the second waits and finds the first.
    Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if people_visible_to(actor).filter(email__iexact=email).exists():
        raise _email_error("There is an account with this e-mail address already.")
    if Invitation.objects.filter(
        email__iexact=email, organization=organization, accepted_at__isnull=True, revoked_at__isnull=True
    ).exists():
        raise _email_error("This address is invited already. Send the invitation again instead.")
    expires_at = clock.now() + LIFETIME
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        organization=organization,
        token_hash=secret_hash(_token(email, organization.pk, expires_at)),
        invited_by=actor,
        expires_at=expires_at,
    )
    _promise_mail(invitation)
    acts.record(
        action="invitation_sent",
        actor=actor,
        object_type="invitation",
        object_id=invitation.pk,
        detail={"role": role, "organization": organization.pk},
    )
    return invitation


@transaction.atomic
def resend_invitation(*, actor: User, invitation: Invitation) -> Invitation:
    """A new link is on its way, good for seven days; the former one is dead. Raises `ConflictError` when closed."""
    invitation = _open(actor, invitation)
    invitation.expires_at = clock.now() + LIFETIME
    invitation.token_hash = secret_hash(_token(invitation.email, invitation.organization_id, invitation.expires_at))
    invitation.save(update_fields=["expires_at", "token_hash"])
    _promise_mail(invitation)
    acts.record(action="invitation_resent", actor=actor, object_type="invitation", object_id=invitation.pk)
    return invitation


@transaction.atomic
def revoke_invitation(*, actor: User, invitation: Invitation) -> Invitation:
    """The link is dead. Raises `ConflictError` when the invitation was accepted or revoked before."""
    invitation = _open(actor, invitation)
    invitation.revoked_at, invitation.revoked_by = clock.now(), actor
    invitation.save(update_fields=["revoked_at", "revoked_by"])
    acts.record(action="invitation_revoked", actor=actor, object_type="invitation", object_id=invitation.pk)
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, full_name: str, password: str) -> User:
    """The invited person has an account with this password; a reviewer's name is not kept here.

    Raises `InvitationGoneError` for a secret that does not (or no longer) open an invitation.
    """
    found = invitation_for(secret_hash(token))
    if found is None:
        raise InvitationGoneError
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("organization").get(pk=found.pk)
    if invitation_for(invitation.token_hash) is None:
        raise InvitationGoneError
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email,
                password,
                full_name="" if invitation.role == Role.REVIEWER else full_name,
                role=invitation.role,
                organization=invitation.organization,
            )
    except IntegrityError as error:
        # Two organizations' invitations of one address, accepted at the same moment.
        raise InvitationGoneError from error
    invitation.accepted_at, invitation.accepted_by = clock.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    acts.record(action="invitation_accepted", actor=user, object_type="invitation", object_id=invitation.pk)
    return user


def send_invitation(*, invitation_id: int) -> None:
    """The mail has gone out, unless the invitation was closed meanwhile."""
    invitation = (
        Invitation.objects.select_related("organization")
        .filter(pk=invitation_id, accepted_at__isnull=True, revoked_at__isnull=True)
        .first()
    )
    if invitation is None:
        return
    known = User.objects.filter(email__iexact=invitation.email).exists()
    token = _token(invitation.email, invitation.organization_id, invitation.expires_at)
    path = reverse("accounts:sign-in") if known else reverse("accounts:invitation-accept", kwargs={"token": token})
    body = render_to_string(
        "emails/invitation_known.txt" if known else "emails/invitation.txt",
        {
            "link": f"{settings.IMR_BASE_URL}{path}",
            "inviting": invitation.organization.name,
            "expires_at": invitation.expires_at,
            "imr_organization": settings.IMR_ORGANIZATION_NAME,
        },
    )
    mail.send(address=invitation.email, subject="Invitation to Independent Medical Review", text=body)


def _token(email: str, organization_id: int, expires_at: datetime) -> str:
    """256 bits that nobody can make without the project's key."""
    digest = salted_hmac(
        "imr.accounts.invitation", f"{email}|{organization_id}|{expires_at.isoformat()}", algorithm="sha256"
    ).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _promise_mail(invitation: Invitation) -> None:
    jobs.enqueue("send_invitation", unique_key=f"invitation:{invitation.token_hash}", invitation_id=invitation.pk)


def _require(actor: User, role: str, organization: Organization) -> None:
    if role not in invitable_roles(actor, organization):
        refused("You may not invite people to this role in this organization.").require()


def _open(actor: User, invitation: Invitation) -> Invitation:
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("organization").get(pk=invitation.pk)
    _require(actor, invitation.role, invitation.organization)
    if invitation.accepted_at is not None:
        raise ConflictError("This invitation was accepted meanwhile.")
    if invitation.revoked_at is not None:
        raise ConflictError("This invitation was revoked meanwhile.")
    return invitation


def _email_error(message: str) -> DomainError:
    return DomainError(message, fields={"email": [message]})
