"""Reading the clocks of cases: how a date is found, what it would be otherwise, and what is due."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.enums import AlertLevel, DeadlineKind, PartyRole, ServiceMethod, ServicePlace
from cases.models import CalendarFeed, Case, Deadline, DeadlineAlert, Party, URDecision
from cases.rules.deadlines import DueDate, Extension, Pause, compute_due, steps
from cases.rules.deadlines_days import DayLine, day_by_day
from cases.rules.deadlines_law import extension_keys
from cases.selectors.case import visible_to
from cases.selectors.law import closed_days, legal_parameter, served_period
from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.accounts.services.secret import secret_hash
from imr.core.clock import noon, pacific_date
from imr.core.errors import UnavailableError
from imr.core.words import mmddyyyy, pacific

HORIZON = timedelta(days=400)
MOST_EVENTS = 1_000
PAST_EVENTS = timedelta(days=30)
# Which day of the case chooses the version of a rule, in words.
KEYED_ON: Mapping[str, str] = {
    "application_received": "the application was received",
    "ur_decision_date": "the UR decision was served",
    "eligibility_found": "the case was found eligible",
    "notice_served": "the notice of assignment was served",
    "records_complete": "the records were complete",
    "determination_issued": "the determination was issued",
    "dispute_ended": "the treatment was authorized, settled or withdrawn",
}
# Who has to act before a deadline; the others are the IMR organization's.
DUTIES: Mapping[DeadlineKind, str] = {
    DeadlineKind.RECORDS: "claims administrator",
    DeadlineKind.AUTHORIZE: "claims administrator",
    DeadlineKind.REIMBURSE: "claims administrator",
    DeadlineKind.REPORT_ENDING: "claims administrator",
    DeadlineKind.INFORMATION: "parties",
    DeadlineKind.DOCUMENTS: "parties",
    DeadlineKind.APPEAL: "parties",
}
IMR_DUTY = "IMR organization"


@dataclass(frozen=True, slots=True)
class Explained:
    """A due date with everything its page says about it."""

    deadline: Deadline
    duty: str
    rule: str
    rule_id: str
    citation: str
    version: str
    why_version: str
    start_event: str
    start: str
    due: str
    steps: list[str]
    days: list[DayLine]
    doubts: list[str]
    is_in_hours: bool


def duty_of(kind: str) -> str:
    """Who has to act before a deadline of this kind; the kind "" is filing."""
    return DUTIES.get(DeadlineKind(kind), IMR_DUTY) if kind else "injured worker"


def latest_deadline(case: Case, kind: str) -> Deadline | None:
    """The running clock of this kind, else the one that ended last; None when there never was one."""
    rows = Deadline.objects.filter(case=case, kind=kind).select_related("parameter", "changed_by")
    return rows.filter(ended_at__isnull=True).first() or rows.order_by("-pk").first()


def filing_deadline(decision: URDecision) -> Deadline | None:
    """The clock to file (LC 4610.5(h)), not stored: it follows what the application says about service of the decision.

    None while that is not known, and for dates before the figures begin.
    """
    if decision.served_on is None:
        return None
    method = decision.service_method
    place = employee_place(decision.case_id) if method == ServiceMethod.MAIL else ""
    try:
        parameter = legal_parameter("filing_period", on=decision.served_on)
    except UnavailableError:
        # There is no period to be late for.
        return None
    deadline = Deadline(
        case_id=decision.case_id,
        parameter=parameter,
        started_at=noon(decision.served_on),
        service_method=method,
        service_place=place,
    )
    counted = _count(deadline, deadline.started_at, method, place)
    deadline.due_at, deadline.explanation = counted.due_at, counted.explanation
    return deadline


def employee_place(case_id: int) -> str:
    """Where the employee gets mail, as far as it lengthens a period (CCP 1013(a))."""
    found = Party.objects.filter(case_id=case_id, role=PartyRole.EMPLOYEE).values_list("state", flat=True)
    return ServicePlace.CALIFORNIA if found.first() in {None, "", "CA"} else ServicePlace.OTHER_STATE


def former_deadlines(deadline: Deadline) -> list[Deadline]:
    """What this clock showed before: earlier rows of its kind in the case, the latest first."""
    if not deadline.kind or deadline.pk is None:
        return []
    rows = Deadline.objects.filter(case_id=deadline.case_id, kind=deadline.kind, pk__lt=deadline.pk)
    return list(rows.select_related("parameter", "changed_by").order_by("-pk"))


def explanation_of(deadline: Deadline) -> dict[str, Any]:
    """The stored arithmetic; a row of before it was stored in steps is counted again under its own figures."""
    told: dict[str, Any] = deadline.explanation
    if "parts" in told:
        return told
    return _count(deadline, deadline.started_at, deadline.service_method, deadline.service_place).explanation


def explain(deadline: Deadline) -> Explained:
    """`deadline` in words; its `parameter` should be at hand."""
    told, parameter = explanation_of(deadline), deadline.parameter
    until = f" until {mmddyyyy(parameter.in_force_until)}" if parameter.in_force_until else ""
    keyed = KEYED_ON.get(parameter.keyed_on, "the clock started")
    return Explained(
        deadline=deadline,
        duty=duty_of(deadline.kind),
        rule=told["rule"],
        rule_id=told["deadline_id"],
        citation="; ".join(dict.fromkeys(part["citation"] for part in told["parts"] if part["citation"])),
        version=f"in force from {mmddyyyy(parameter.in_force_from)}{until}",
        why_version=f"{keyed} on {mmddyyyy(date.fromisoformat(told['key_date']))}",
        start_event=told["start_event"],
        start=pacific(datetime.fromisoformat(told["start"])),
        due=pacific(deadline.due_at),
        steps=steps(told),
        days=day_by_day(told),
        doubts=list(told["doubts"]),
        is_in_hours=told["unit"] == "hours",
    )


def what_if(deadline: Deadline, *, start: datetime, method: str, place: str) -> Explained:
    """The same clock, had it started at `start` and been served so. Nothing is written."""
    if not method:
        method, place = deadline.service_method, deadline.service_place
    counted = _count(deadline, start, method, place)
    other = Deadline(
        case_id=deadline.case_id,
        kind=deadline.kind,
        parameter=deadline.parameter,
        started_at=start,
        due_at=counted.due_at,
        explanation=counted.explanation,
    )
    return explain(other)


def _count(deadline: Deadline, start: datetime, method: str, place: str) -> DueDate:
    day = pacific_date(start)
    name = deadline.parameter.name
    if deadline.kind == DeadlineKind.RECORDS and name != "records_expedited" and method:
        by_method = {ServiceMethod.MAIL: "records_mail", ServiceMethod.PERSONAL: "records_personal"}
        name = by_method.get(ServiceMethod(method), "records_electronic")
    parameter = legal_parameter(name, on=day)
    rule = served_period(parameter, extension_keys(method or ServiceMethod.PERSONAL, place), on=day)
    rule = replace(rule, extensions=(*rule.extensions, *(Extension(**one) for one in deadline.added)))
    pauses = [
        Pause(datetime.fromisoformat(one["since"]), datetime.fromisoformat(one["until"]), one["reason"])
        for one in deadline.pauses
    ]
    event = parameter.start_event or deadline.explanation.get("start_event", "")
    closed = closed_days(since=day, until=day + HORIZON)
    return compute_due(rule, start, event, closed, pauses=pauses)


def soon_span(now: datetime) -> timedelta:
    """How long before its end a clock counts as due soon."""
    return _hours("deadline_soon", now)


def escalation_delay(now: datetime) -> timedelta:
    """How long after its end an open clock is escalated."""
    return _hours("deadline_escalation", now)


def _hours(name: str, now: datetime) -> timedelta:
    return timedelta(hours=legal_parameter(name, on=pacific_date(now)).value)


def due_queue(*, now: datetime, level: str = "", duty: str = "") -> QuerySet[Deadline]:
    """Running clocks that are overdue or due soon, the most urgent first; paused ones left out.

    `level` narrows to one `AlertLevel`, `duty` to those who have to act (`DUTIES`).
    """
    rows = Deadline.objects.filter(ended_at__isnull=True, paused_at__isnull=True, due_at__lt=now + soon_span(now))
    # The time to appeal is nobody's duty: when it is over, nobody is late.
    rows = rows.exclude(kind=DeadlineKind.APPEAL, due_at__lt=now)
    if level == AlertLevel.SOON:
        rows = rows.filter(due_at__gte=now)
    elif level == AlertLevel.OVERDUE:
        rows = rows.filter(due_at__lt=now)
    elif level == AlertLevel.ESCALATED:
        rows = rows.filter(Exists(DeadlineAlert.objects.filter(deadline=OuterRef("pk"), level=level)))
    if duty:
        kinds = [kind for kind in DeadlineKind if duty_of(kind) == duty]
        rows = rows.filter(kind__in=kinds)
    escalated = DeadlineAlert.objects.filter(deadline=OuterRef("pk"), level=AlertLevel.ESCALATED)
    return rows.select_related("case__organization", "case__analyst").annotate(is_escalated=Exists(escalated))


def feed_of(secret: str) -> CalendarFeed | None:
    """The calendar address with this secret, while it holds and its person may sign in."""
    return (
        CalendarFeed.objects.select_related("user__organization")
        .filter(token_hash=secret_hash(secret), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(user__organization__isnull=True) | Q(user__organization__is_active=True))
        .first()
    )


def feed_in_force(user: User) -> CalendarFeed | None:
    """The person's calendar address, without its secret."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()


def feed_deadlines(user: User, *, now: datetime) -> list[Deadline]:
    """The running clocks of the cases the person sees, the next due first, at most `MOST_EVENTS`.

    What has been overdue for a month is left to the queue.
    """
    cases = visible_to(user, action=Action.CASE_LIST)
    rows = Deadline.objects.filter(case__in=cases, ended_at__isnull=True, due_at__gte=now - PAST_EVENTS)
    return list(rows.select_related("case").order_by("due_at", "pk")[:MOST_EVENTS])
