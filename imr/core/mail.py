"""The one way out for e-mail: plain text and the same as simple HTML, and an answer about what became of it.

Nobody else in the project sends mail. A message has one recipient, so that no address is seen by another person.
"""

import email.message
import email.policy
import smtplib
from contextlib import suppress
from email.policy import Policy
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.template.loader import render_to_string

# One line for each header: the folding of the standard library would encode a long link beyond recognition.
# RFC 5322 allows 998 characters.
LONGEST_LINE = 990
# A server that answers with these will answer differently later; the others say no for good (RFC 5321, 4.2.1).
TEMPORARY = range(400, 500)


class MailDelayedError(Exception):
    """The server did not take the message; it can be tried again without anybody getting it twice."""


class MailRefusedError(Exception):
    """The message or its address was refused for good."""


class MailUnclearError(Exception):
    """The connection broke on the way: the message may have been taken or not."""


class Message(EmailMultiAlternatives):
    """A message whose headers are never folded."""

    def message(self, *, policy: "Policy[Any] | None" = None) -> email.message.EmailMessage:
        return super().message(policy=(policy or email.policy.default).clone(max_line_length=LONGEST_LINE))


def send(*, address: str, subject: str, text: str, message_id: str = "", unsubscribe_url: str = "") -> None:
    """The mail server has taken the message for `address`.

    `message_id` names the message for good: what went out twice in spite of everything is recognized by mail programs.
    With `unsubscribe_url` they offer to end such mails with one click (RFC 8058). Raises `MailDelayedError`,
    `MailRefusedError` and `MailUnclearError`; each holds a code or the kind of error and never words of the message.
    """
    message = _message(address, subject, text, message_id, unsubscribe_url)
    mailer = mailers.default
    try:
        mailer.open()
    except OSError as error:
        raise MailDelayedError(_kind(error)) from error
    try:
        mailer.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise _by_code(max(codes, default=550)) from error
    except smtplib.SMTPResponseException as error:
        raise _by_code(error.smtp_code) from error
    except ValueError as error:
        raise MailRefusedError("address or subject not fit for a header") from error
    except OSError as error:
        raise MailUnclearError(_kind(error)) from error
    finally:
        with suppress(OSError):
            mailer.close()


def _message(address: str, subject: str, text: str, message_id: str, unsubscribe_url: str) -> Message:
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if message_id:
        headers["Message-ID"] = f"<{message_id}@{urlsplit(settings.IMR_BASE_URL).hostname or 'localhost'}>"
    if unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = Message(subject, text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers)
    message.attach_alternative(render_to_string("emails/frame.html", {"subject": subject, "text": text}), "text/html")
    try:
        # What would break a header, such as a line feed in an address, shows here and before any server is asked.
        message.message()
    except ValueError as error:
        raise MailRefusedError("address or subject not fit for a header") from error
    return message


def _by_code(code: int) -> MailDelayedError | MailRefusedError:
    return MailDelayedError(f"SMTP {code}") if code in TEMPORARY else MailRefusedError(f"SMTP {code}")


def _kind(error: OSError) -> str:
    return type(error).__name__
