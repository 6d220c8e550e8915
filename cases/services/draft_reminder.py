"""Reminding of applications that nobody went on with, and deleting them in the end.

Mails say that an application waits and link to it; they name neither the worker nor the treatment.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import Application
from cases.selectors.draft import filing_due
from cases.selectors.law import legal_parameter
from cases.services.news import tell_of_case
from imr.accounts.enums import MailEvent
from imr.accounts.models import Mail
from imr.accounts.services.mail import only_while
from imr.audit.services import record
from imr.core import clock
from imr.core.calendar import end_of_day
from imr.core.clock import pacific_date

SPANS = ("draft_reminder", "draft_reminder_before_last_day", "draft_expiry", "draft_expiry_warning")


def tend_drafts(*, now: datetime | None = None) -> tuple[int, int]:
    """Reminders are promised for drafts that lie, and those that lay too long are gone; how many of each.

    A draft is reminded of some days after it was saved last, before its last day to file, and before it is deleted;
    each at most once between two saves, and never twice on one day. Safe to run twice and side by side. The spans
    are rows of the reference data.
    """
    at = now or clock.now()
    spans = {name: timedelta(days=legal_parameter(name, on=pacific_date(at)).value) for name in SPANS}
    drafts = Application.objects.filter(case__status=CaseStatus.DRAFT)
    old = drafts.filter(saved_at__lt=at - spans["draft_expiry"]).values_list("pk", flat=True)
    expired = sum(_expire(key, at - spans["draft_expiry"]) for key in list(old))
    quiet = drafts.filter(saved_at__lt=at - timedelta(days=1)).values_list("pk", flat=True)
    reminded = sum(_remind(key, at, spans) for key in list(quiet))
    return reminded, expired


@transaction.atomic
def _expire(key: int, before: datetime) -> bool:
    """The draft is gone, unless it was saved meanwhile, submitted, or nobody was told."""
    application = _lock(key)
    if application is None or application.saved_at is None or application.saved_at >= before:
        return False
    if application.reminded_at is None or application.reminded_at < application.saved_at:
        return False
    case = application.case
    record(
        action="draft.expire",
        actor=None,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        detail={"saved": application.saved_at.isoformat()},
    )
    case.delete()
    return True


@transaction.atomic
def _remind(key: int, at: datetime, spans: Mapping[str, timedelta]) -> bool:
    application = _lock(key)
    if application is None or not _is_due(application, at, spans):
        return False
    Application.objects.filter(pk=key).update(reminded_at=at)
    case, today = application.case, pacific_date(at)
    last_day = filing_due(case.ur_decision)
    gone_on = pacific_date(application.saved_at or at) + spans["draft_expiry"]
    tell_of_case(
        case,
        MailEvent.DRAFT_WAITS,
        people=[case.created_by],
        key=f"{case.pk}:{today.isoformat()}",
        due_at=end_of_day(last_day if last_day is not None and last_day >= today else gone_on),
        path=reverse("cases:filing-tasks", args=[case.pk]),
    )
    record(
        action="draft.remind",
        actor=None,
        object_type="case",
        object_id=application.case_id,
        case_id=application.case_id,
    )
    return True


def _is_due(application: Application, at: datetime, spans: Mapping[str, timedelta]) -> bool:
    """Whether a day to remind has come since the last reminder, or since the last save."""
    if application.saved_at is None:
        return False
    today, saved = pacific_date(at), pacific_date(application.saved_at)
    days = [saved + spans["draft_reminder"], saved + spans["draft_expiry"] - spans["draft_expiry_warning"]]
    last_day = filing_due(application.case.ur_decision)
    if last_day is not None and today <= last_day:
        days.append(max(last_day - spans["draft_reminder_before_last_day"], saved + timedelta(days=1)))
    since = max(saved, pacific_date(application.reminded_at)) if application.reminded_at else saved
    return any(since < day <= today for day in days)


def _lock(key: int) -> Application | None:
    """The draft under a lock; None where another run holds it, or it is no draft any more."""
    rows = Application.objects.select_related("case__ur_decision", "case__created_by").filter(
        pk=key, case__status=CaseStatus.DRAFT
    )
    return rows.select_for_update(of=("case",), skip_locked=True).first()


def _is_draft(mail: Mail) -> bool:
    return Application.objects.filter(case_id=mail.case_id or 0, case__status=CaseStatus.DRAFT).exists()


only_while(_is_draft, MailEvent.DRAFT_WAITS)
