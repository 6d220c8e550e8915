"""The queue of mails: who is told, once, when, and what becomes of one that does not go out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.db import transaction

from imr.accounts.enums import MailEvent, MailMode, MailState
from imr.accounts.models import Mail, User
from imr.accounts.selectors.mail import unsubscribe_url
from imr.accounts.services import mail as service
from imr.accounts.services.mail import send_again, send_digests, send_mail, tell, tend_mails
from imr.accounts.services.mail_choice import choose_mails, switch_off
from imr.accounts.services.password import change_password
from imr.accounts.services.person import deactivate_person
from imr.core import mail as core_mail
from imr.core.errors import ConflictError
from imr.core.models import OutboxJob
from tests.factories.accounts import Cast, make_user
from tests.races import REPETITIONS, race

pytestmark = pytest.mark.django_db
# 10:30 in Los Angeles.
MORNING = datetime(2026, 6, 1, 17, 30, tzinfo=UTC)


def told(*people: User, event: MailEvent = MailEvent.APPLICATION_RECEIVED, key: str = "1") -> list[Mail]:
    return tell(people=people, event=event, key=key, path="/cases/1/", case_id=1, case_number="CM26-0000001")


def choose(user: User, **modes: MailMode) -> None:
    choose_mails(
        user=user,
        modes={MailEvent[name]: mode for name, mode in modes.items()},
        digest_hour=7,
        is_for_all_cases=False,
    )


def failing(monkeypatch: pytest.MonkeyPatch, *answers: Exception | None) -> list[str]:
    """Mails meet these answers of the server, one after the other; the addresses they were sent to."""
    left, addresses = list(answers), []

    def send(**fields: str) -> None:
        answer = left.pop(0)
        addresses.append(fields["address"])
        if answer:
            raise answer

    monkeypatch.setattr(core_mail, "send", send)
    return addresses


def test_person_is_told_once_of_an_event(cast: Cast) -> None:
    assert len(told(cast.claims, cast.claims, cast.colleague)) == 2
    assert told(cast.claims) == []
    assert len(told(cast.claims, key="2")) == 1
    assert OutboxJob.objects.filter(name="send_mail").count() == 3


def test_mail_is_sent_once_however_often_the_job_runs(cast: Cast) -> None:
    (row,) = told(cast.claims)
    for _ in range(3):
        send_mail(mail_id=row.pk)
    (message,) = django_mail.outbox
    assert message.to == [cast.claims.email]
    assert "CM26-0000001" in message.body
    assert "/cases/1/" in message.body
    row.refresh_from_db()
    assert (row.state, row.sent_to) == (MailState.SENT, cast.claims.email)


def test_closed_accounts_programs_and_unknown_mails_are_left_out(cast: Cast) -> None:
    (row,) = told(cast.claims)
    deactivate_person(actor=cast.manager, person=cast.claims)
    send_mail(mail_id=row.pk)
    send_mail(mail_id=9_999_999)
    cast.claims.refresh_from_db()
    assert told(cast.claims, cast.api_client, key="2") == []
    row.refresh_from_db()
    assert (row.state, row.problem) == (MailState.CANCELED, "the account is closed")
    assert django_mail.outbox == []


def test_mail_goes_to_the_address_of_the_moment(cast: Cast) -> None:
    (row,) = told(cast.claims)
    User.objects.filter(pk=cast.claims.pk).update(email="moved@example.org")
    send_mail(mail_id=row.pk)
    assert django_mail.outbox[0].to == ["moved@example.org"]


def test_server_that_is_away_is_asked_again_later_and_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = told(cast.claims)
    failing(monkeypatch, *[core_mail.MailDelayedError("SMTP 421")] * service.MOST_ATTEMPTS)
    pauses = []
    for attempt in range(1, service.MOST_ATTEMPTS + 1):
        send_mail(mail_id=row.pk)
        row.refresh_from_db()
        assert row.attempts == attempt
        if row.next_try_at and row.tried_at:
            pauses.append(round((row.next_try_at - row.tried_at).total_seconds() / 60))
            # Before its time nothing happens, whoever asks.
            send_mail(mail_id=row.pk)
            Mail.objects.filter(pk=row.pk).update(next_try_at=row.tried_at)
    assert pauses == [1, 5, 15, 60, 180, 360, 720, 720]
    assert (row.state, row.problem) == (MailState.GIVEN_UP, "SMTP 421")
    # A promise for each further attempt; the first is that of the event.
    assert OutboxJob.objects.filter(name="send_mail").count() == service.MOST_ATTEMPTS


def test_refusal_is_given_up_and_a_broken_connection_is_left_to_a_person(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (refused,), (broken,) = told(cast.claims), told(cast.colleague)
    addresses = failing(
        monkeypatch, core_mail.MailRefusedError("SMTP 550"), core_mail.MailUnclearError("TimeoutError"), None
    )
    for row in (refused, broken, refused, broken):
        send_mail(mail_id=row.pk)
    assert len(addresses) == 2
    refused.refresh_from_db()
    broken.refresh_from_db()
    assert (refused.state, broken.state) == (MailState.GIVEN_UP, MailState.UNCLEAR)
    assert send_again(mail_id=broken.pk, actor=cast.operator).state == MailState.WAITING
    send_mail(mail_id=broken.pk)
    broken.refresh_from_db()
    assert broken.state == MailState.SENT
    with pytest.raises(ConflictError, match="sent"):
        send_again(mail_id=broken.pk, actor=cast.operator)


def test_mail_that_a_worker_left_halfway_is_not_sent_again_by_itself(cast: Cast) -> None:
    (row,) = told(cast.claims)
    Mail.objects.filter(pk=row.pk).update(state=MailState.SENDING, tried_at=MORNING)
    send_mail(mail_id=row.pk)
    assert tend_mails(now=MORNING + timedelta(minutes=14)) == 0
    assert tend_mails(now=MORNING + timedelta(minutes=16)) == 1
    row.refresh_from_db()
    assert row.state == MailState.UNCLEAR
    assert django_mail.outbox == []


def test_switched_off_mails_are_neither_promised_nor_sent(cast: Cast) -> None:
    (before,) = told(cast.claims)
    choose(cast.claims, APPLICATION_RECEIVED=MailMode.OFF, NOTICE_ISSUED=MailMode.OFF)
    assert told(cast.claims, key="2") == []
    send_mail(mail_id=before.pk)
    before.refresh_from_db()
    assert (before.state, before.problem) == (MailState.CANCELED, "switched off by the person")
    # What the law wants told goes out at once, whatever was chosen.
    (legal,) = told(cast.claims, event=MailEvent.NOTICE_ISSUED)
    assert legal.state == MailState.WAITING


def test_digest_has_what_was_collected_once_a_day_at_the_hour(cast: Cast) -> None:
    choose(cast.claims, APPLICATION_RECEIVED=MailMode.DIGEST)
    told(cast.claims, key="1")
    told(cast.claims, key="2")
    assert send_digests(now=MORNING.replace(hour=13, minute=59)) == 0
    assert send_digests(now=MORNING.replace(hour=14, minute=0)) == 1
    assert send_digests(now=MORNING.replace(hour=14, minute=0)) == 0
    told(cast.claims, key="3")
    assert send_digests(now=MORNING) == 0
    digest = Mail.objects.get(event=MailEvent.DIGEST)
    send_mail(mail_id=digest.pk)
    send_mail(mail_id=digest.pk)
    (message,) = django_mail.outbox
    assert message.body.count("CM26-0000001") == 2
    assert send_digests(now=MORNING + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-03-08T13:59", 0), ("2026-03-08T14:00", 1), ("2026-11-01T14:59", 0), ("2026-11-01T15:00", 1)],
)
def test_hour_of_the_digest_is_pacific_on_the_days_of_the_change(cast: Cast, at: str, expected: int) -> None:
    choose(cast.claims, APPLICATION_RECEIVED=MailMode.DIGEST)
    told(cast.claims)
    assert send_digests(now=datetime.fromisoformat(f"{at}+00:00")) == expected


def test_digest_leaves_out_what_is_over_or_switched_off_and_is_not_sent_empty(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(cast.claims, APPLICATION_RECEIVED=MailMode.DIGEST, DUE_SOON=MailMode.DIGEST)
    told(cast.claims)
    told(cast.claims, event=MailEvent.DUE_SOON)
    monkeypatch.setitem(service._checks, MailEvent.DUE_SOON, lambda _: False)
    send_digests(now=MORNING)
    digest = Mail.objects.get(event=MailEvent.DIGEST)
    switch_off(user=cast.claims, event=MailEvent.APPLICATION_RECEIVED)
    send_mail(mail_id=digest.pk)
    digest.refresh_from_db()
    assert digest.state == MailState.CANCELED
    assert django_mail.outbox == []


def test_unsubscribing_the_digest_ends_everything_that_went_into_it(cast: Cast) -> None:
    choose(cast.medical_director, ENDING_REPORTED=MailMode.AT_ONCE)
    switch_off(user=cast.medical_director, event=MailEvent.DIGEST)
    assert told(cast.medical_director, event=MailEvent.DETERMINATION_SIGNED) == []
    assert len(told(cast.medical_director, event=MailEvent.ENDING_REPORTED)) == 1


def test_mail_falls_with_the_act_it_belongs_to(cast: Cast) -> None:
    with transaction.atomic():
        told(cast.claims)
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_owner_is_told_of_a_new_password(cast: Cast) -> None:
    change_password(user=cast.claims, password="a new and long one 42")
    row = Mail.objects.get(recipient=cast.claims)
    send_mail(mail_id=row.pk)
    assert "cannot be switched off" in django_mail.outbox[0].body
    assert "List-Unsubscribe" not in django_mail.outbox[0].extra_headers


def test_link_to_unsubscribe_stands_in_text_and_header(cast: Cast) -> None:
    (row,) = told(cast.claims)
    send_mail(mail_id=row.pk)
    link = unsubscribe_url(cast.claims.pk, MailEvent.APPLICATION_RECEIVED)
    assert link in django_mail.outbox[0].body
    assert django_mail.outbox[0].extra_headers["List-Unsubscribe"] == f"<{link}>"


def _sends(monkeypatch: pytest.MonkeyPatch, take: Callable[[int], Mail | None]) -> int:
    """How often two workers at once sent one mail, `take` being how they take it."""
    sent: list[str] = []
    monkeypatch.setattr(core_mail, "send", lambda **fields: sent.append(fields["address"]))
    monkeypatch.setattr(service, "_take", take)
    (row,) = told(make_user())
    race(lambda: send_mail(mail_id=row.pk), lambda: send_mail(mail_id=row.pk))
    return len(sent)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [_sends(monkeypatch, service._take) for _ in range(REPETITIONS)] == [1] * REPETITIONS


@pytest.mark.django_db(transaction=True)
def test_without_taking_the_row_two_workers_send_two(monkeypatch: pytest.MonkeyPatch) -> None:
    def peek(mail_id: int) -> Mail | None:
        return Mail.objects.select_related("recipient").get(pk=mail_id)

    assert _sends(monkeypatch, peek) == 2
