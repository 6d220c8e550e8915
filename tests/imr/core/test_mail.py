"""The way out for e-mail: what a message looks like, and what becomes of one that is not taken."""

import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail as django_mail

from imr.core import mail


def send(**fields: Any) -> None:
    mail.send(**{"address": "a@example.org", "subject": "Hello", "text": "One & two\n\nhttps://imr.test/x/", **fields})


def test_message_has_plain_text_and_the_same_as_html() -> None:
    send(message_id="mail-7")
    (message,) = django_mail.outbox
    assert isinstance(message, django_mail.EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert message.body == "One & two\n\nhttps://imr.test/x/"
    assert "One &amp; two" in html
    assert '<a href="https://imr.test/x/"' in html
    assert message.extra_headers["Message-ID"].startswith("<mail-7@")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in message.extra_headers


def test_long_link_to_unsubscribe_stays_readable_on_one_line() -> None:
    link = "https://imr.organization-with-a-long-name.example.org/mails/off/1234.application_received." + "a" * 40 + "/"
    send(unsubscribe_url=link)
    (message,) = django_mail.outbox
    data = message.message().as_bytes()
    assert f"List-Unsubscribe: <{link}>\n".encode() in data
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in data


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "a@example.org\nBcc: b@example.org"},
        {"address": "a@example.org\r\nX-Evil: 1"},
        {"subject": "Hello\nBcc: b@example.org"},
        {"unsubscribe_url": "https://imr.test/\r\nX-Evil: 1"},
        {"message_id": "a\n b"},
    ],
)
def test_no_header_can_be_slipped_in(fields: dict[str, str]) -> None:
    with pytest.raises(mail.MailRefusedError):
        send(**fields)
    assert django_mail.outbox == []


class Server:
    """A connection that fails where the test says."""

    def __init__(self, *, opening: Exception | None = None, sending: Exception | None = None) -> None:
        self.opening, self.sending, self.closed = opening, sending, False

    def open(self) -> None:
        if self.opening:
            raise self.opening

    def send_messages(self, messages: list[object]) -> int:
        if self.sending:
            raise self.sending
        return len(messages)

    def close(self) -> None:
        self.closed = True
        raise smtplib.SMTPServerDisconnected("quit was not answered")


@pytest.fixture
def served_by(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Server]:
    def use(**faults: Exception) -> Server:
        server = Server(**faults)
        monkeypatch.setattr(type(django_mail.mailers), "default", server)
        return server

    return use


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ({"opening": ConnectionRefusedError()}, mail.MailDelayedError),
        ({"opening": smtplib.SMTPAuthenticationError(535, b"no")}, mail.MailDelayedError),
        ({"sending": smtplib.SMTPRecipientsRefused({"a": (450, b"busy")})}, mail.MailDelayedError),
        ({"sending": smtplib.SMTPRecipientsRefused({"a": (550, b"unknown")})}, mail.MailRefusedError),
        ({"sending": smtplib.SMTPDataError(451, b"later")}, mail.MailDelayedError),
        ({"sending": smtplib.SMTPDataError(554, b"no")}, mail.MailRefusedError),
        ({"sending": smtplib.SMTPServerDisconnected("gone")}, mail.MailUnclearError),
        ({"sending": TimeoutError()}, mail.MailUnclearError),
    ],
)
def test_answers_of_the_server_are_told_apart(
    served_by: Callable[..., Server], faults: dict[str, Exception], expected: type[Exception]
) -> None:
    served_by(**faults)
    with pytest.raises(expected) as raised:
        send()
    # What the server says may repeat an address or words of the message.
    assert "a@example.org" not in str(raised.value)


def test_farewell_that_fails_does_not_undo_a_sent_message(served_by: Callable[..., Server]) -> None:
    server = served_by()
    send()
    assert server.closed
