"""The list of mails, and its page in the documentation."""

import string
from pathlib import Path

from django.conf import settings

from imr.accounts.enums import MailEvent, MailMode, Role
from imr.accounts.management.commands.export_mails import document
from imr.accounts.rules.mails import MAILS, events_for, mode_of


def test_every_event_has_words_with_no_gaps_but_number_and_instant() -> None:
    assert set(MAILS) == set(MailEvent)
    gaps = {name for mail in MAILS.values() for _, name, _, _ in string.Formatter().parse(mail.line) if name}
    assert gaps == {"number", "due"}
    assert not [mail.subject for mail in MAILS.values() if "{" in mail.subject or "\n" in mail.subject]


def test_what_cannot_be_switched_off_goes_out_at_once_whatever_was_chosen() -> None:
    fixed = {event for event, mail in MAILS.items() if mail.why_fixed}
    assert {mode_of(event, MailMode.OFF) for event in fixed} == {MailMode.AT_ONCE}
    assert {MailEvent.NOTICE_ISSUED, MailEvent.DETERMINATION_SERVED, MailEvent.PASSWORD_CHANGED} <= fixed
    assert mode_of(MailEvent.DUE_SOON, MailMode.OFF) == MailMode.OFF
    assert mode_of(MailEvent.DUE_SOON, None) == MailMode.AT_ONCE


def test_programs_are_told_of_nothing_and_nobody_chooses_the_digest_itself() -> None:
    assert events_for(Role.API_CLIENT) == ()
    assert not [role for role in Role if MailEvent.DIGEST in events_for(role)]
    assert all(events_for(role) for role in Role if role != Role.API_CLIENT)


def test_document_of_mails_is_up_to_date() -> None:
    written = (Path(settings.BASE_DIR) / "docs" / "mails.md").read_text(encoding="utf-8")
    assert written == document(), "Run manage.py export_mails."
