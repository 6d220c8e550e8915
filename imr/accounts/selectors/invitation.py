"""Reading invitations."""

from django.db.models import QuerySet

from imr.accounts.enums import Action, Scope
from imr.accounts.models import Invitation, User
from imr.core import clock


def invitations_visible_to(viewer: User) -> QuerySet[Invitation]:
    """The invitations `viewer` may see, send again and revoke."""
    invitations = Invitation.objects.select_related("organization", "invited_by")
    match viewer.scope(Action.PEOPLE_INVITE):
        case Scope.ANY:
            return invitations
        case Scope.ORGANIZATION:
            return invitations.filter(organization_id=viewer.organization_id)
        case _:
            return invitations.none()


def open_invitations(viewer: User) -> QuerySet[Invitation]:
    """Those that wait for an answer or have run out, newest first."""
    return invitations_visible_to(viewer).filter(accepted_at__isnull=True, revoked_at__isnull=True)


def invitation_for(hashed: str) -> Invitation | None:
    """The invitation that can be accepted with the secret of this hash; None for anything else."""
    found = (
        Invitation.objects.select_related("organization")
        .filter(
            token_hash=hashed,
            accepted_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=clock.now(),
            organization__is_active=True,
        )
        .first()
    )
    if found is None or User.objects.filter(email__iexact=found.email).exists():
        return None
    return found
