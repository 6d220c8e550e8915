"""Errors of the accounts."""

from imr.core.errors import DomainError


class InvitationGoneError(DomainError):
    """The invitation cannot be accepted; the same for one that was used, revoked, is too old or never was."""

    status = 410
    code = "invitation_gone"

    def __init__(self) -> None:
        super().__init__("This invitation does not work any more.")
