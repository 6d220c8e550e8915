"""Mails as they would go out now."""

from imr.accounts.models import Mail, User
from imr.accounts.services.mail import SENDABLE, send_mail


def send_waiting(event: str = "", *, to: User | None = None) -> None:
    """Send every mail that waits, or those about `event`, or to one person, as a worker would."""
    mails = Mail.objects.filter(state__in=SENDABLE).order_by("pk")
    if event:
        mails = mails.filter(event=event)
    if to is not None:
        mails = mails.filter(recipient=to)
    for pk in list(mails.values_list("pk", flat=True)):
        send_mail(mail_id=pk)
