"""Reminding of drafts, and deleting them in the end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from cases.enums import PartyRole
from cases.models import Application, Case, Party, URDecision
from cases.services import reference
from cases.services.draft_reminder import tend_drafts
from cases.services.submission import submit_application
from imr.accounts.enums import MailEvent
from imr.accounts.models import Mail
from imr.audit.models import Event
from tests.factories.accounts import Cast
from tests.factories.cases import make_draft
from tests.factories.mails import send_waiting

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 19, tzinfo=UTC)


@pytest.fixture(autouse=True)
def law() -> None:
    reference.load_legal_parameters()


def draft_saved(cast: Cast, at: datetime, *, is_complete: bool = False) -> Case:
    case = make_draft(cast.claims, is_complete=is_complete)
    Application.objects.filter(case=case).update(saved_at=at)
    return case


def tend_daily(first: int, last: int) -> list[int]:
    """The days after `NOON` on which somebody was reminded."""
    return [day for day in range(first, last + 1) if tend_drafts(now=NOON + timedelta(days=day))[0]]


def test_draft_is_reminded_of_once_after_five_days_and_once_before_it_is_deleted(cast: Cast) -> None:
    case = draft_saved(cast, NOON)
    assert tend_daily(1, 119) == [5, 113]
    assert Case.objects.filter(pk=case.pk).exists()
    assert tend_drafts(now=NOON + timedelta(days=121)) == (0, 1)
    assert not Case.objects.filter(pk=case.pk).exists()
    assert Event.objects.filter(action="draft.expire", case_id=case.pk).count() == 1


def test_last_day_to_file_is_reminded_of_three_days_before(cast: Cast) -> None:
    case = draft_saved(cast, NOON)
    day = NOON.date()
    URDecision.objects.filter(case=case).update(decided_on=day, served_on=day, service_method="personal")
    assert tend_daily(1, 40) == [5, 27]


def test_second_run_of_a_day_reminds_nobody(cast: Cast) -> None:
    draft_saved(cast, NOON)
    at = NOON + timedelta(days=5)
    assert tend_drafts(now=at) == (1, 0)
    assert tend_drafts(now=at + timedelta(hours=2)) == (0, 0)
    assert Mail.objects.filter(event=MailEvent.DRAFT_WAITS).count() == 1


def test_saving_begins_the_count_anew(cast: Cast) -> None:
    case = draft_saved(cast, NOON)
    assert tend_daily(1, 4) == []
    Application.objects.filter(case=case).update(saved_at=NOON + timedelta(days=4))
    assert tend_daily(5, 9) == [9]


def test_draft_of_which_nobody_was_told_is_not_deleted_before_they_are(cast: Cast) -> None:
    """After weeks in which nothing ran, the warning goes first."""
    case = draft_saved(cast, NOON)
    assert tend_drafts(now=NOON + timedelta(days=200)) == (1, 0)
    assert Case.objects.filter(pk=case.pk).exists()


def test_mail_names_neither_the_worker_nor_the_claim(cast: Cast) -> None:
    case = draft_saved(cast, NOON, is_complete=True)
    tend_drafts(now=NOON + timedelta(days=5))
    send_waiting()
    (message,) = mail.outbox
    employee = Party.objects.get(case=case, role=PartyRole.EMPLOYEE)
    claim = Application.objects.get(case=case).claim_number
    assert message.to == [cast.claims.email]
    assert f"/cases/{case.pk}/application/" in message.body
    assert employee.last_name not in message.body
    assert claim not in message.body


def test_no_mail_goes_out_for_what_is_no_draft_any_more(cast: Cast) -> None:
    case = draft_saved(cast, NOON, is_complete=True)
    tend_drafts(now=NOON + timedelta(days=5))
    submit_application(case_id=case.pk, actor=cast.claims, attested_name="Somebody")
    send_waiting(MailEvent.DRAFT_WAITS)
    assert mail.outbox == []
