"""What the audit record says about sessions."""

from imr.accounts.models import User
from imr.core import acts


def record_sign_in(*, user: User) -> None:
    """The sign-in stands in the audit record."""
    acts.record(action="sign_in", actor=user, object_type="user", object_id=user.pk)


def record_failed_sign_in(*, email: str, locked: bool) -> None:
    """A failure, or a try while locked, stands in the record: under the account when there is one.

    An address that belongs to nobody is not kept: people type passwords into the wrong field.
    """
    user = User.objects.filter(email__iexact=email).only("pk").first()
    acts.record(
        action="locked" if locked else "sign_in_failed",
        actor=None,
        object_type="user",
        object_id=user.pk if user else None,
        outcome="refused" if locked else "failed",
    )


def record_sign_out(*, user: User) -> None:
    """The sign-out stands in the audit record."""
    acts.record(action="sign_out", actor=user, object_type="user", object_id=user.pk)
