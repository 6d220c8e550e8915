"""When a period that the organization sets for reviewers ends. The figures are dated rows."""

from datetime import datetime, timedelta

from cases.enums import Priority
from cases.models import Case
from cases.rules.deadlines import compute_due
from cases.selectors.law import closed_days, legal_parameter, period_rule
from imr.core.clock import pacific_date

# Longer than any period of this kind, closed days included.
HORIZON = timedelta(days=120)


def end_of_period(name: str, case: Case, start: datetime) -> datetime:
    """The last instant of the period `name` that began at `start`, by the row of the case's priority."""
    day = pacific_date(start)
    rule = period_rule(legal_parameter(_named(name, case), on=day))
    return compute_due(rule, start, "", closed_days(since=day, until=day + HORIZON)).due_at


def span_before(name: str, case: Case, at: datetime) -> timedelta:
    """How long before an end something is to happen; the row of the case's priority gives it in hours."""
    return timedelta(hours=legal_parameter(_named(name, case), on=pacific_date(at)).value)


def _named(name: str, case: Case) -> str:
    return f"{name}_expedited" if case.priority == Priority.EXPEDITED else name
