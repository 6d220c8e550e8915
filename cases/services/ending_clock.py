"""The claims administrator's clock to report an authorization, settlement or withdrawal (LC 4610.5(g))."""

from datetime import date, timedelta

from cases.enums import CaseStatus, DeadlineKind
from cases.models import Case, Deadline
from cases.rules.deadlines import DueDate, compute_due
from cases.selectors.ending import reports_awaited
from cases.selectors.law import closed_days, legal_parameter, period_rule
from cases.services.deadlines import start_deadlines, stop_deadlines
from cases.services.news import claims_people, tell_of_case
from cases.workflow import BEFORE_ISSUE
from imr.accounts.enums import MailEvent
from imr.core.clock import noon, pacific_date
from imr.core.errors import UnavailableError

KIND = DeadlineKind.REPORT_ENDING


def report_due(happened_on: date) -> DueDate | None:
    """The last day on which the claims administrator reports what happened then; None before there was a period."""
    try:
        row = legal_parameter("ca_report", on=happened_on)
    except UnavailableError:
        return None
    closed = closed_days(since=happened_on, until=happened_on + timedelta(days=60))
    return compute_due(period_rule(row), noon(happened_on), row.start_event, closed)


def settle_report_clock(*, case: Case) -> None:
    """The clock runs from the earliest event that only others told of, and not when there is none.

    Called, with the case locked, in the transaction of what changes that. While the event stays the same the clock
    does, and after a refused report it has its first date again. Who keeps it is told when it starts.
    """
    awaited = reports_awaited(case) if CaseStatus(case.status) in BEFORE_ISSUE else []
    running = Deadline.objects.filter(case=case, kind=KIND, ended_at__isnull=True).first()
    if not awaited:
        stop_deadlines(case=case, kinds=(KIND,))
        return
    first = awaited[0].happened_on
    if running is not None and pacific_date(running.started_at) == first:
        return
    start_deadlines(case=case, kinds=(KIND,), at=noon(first), event=KIND.label)
    started = Deadline.objects.get(case=case, kind=KIND, ended_at__isnull=True)
    tell_of_case(
        case,
        MailEvent.REPORT_AWAITED,
        people=claims_people(case),
        key=f"deadline:{started.pk}",
        subject_id=started.pk,
        due_at=started.due_at,
    )
