"""Jobs of the accounts: mails."""

from imr.accounts.services import invitation, password
from imr.core.jobs import Queue, job


@job("send_password_reset", queue=Queue.MAIL)
def send_password_reset(*, user_id: int) -> None:
    password.send_password_reset(user_id=user_id)


@job("send_invitation", queue=Queue.MAIL)
def send_invitation(*, invitation_id: int) -> None:
    invitation.send_invitation(invitation_id=invitation_id)
