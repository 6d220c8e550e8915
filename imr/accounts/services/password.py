"""New passwords, and the mail that leads to one."""

import time

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from imr.accounts.enums import MailEvent
from imr.accounts.models import User
from imr.accounts.services.mail import tell
from imr.core import acts, clock, jobs, mail

# One mail to an account within this span, however often it is asked for.
RESET_MAIL_SECONDS = 5 * 60


def can_reset(user: User) -> bool:
    """Whether a reset link may work for this account: active, and a person who has a password."""
    return user.is_active and user.has_usable_password()


@transaction.atomic
def request_password_reset(*, email: str) -> None:
    """A link is on its way when the address belongs to an active account.

    Both cases write one event and promise one job, so neither the answer nor its time tells which it was.
    """
    user = User.objects.filter(email__iexact=email).first()
    known = user if user is not None and can_reset(user) else None
    acts.record(
        action="password_reset_requested",
        actor=None,
        object_type="user",
        object_id=known.pk if known else None,
    )
    user_id = known.pk if known else 0
    window = int(time.time()) // RESET_MAIL_SECONDS
    jobs.enqueue(
        "send_password_reset",
        unique_key=f"password-reset:{user_id}:{window}" if known else None,
        user_id=user_id,
    )


def send_password_reset(*, user_id: int) -> None:
    """The mail with the link has gone out; nothing happens for an account that is unknown or closed."""
    user = User.objects.filter(pk=user_id).first()
    if user is None or not can_reset(user):
        return
    path = reverse(
        "accounts:password-reset-confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )
    body = render_to_string(
        "emails/password_reset.txt",
        {
            "link": f"{settings.IMR_BASE_URL}{path}",
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
            "organization": settings.IMR_ORGANIZATION_NAME,
        },
    )
    mail.send(address=user.email, subject="Choose a new password", text=body)


@transaction.atomic
def change_password(*, user: User, password: str) -> User:
    """The account has the new password, every session begun before is over, and its owner is told by mail."""
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    acts.record(action="password_changed", actor=locked, object_type="user", object_id=locked.pk)
    now = clock.now()
    tell(
        people=[locked],
        event=MailEvent.PASSWORD_CHANGED,
        key=now.isoformat(),
        path=reverse("accounts:account"),
        due_at=now,
    )
    return locked
