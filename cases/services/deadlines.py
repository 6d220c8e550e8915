"""Starting, stopping, pausing and lengthening the clocks of a case. Rows of clocks are only added and ended."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, DeadlineKind, DeadlineOrigin, PeriodUnit, Priority, ServiceMethod
from cases.exceptions import IncompleteError
from cases.models import Case, Deadline, LegalParameter, NoticeService
from cases.rules.deadlines import DueDate, Extension, Pause, compute_due
from cases.rules.deadlines_law import extension_keys
from cases.selectors.deadline import employee_place
from cases.selectors.implementation import outstanding_items
from cases.selectors.law import closed_days, legal_parameter, served_period
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.clock import pacific_date
from imr.core.errors import ConflictError

HORIZON = timedelta(days=400)
LONGEST_EXTENSION = 60

# The time to appeal is a right of the parties: staff neither stops nor lengthens it.
CHANGEABLE = frozenset(DeadlineKind) - {DeadlineKind.APPEAL}
# Clocks that count from service, and so depend on how it was done.
SERVED = frozenset({DeadlineKind.RECORDS, DeadlineKind.APPEAL})


@dataclass(frozen=True, slots=True)
class _Clock:
    """What a due date is computed from."""

    kind: DeadlineKind
    started_at: datetime
    event: str
    service_method: str = ""
    service_place: str = ""
    pauses: tuple[Pause, ...] = ()
    added: tuple[Extension, ...] = ()


def start_deadlines(*, case: Case, kinds: tuple[DeadlineKind, ...], at: datetime, event: str) -> None:
    """Start a clock of each kind at `at`; a running one of the same kind ends. Called within the transition.

    The clocks to authorize and to reimburse run only where treatment still to be given, or already given, was
    overturned and nobody confirmed it as carried out (8 CCR 9792.10.7).
    """
    for kind in kinds:
        if not _applies(case, kind):
            continue
        method = _service_method(case, kind)
        place = employee_place(case.pk) if method == ServiceMethod.MAIL else ""
        running = _Clock(kind=kind, started_at=at, event=event, service_method=method, service_place=place)
        parameter, due = _counted(case, running)
        stop_deadlines(case=case, kinds=(kind,))
        _write(case, running, parameter, due)


def stop_deadlines(*, case: Case, kinds: tuple[DeadlineKind, ...]) -> None:
    """End the running clocks of these kinds."""
    Deadline.objects.filter(case=case, kind__in=kinds, ended_at__isnull=True).update(ended_at=Now())


@transaction.atomic
def pause_deadline(*, case_id: int, kind: DeadlineKind, actor: User, reason: str) -> Deadline:
    """The clock stands still from now on. Raises `ConflictError` when it does already, or when its time is over."""
    row, running = _locked(case_id, kind)
    _require_changeable(kind)
    now = clock.now()
    if row.paused_at is not None:
        raise ConflictError("This clock is paused already.")
    if row.due_at < now:
        raise ConflictError("This date has passed. A pause would not make up for it.")
    return _changed(row, running, actor=actor, origin=DeadlineOrigin.PAUSED, reason=reason, paused_at=now)


@transaction.atomic
def resume_deadline(*, case_id: int, kind: DeadlineKind, actor: User, reason: str) -> Deadline:
    """The clock runs again from now on; the paused days are not counted. `ConflictError` when it is not paused."""
    row, running = _locked(case_id, kind)
    if row.paused_at is None:
        raise ConflictError("This clock is not paused.")
    pause = Pause(since=row.paused_at, until=clock.now(), reason=row.reason)
    resumed = replace(running, pauses=(*running.pauses, pause))
    return _changed(row, resumed, actor=actor, origin=DeadlineOrigin.RESUMED, reason=reason)


@transaction.atomic
def extend_deadline(*, case_id: int, kind: DeadlineKind, actor: User, days: int, reason: str) -> Deadline:
    """The clock has `days` calendar days more.

    The time to decide grows by as much as LC 4610.6(d)(3) allows at most. Raises `IncompleteError` beside `days`.
    """
    row, running = _locked(case_id, kind)
    _require_changeable(kind)
    longest, citation, is_confirmed = LONGEST_EXTENSION, "recorded by the IMR organization", True
    if kind == DeadlineKind.DETERMINE:
        law = legal_parameter("determination_extension", on=pacific_date(row.started_at))
        longest, citation, is_confirmed = law.value, law.citation, law.is_confirmed
        longest -= sum(extension.value for extension in running.added)
    if not 1 <= days <= longest:
        words = f"Enter 1 to {longest} days ({citation})." if longest else f"No more days are possible ({citation})."
        raise IncompleteError(words, fields={"days": [words]})
    more = Extension(f"Extension: {reason}", days, PeriodUnit.CALENDAR_DAYS, citation, is_confirmed)
    lengthened = replace(running, added=(*running.added, more))
    return _changed(
        row, lengthened, actor=actor, origin=DeadlineOrigin.EXTENDED, reason=reason, paused_at=row.paused_at
    )


@transaction.atomic
def correct_service(
    *, case_id: int, kind: DeadlineKind, actor: User, method: ServiceMethod, place: str, reason: str
) -> Deadline:
    """The clock is counted again for this manner of service; the former date stays in the history.

    For the records, the notice of assignment is on record again with the corrected method.
    """
    if kind not in SERVED:
        raise ConflictError("The manner of service does not change this date.")
    row, running = _locked(case_id, kind)
    notice = NoticeService.objects.filter(case_id=case_id).first()
    if kind == DeadlineKind.RECORDS and notice is not None and notice.method != method:
        NoticeService.objects.create(case_id=case_id, method=method, served_at=notice.served_at, recorded_by=actor)
    corrected = replace(running, service_method=method, service_place=place if method == ServiceMethod.MAIL else "")
    return _changed(
        row, corrected, actor=actor, origin=DeadlineOrigin.RECOUNTED, reason=reason, paused_at=row.paused_at
    )


@transaction.atomic
def recount_deadlines(*, case: Case, actor: User, reason: str, has_moved: bool = False) -> list[Deadline]:
    """Every running clock whose date is another one now has a new row; those rows, in the order of their dates.

    Called in the transaction of the change of an input: the priority, the notice of assignment, the figures of law,
    the holidays. `has_moved` says that the employee's address is another one: service by mail counts from there.
    """
    changed = []
    for row in case.deadlines.select_for_update().filter(ended_at__isnull=True):
        running = _clock_of(row)
        if row.kind == DeadlineKind.RECORDS:
            running = replace(running, service_method=_service_method(case, DeadlineKind.RECORDS))
        if has_moved and running.service_method == ServiceMethod.MAIL:
            running = replace(running, service_place=employee_place(case.pk))
        _, due = _counted(case, running)
        if due.due_at != row.due_at:
            origin = DeadlineOrigin.RECOUNTED
            changed.append(_changed(row, running, actor=actor, origin=origin, reason=reason, paused_at=row.paused_at))
    return changed


@transaction.atomic
def restart_deadline(
    *, case: Case, kind: DeadlineKind, started_at: datetime, actor: User, reason: str, is_only_shortened: bool = False
) -> Deadline | None:
    """The running clock of this kind counts from `started_at`; the former row stays in the history. None without one.

    Called in the transaction in which the moment that it counts from was corrected. With `is_only_shortened` a clock
    whose date would move to later stays as it is.
    """
    row = case.deadlines.select_for_update().filter(kind=kind, ended_at__isnull=True).first()
    if row is None:
        return None
    row.case = case
    running = replace(_clock_of(row), started_at=started_at)
    if is_only_shortened and _counted(case, running)[1].due_at >= row.due_at:
        return None
    origin = DeadlineOrigin.RECOUNTED
    return _changed(row, running, actor=actor, origin=origin, reason=reason, paused_at=row.paused_at)


def _require_changeable(kind: DeadlineKind) -> None:
    if kind not in CHANGEABLE:
        raise ConflictError("The time to appeal is a right of the parties; staff neither stops nor lengthens it.")


def _locked(case_id: int, kind: DeadlineKind) -> tuple[Deadline, _Clock]:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    row = Deadline.objects.filter(case=case, kind=kind, ended_at__isnull=True).first()
    if row is None:
        raise ConflictError("This clock has ended meanwhile. Open the case to see it as it is.")
    row.case = case
    return row, _clock_of(row)


def _clock_of(row: Deadline) -> _Clock:
    return _Clock(
        kind=DeadlineKind(row.kind),
        started_at=row.started_at,
        event=row.explanation.get("start_event", ""),
        service_method=row.service_method,
        service_place=row.service_place,
        pauses=tuple(
            Pause(datetime.fromisoformat(one["since"]), datetime.fromisoformat(one["until"]), one["reason"])
            for one in row.pauses
        ),
        added=tuple(Extension(**one) for one in row.added),
    )


def _changed(
    row: Deadline,
    running: _Clock,
    *,
    actor: User,
    origin: DeadlineOrigin,
    reason: str,
    paused_at: datetime | None = None,
) -> Deadline:
    parameter, due = _counted(row.case, running)
    stop_deadlines(case=row.case, kinds=(running.kind,))
    new = _write(
        row.case,
        running,
        parameter,
        due,
        origin=origin,
        reason=reason,
        changed_by=actor,
        paused_at=paused_at,
        replaces=row,
    )
    record(
        action=f"deadline.{origin}",
        actor=actor,
        object_type="deadline",
        object_id=new.pk,
        case_id=row.case_id,
        reason=reason,
        detail={"kind": running.kind.value, "from": row.due_at.isoformat(), "to": new.due_at.isoformat()},
    )
    return new


def _counted(case: Case, running: _Clock) -> tuple[LegalParameter, DueDate]:
    day = pacific_date(running.started_at)
    parameter = legal_parameter(_parameter_name(case, running), on=day)
    keys = extension_keys(running.service_method or ServiceMethod.PERSONAL, running.service_place)
    rule = served_period(parameter, keys, on=day)
    rule = replace(rule, extensions=(*rule.extensions, *running.added))
    until = max(running.started_at, clock.now()) + HORIZON
    closed = closed_days(since=day, until=pacific_date(until))
    event = parameter.start_event
    if not event or running.event == CaseEvent.DENY_APPEAL.label:
        event = running.event
    return parameter, compute_due(rule, running.started_at, event, closed, pauses=running.pauses)


def _write(case: Case, running: _Clock, parameter: LegalParameter, due: DueDate, **change: Any) -> Deadline:
    return Deadline.objects.create(
        case=case,
        kind=running.kind,
        parameter=parameter,
        started_at=running.started_at,
        due_at=due.due_at,
        explanation=due.explanation,
        service_method=running.service_method,
        service_place=running.service_place,
        pauses=[
            {"since": pause.since.isoformat(), "until": pause.until.isoformat(), "reason": pause.reason}
            for pause in running.pauses
        ],
        added=[
            {
                "name": extension.name,
                "value": extension.value,
                "unit": extension.unit,
                "citation": extension.citation,
                "is_confirmed": extension.is_confirmed,
            }
            for extension in running.added
        ],
        **change,
    )


def _applies(case: Case, kind: DeadlineKind) -> bool:
    if kind in {DeadlineKind.AUTHORIZE, DeadlineKind.REIMBURSE}:
        return outstanding_items().filter(case=case, is_retrospective=kind == DeadlineKind.REIMBURSE).exists()
    return True


def _service_method(case: Case, kind: DeadlineKind) -> str:
    # The employee gets the determination, or the finding of ineligibility, by mail.
    if kind == DeadlineKind.APPEAL:
        return ServiceMethod.MAIL
    if kind != DeadlineKind.RECORDS:
        return ""
    served = NoticeService.objects.filter(case=case).first()
    return served.method if served else ServiceMethod.ELECTRONIC


def _parameter_name(case: Case, running: _Clock) -> str:
    expedited = case.priority == Priority.EXPEDITED
    if running.kind == DeadlineKind.RECORDS:
        if expedited:
            return "records_expedited"
        return {ServiceMethod.MAIL.value: "records_mail", ServiceMethod.PERSONAL.value: "records_personal"}.get(
            running.service_method, "records_electronic"
        )
    if running.kind == DeadlineKind.DETERMINE:
        return "determination_expedited" if expedited else "determination_regular"
    if running.kind == DeadlineKind.DOCUMENTS:
        return "document_request_expedited" if expedited else "document_request"
    return {
        DeadlineKind.SCREEN: "screening",
        DeadlineKind.INFORMATION: "information_answer",
        DeadlineKind.REIMBURSE: "reimburse",
        DeadlineKind.REMAND: "remand",
        DeadlineKind.SERVE_NOARFI: "noarfi",
        DeadlineKind.ASSIGN: "assignment",
        DeadlineKind.APPEAL: "appeal",
        DeadlineKind.AUTHORIZE: "authorize",
        DeadlineKind.REPORT_ENDING: "ca_report",
    }[running.kind]
