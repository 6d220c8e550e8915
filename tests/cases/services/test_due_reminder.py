"""Mails before and after a date that the claims administrator has to keep."""

from datetime import timedelta

import pytest
from django.core import mail

from cases.enums import AlertLevel, CaseStatus, DeadlineKind
from cases.models import Case, Deadline, DeadlineAlert
from cases.services.deadline_alert import raise_deadline_alerts
from cases.services.information import return_unanswered_cases
from imr.accounts.enums import MailEvent, Role
from imr.accounts.models import Mail, User
from imr.accounts.services.mail import send_mail
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.following import answer, make_request

SECOND = timedelta(seconds=1)


def promised() -> list[int]:
    """Mails to claims people about dates, the first first."""
    rows = Mail.objects.filter(event__in=[MailEvent.DUE_SOON, MailEvent.OVERDUE]).order_by("pk")
    return list(rows.filter(recipient__role__in=[Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER]).values_list("pk", flat=True))


def test_one_mail_before_and_one_after_however_often_the_task_runs(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    row = Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS)
    for moment in (row.due_at - timedelta(hours=40), row.due_at - timedelta(hours=2), row.due_at + timedelta(days=9)):
        raise_deadline_alerts(now=moment)
        raise_deadline_alerts(now=moment)
    assert DeadlineAlert.objects.filter(deadline=row).count() == len(AlertLevel)
    for key in promised():
        send_mail(mail_id=key)
    assert [one.subject for one in mail.outbox] == ["Something is due soon", "Something is overdue"]
    assert {one.to[0] for one in mail.outbox} == {cast.claims.email}
    worker = case.parties.get(role="employee")
    for one in mail.outbox:
        text = f"{one.subject} {one.body}"
        assert str(case.number) in text
        assert f"/cases/{case.pk}/" in text
        for word in (worker.last_name, case.items.all()[0].description, "Lumbago"):
            assert word not in text


def test_dates_of_the_imr_organization_and_the_time_to_appeal_remind_nobody(cast: Cast) -> None:
    case = make_case(CaseStatus.INELIGIBLE, user=cast.claims)
    make_case(user=cast.claims)
    row = Deadline.objects.get(case=case, kind=DeadlineKind.APPEAL)
    raise_deadline_alerts(now=row.due_at + timedelta(days=9))
    assert promised() == []
    levels = DeadlineAlert.objects.filter(deadline=row).values_list("level", flat=True)
    assert list(levels) == [AlertLevel.SOON]


def test_done_duty_is_not_reminded_of(cast: Cast) -> None:
    request = make_request(cast.claims)
    raise_deadline_alerts(now=request.due_at - SECOND)
    [key] = promised()
    answer(request, cast.claims, whole=False)
    send_mail(mail_id=key)
    assert len(mail.outbox) == 1
    raise_deadline_alerts(now=request.due_at + SECOND)
    answer(request, cast.claims)
    for late in promised():
        send_mail(mail_id=late)
    assert len(mail.outbox) == 1


def test_request_whose_time_is_over_is_reminded_of_while_a_late_answer_is_taken(cast: Cast) -> None:
    request = make_request(cast.claims)
    return_unanswered_cases(now=request.due_at + SECOND)
    raise_deadline_alerts(now=request.due_at + timedelta(days=3))
    [key] = promised()
    send_mail(mail_id=key)
    assert "A late act is still possible" in str(mail.outbox[0].body)


@pytest.mark.parametrize("gone", ["left", "keyed in"])
def test_managers_are_told_when_the_filer_cannot_be(cast: Cast, gone: str) -> None:
    request = make_request(cast.claims)
    if gone == "left":
        User.objects.filter(pk=cast.claims.pk).update(is_active=False, deactivated_at=request.due_at)
    else:
        Case.objects.filter(pk=request.case_id).update(created_by=cast.administrator)
    raise_deadline_alerts(now=request.due_at - SECOND)
    send_mail(mail_id=promised()[0])
    assert [one.to for one in mail.outbox] == [[cast.manager.email]]
