"""Reminding the claims administrator of what is due from it: once before the date, and once after it.

Mails name the case, the date and what it is; no person and nothing about health.
"""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from cases.enums import AlertLevel, DeadlineKind
from cases.models import DeadlineAlert, InformationRequest
from cases.selectors.information import ANSWERABLE, complete_answer
from cases.selectors.recipients import claims_people_of
from imr.core.jobs import enqueue

DUE_JOB = "cases.mail_due_reminder"
REMINDED = frozenset(
    {
        DeadlineKind.INFORMATION,
        DeadlineKind.RECORDS,
        DeadlineKind.DOCUMENTS,
        DeadlineKind.AUTHORIZE,
        DeadlineKind.REIMBURSE,
    }
)
LEVELS = frozenset({AlertLevel.SOON, AlertLevel.OVERDUE})


def promise_reminder(alert: DeadlineAlert) -> None:
    """The mail is promised with the alert's transaction, where the date is the claims administrator's to keep."""
    if alert.deadline.kind in REMINDED and alert.level in LEVELS:
        enqueue(DUE_JOB, unique_key=f"due:{alert.pk}", alert_id=alert.pk)


def mail_due_reminder(*, alert_id: int) -> None:
    """The mail has gone to whoever files for the claims administrator, unless the duty was done meanwhile."""
    rows = DeadlineAlert.objects.select_related("deadline__case__organization", "deadline__case__created_by")
    alert = rows.filter(pk=alert_id).first()
    if alert is None or not _is_wanted(alert):
        return
    row = alert.deadline
    is_over = alert.level == AlertLevel.OVERDUE
    body = render_to_string(
        "emails/due_reminder.txt",
        {
            "number": row.case.number,
            "what": row.get_kind_display(),
            "due_at": row.due_at,
            "is_over": is_over,
            "link": settings.IMR_BASE_URL + reverse("cases:case-detail", args=[row.case_id]),
        },
    )
    subject = f"{row.case.number}: {'a date has passed' if is_over else 'a date is near'}"
    for address in claims_people_of(row.case):
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def _is_wanted(alert: DeadlineAlert) -> bool:
    row = alert.deadline
    if row.kind == DeadlineKind.INFORMATION:
        request = InformationRequest.objects.filter(case=row.case).order_by("-pk").first()
        is_open = request is not None and request.answered_at is None and complete_answer(request) is None
        return is_open and row.case.status in ANSWERABLE and row.paused_at is None
    return row.ended_at is None and row.paused_at is None
