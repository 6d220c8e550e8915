"""Jobs of the accounts: mails."""

from imr.accounts.services import password
from imr.core.jobs import Queue, job


@job("send_password_reset", queue=Queue.MAIL)
def send_password_reset(*, user_id: int) -> None:
    password.send_password_reset(user_id=user_id)
