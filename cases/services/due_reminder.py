"""Mails about a date that is near or has passed: to the claims administrator for what is due from it, to the IMR
organization for what is due from itself.

Mails name the case and the date; no person and nothing about health.
"""

from cases.enums import AlertLevel, DeadlineKind
from cases.models import Deadline, DeadlineAlert, InformationRequest
from cases.selectors.deadline import IMR_DUTY, duty_of
from cases.selectors.information import ANSWERABLE, complete_answer
from cases.services.news import administrators, claims_people, staff_people, tell_of_case
from imr.accounts.enums import MailEvent
from imr.accounts.models import Mail, User
from imr.accounts.services.mail import only_while

REMINDED = frozenset(
    {
        DeadlineKind.INFORMATION,
        DeadlineKind.RECORDS,
        DeadlineKind.DOCUMENTS,
        DeadlineKind.AUTHORIZE,
        DeadlineKind.REIMBURSE,
        DeadlineKind.REPORT_ENDING,
    }
)


def promise_reminder(alert: DeadlineAlert) -> None:
    """The mails are promised with the alert's transaction, once for each alert and person.

    The claims administrator is reminded before and after a date that it has to keep. At the IMR organization nobody is
    told of what is due soon, which its pages show; of what is overdue who has the case, and of what is overdue for
    long every administrator.
    """
    deadline = alert.deadline
    tell_of_case(
        deadline.case,
        MailEvent.DUE_SOON if alert.level == AlertLevel.SOON else MailEvent.OVERDUE,
        people=_people(alert),
        key=f"deadline:{deadline.pk}:{alert.level}",
        subject_id=deadline.pk,
        due_at=deadline.due_at,
    )


def _people(alert: DeadlineAlert) -> list[User]:
    deadline, level = alert.deadline, alert.level
    if deadline.kind in REMINDED:
        return claims_people(deadline.case) if level != AlertLevel.ESCALATED else []
    if duty_of(deadline.kind) != IMR_DUTY or level == AlertLevel.SOON:
        return []
    return administrators() if level == AlertLevel.ESCALATED else staff_people(deadline.case)


def _is_wanted(mail: Mail) -> bool:
    """Whether the duty is not done meanwhile; a request for information can be answered late."""
    row = Deadline.objects.select_related("case").filter(pk=mail.subject_id or 0).first()
    if row is None or row.paused_at is not None:
        return False
    if row.kind == DeadlineKind.INFORMATION:
        request = InformationRequest.objects.filter(case=row.case).order_by("-pk").first()
        is_open = request is not None and request.answered_at is None and complete_answer(request) is None
        return is_open and row.case.status in ANSWERABLE
    return row.ended_at is None


only_while(_is_wanted, MailEvent.DUE_SOON, MailEvent.OVERDUE, MailEvent.REPORT_AWAITED)
