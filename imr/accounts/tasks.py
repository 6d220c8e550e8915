"""Jobs of the accounts: mails."""

from celery import shared_task

from imr.accounts.services import invitation, mail, password
from imr.core.jobs import Queue, job


@job("send_password_reset", queue=Queue.MAIL)
def send_password_reset(*, user_id: int) -> None:
    password.send_password_reset(user_id=user_id)


@job("send_invitation", queue=Queue.MAIL)
def send_invitation(*, invitation_id: int) -> None:
    invitation.send_invitation(invitation_id=invitation_id)


@job(mail.SEND_MAIL, queue=Queue.MAIL)
def send_mail(*, mail_id: int) -> None:
    mail.send_mail(mail_id=mail_id)


@shared_task(name="imr.accounts.tasks.send_digests")
def send_digests() -> None:
    """The daily digest of everybody whose hour has come."""
    mail.send_digests()


@shared_task(name="imr.accounts.tasks.tend_mails")
def tend_mails() -> None:
    """Mails that a worker left halfway are put before a person."""
    mail.tend_mails()
