"""Starting and stopping the clocks of a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now

from cases.enums import DeadlineKind, Outcome, Priority, ServiceMethod
from cases.models import Case, Deadline, DisputedItem, NoticeService
from cases.rules.deadlines import compute_due
from cases.selectors.law import closed_days, legal_parameter, period_rule
from imr.core.clock import pacific_date

HORIZON = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class _Choice:
    parameter: str
    extension: str | None = None


def start_deadlines(*, case: Case, kinds: tuple[DeadlineKind, ...], at: datetime, event: str) -> None:
    """Start a clock of each kind at `at`; a running one of the same kind ends. Called within the transition.

    The clock to authorize runs only where an item was overturned (8 CCR 9792.10.7).
    """
    for kind in kinds:
        if not _applies(case, kind):
            continue
        choice = _choice(case, kind)
        day = pacific_date(at)
        parameter = legal_parameter(choice.parameter, on=day)
        extension = legal_parameter(choice.extension, on=day) if choice.extension else None
        rule = period_rule(parameter, extension=extension)
        due = compute_due(rule, at, event, closed_days(since=day, until=day + HORIZON))
        stop_deadlines(case=case, kinds=(kind,))
        Deadline.objects.create(
            case=case,
            kind=kind,
            parameter=parameter,
            started_at=at,
            due_at=due.due_at,
            explanation=due.explanation,
        )


def stop_deadlines(*, case: Case, kinds: tuple[DeadlineKind, ...]) -> None:
    """End the running clocks of these kinds."""
    Deadline.objects.filter(case=case, kind__in=kinds, ended_at__isnull=True).update(ended_at=Now())


def _applies(case: Case, kind: DeadlineKind) -> bool:
    if kind != DeadlineKind.AUTHORIZE:
        return True
    return DisputedItem.objects.filter(case=case, outcome=Outcome.OVERTURNED).exists()


def _choice(case: Case, kind: DeadlineKind) -> _Choice:
    expedited = case.priority == Priority.EXPEDITED
    if kind == DeadlineKind.RECORDS:
        if expedited:
            return _Choice("records_expedited")
        served = NoticeService.objects.filter(case=case).first()
        return _Choice("records_mail" if served and served.method == ServiceMethod.MAIL else "records_electronic")
    if kind == DeadlineKind.DETERMINE:
        return _Choice("determination_expedited" if expedited else "determination_regular")
    return _Choice(
        {
            DeadlineKind.SCREEN: "screening",
            DeadlineKind.SERVE_NOARFI: "noarfi",
            DeadlineKind.ASSIGN: "assignment",
            DeadlineKind.APPEAL: "appeal",
            DeadlineKind.AUTHORIZE: "authorize",
        }[kind]
    )
