"""Ending a case, or some of its items, without a determination (LC 4610.5(g); 8 CCR 9792.10.6(a))."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from cases.enums import (
    CaseEvent,
    CaseStatus,
    EndingKind,
    EndingSource,
    IneligibilityReason,
    ItemEligibility,
    ItemStatus,
    NoticeKind,
)
from cases.exceptions import IncompleteError
from cases.models import Case, DisputedItem, Document, EligibilityDecision, EndingReason, EndingReport
from cases.rules.ending import REPORTABLE, is_own_report
from cases.selectors.ending import ending_reasons
from cases.services.ending_clock import report_due, settle_report_clock
from cases.services.news import staff_people, tell_of_case
from cases.services.notice import issue_notice
from cases.services.transitions import lock_case, transition_case
from cases.workflow import TRANSITIONS
from imr.accounts.enums import MailEvent
from imr.accounts.models import Mail, User
from imr.accounts.services.mail import only_while
from imr.audit.models import Event
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError

ENDABLE = TRANSITIONS[CaseEvent.WITHDRAW].sources
_SIGNED = frozenset({CaseStatus.QA, CaseStatus.DETERMINED})
_ENDED = frozenset({ItemStatus.TERMINATED, ItemStatus.WITHDRAWN})


@transaction.atomic
def report_ending(
    *,
    case_id: int,
    actor: User,
    reason_code: str,
    item_ids: Collection[int],
    happened_on: date,
    note: str,
    document_id: int | None = None,
    told_by: str = EndingSource.CLAIMS_ADMINISTRATOR,
    received_on: date | None = None,
) -> EndingReport:
    """The report is on record and waits for an administrator: one of the claims administrator about an item at a time,
    and before it one that somebody else told. With that one the claims administrator's clock to report runs, from the
    day of the event; with its own report the clock ends, and the report is in time or late by that clock's rule.

    `reason_code` is that of a reason in force today; its words stay with the report. `received_on` is the day on which
    it came, other than through the portal. Raises `IncompleteError` beside the fields, `ConflictError` (409) for an
    item that is decided, ended, or reported already, naming it, and for a case that is decided or ended.
    """
    case = _endable(case_id)
    reason = _reason(reason_code)
    kind = reason.kind
    items = _open_items(case, item_ids)
    due = report_due(happened_on)
    _refuse_days(happened_on, received_on, is_unknown=due is None and kind in REPORTABLE)
    _refuse_reported(case, items, told_by)
    is_own = is_own_report(kind, told_by)
    document = Document.objects.filter(case=case, pk=document_id or 0, removed_at__isnull=True).first()
    report = EndingReport.objects.create(
        case=case,
        kind=kind,
        reason=reason,
        reason_words=reason.label,
        told_by=told_by,
        happened_on=happened_on,
        received_on=received_on,
        due_on=due.last_day if due and is_own else None,
        due_explanation=due.explanation if due and is_own else {},
        note=note,
        document=document,
        reported_by=actor,
    )
    report.items.set(items)
    _record("ending.report", actor, report, items)
    settle_report_clock(case=case)
    tell_of_case(
        case,
        MailEvent.ENDING_REPORTED,
        people=[person for person in staff_people(case) if person != actor],
        key=str(report.pk),
        subject_id=report.pk,
        path=reverse("cases:ending-queue"),
    )
    return report


@transaction.atomic
def confirm_ending(*, report_id: int, actor: User, note: str = "", free_text: str = "") -> EndingReport:
    """The items of the report have ended, the parties are served a notice, and with the last open item the case ends.

    Whether the case had been with a reviewer is kept: the fee depends on it. Items that ended with another report are
    left out, and reports of which nothing is left are decided along with this one. Raises `ConflictError` (409) when
    the report was decided, or when one of its items was decided or all ended meanwhile, naming it.
    """
    report = EndingReport.objects.select_related("case").get(pk=report_id)
    case = _endable(report.case_id)
    report = _open_report(report_id)
    named = dict(report.items.values_list("pk", "status"))
    going = [pk for pk, status in named.items() if status not in _ENDED]
    items = _open_items(case, going or named)
    _decide(report, actor, is_confirmed=True, note=note, was_with_reviewer=_was_with_reviewer(case))
    withdrawn = report.kind == EndingKind.EMPLOYEE_WITHDREW
    status = ItemStatus.WITHDRAWN if withdrawn else ItemStatus.TERMINATED
    remaining = _still_open(case).exclude(pk__in=[item.pk for item in items])
    event = None
    if not remaining.exists():
        event = _event(case, items, withdrawn=withdrawn)
    if event is not None:
        case = transition_case(
            case_id=case.pk, event=event, actor=actor, reason=note or report.note[:500], detail={"kind": report.kind}
        )
    DisputedItem.objects.filter(pk__in=[item.pk for item in items]).update(status=status, outcome="")
    _record("ending.confirm", actor, report, items)
    _decide_along(report, actor)
    settle_report_clock(case=case)
    kind = NoticeKind.WITHDRAWN if withdrawn else NoticeKind.TERMINATED
    because = f"{_lower(report.words)}, on {report.happened_on:%m/%d/%Y}"
    issue_notice(case=case, kind=kind, actor=actor, items=items, ended_because=because, free_text=free_text)
    return report


@transaction.atomic
def refuse_ending(*, report_id: int, actor: User, note: str) -> EndingReport:
    """The report is refused with the reason, and its items go on. Raises `ConflictError` (409) once it was decided.

    A refused report of the claims administrator is none: where others told of the items, its clock to report has its
    first date again. Refusing what they told ends that clock.
    """
    if not note.strip():
        words = "Write why the report is refused."
        raise IncompleteError(words, fields={"note": [words]})
    case = lock_case(EndingReport.objects.values_list("case_id", flat=True).get(pk=report_id))
    report = _open_report(report_id)
    _decide(report, actor, is_confirmed=False, note=note, was_with_reviewer=None)
    _record("ending.refuse", actor, report, list(report.items.all()))
    settle_report_clock(case=case)
    return report


@transaction.atomic
def end_items(
    *,
    case_id: int,
    actor: User,
    reason_code: str,
    item_ids: Collection[int],
    happened_on: date,
    note: str,
    told_by: str = EndingSource.CLAIMS_ADMINISTRATOR,
    received_on: date | None = None,
    free_text: str = "",
) -> EndingReport:
    """As told by mail or phone: the report is on record and confirmed at once."""
    report = report_ending(
        case_id=case_id,
        actor=actor,
        reason_code=reason_code,
        item_ids=item_ids,
        happened_on=happened_on,
        note=note,
        told_by=told_by,
        received_on=received_on,
    )
    return confirm_ending(report_id=report.pk, actor=actor, free_text=free_text)


@transaction.atomic
def dismiss_case(*, case_id: int, actor: User, reason: str, note: str, free_text: str = "") -> Case:
    """The case is dismissed: found ineligible after it had been assigned; its items have ended for that reason."""
    if reason not in IneligibilityReason.values:
        raise IncompleteError("Choose a reason.", fields={"reason": ["Choose the reason."]})
    case = lock_case(case_id)
    items = list(_locked_items(case))
    with_reviewer = _was_with_reviewer(case)
    case = transition_case(
        case_id=case_id,
        event=CaseEvent.DISMISS,
        actor=actor,
        reason=note[:500],
        detail={"reason": reason, "was_with_reviewer": with_reviewer},
    )
    going = [item for item in items if item.status in {ItemStatus.OPEN, ItemStatus.DECIDED}]
    chosen = DisputedItem.objects.filter(pk__in=[item.pk for item in going])
    # First the status: what is decided is frozen, and opens only because the case has ended.
    chosen.update(status=ItemStatus.TERMINATED, outcome="")
    chosen.exclude(eligibility__in=[ItemEligibility.INELIGIBLE, ItemEligibility.DEFERRED]).update(
        eligibility=ItemEligibility.INELIGIBLE, ineligibility_reason=reason, ineligibility_note=note[:1000]
    )
    EligibilityDecision.objects.create(case=case, is_eligible=False, reason=reason, note=note, decided_by=actor)
    issue_notice(case=case, kind=NoticeKind.DISMISSED, actor=actor, reason=reason, items=going, free_text=free_text)
    return case


def _waits(mail: Mail) -> bool:
    return EndingReport.objects.filter(pk=mail.subject_id or 0, is_confirmed__isnull=True).exists()


only_while(_waits, MailEvent.ENDING_REPORTED)


def _endable(case_id: int) -> Case:
    case = lock_case(case_id)
    if CaseStatus(case.status) not in ENDABLE:
        raise ConflictError(
            f"The case is “{CaseStatus(case.status).label}”; its items can no longer end without a determination."
        )
    return case


def _locked_items(case: Case) -> list[DisputedItem]:
    return list(DisputedItem.objects.select_for_update(of=("self",)).filter(case=case))


def _reason(code: str) -> EndingReason:
    found = next((reason for reason in ending_reasons(clock.today()) if reason.code == code), None)
    if found is None:
        words = "Choose what happened. This is not a reason that is in force today."
        raise IncompleteError(words, fields={"reason_code": [words]})
    return found


def _open_items(case: Case, item_ids: Collection[int]) -> list[DisputedItem]:
    chosen = [item for item in _locked_items(case) if item.pk in set(item_ids)]
    if not chosen or len(chosen) != len(set(item_ids)):
        raise IncompleteError("Choose the items.", fields={"items": ["Choose at least one item of this case."]})
    whole = case.status in _SIGNED and {item.pk for item in _still_open(case)} <= {item.pk for item in chosen}
    for item in chosen:
        if item.status == ItemStatus.DECIDED and not whole:
            raise ConflictError(
                f"Item {item.position} is decided and signed. End the whole case, or have the determination returned "
                "for correction first."
            )
        if item.status in _ENDED:
            label = ItemStatus(item.status).label.lower()
            raise ConflictError(f"Item {item.position} has ended already: {label}.")
    return chosen


def _still_open(case: Case) -> QuerySet[DisputedItem]:
    """Items that a determination would be about, or that wait for one."""
    rows = DisputedItem.objects.filter(case=case, status__in=[ItemStatus.OPEN, ItemStatus.DECIDED])
    return rows.exclude(eligibility=ItemEligibility.INELIGIBLE)


def _event(case: Case, items: Collection[DisputedItem], *, withdrawn: bool) -> CaseEvent | None:
    """What ends the case with its last open item. Before it is eligible only a withdrawal does: a treatment that was
    authorized by then makes the application ineligible (INE-NOUR), and an analyst says so."""
    others = DisputedItem.objects.filter(case=case).exclude(pk__in=[item.pk for item in items])
    if withdrawn and not others.filter(status=ItemStatus.TERMINATED).exists():
        return CaseEvent.WITHDRAW
    return CaseEvent.TERMINATE if CaseStatus(case.status) in TRANSITIONS[CaseEvent.TERMINATE].sources else None


def _open_report(report_id: int) -> EndingReport:
    report = EndingReport.objects.select_for_update(of=("self",)).get(pk=report_id)
    if report.is_confirmed is not None:
        done = "confirmed" if report.is_confirmed else "refused"
        raise ConflictError(f"The report was {done} meanwhile.")
    return report


def _decide(
    report: EndingReport, actor: User, *, is_confirmed: bool, note: str, was_with_reviewer: bool | None
) -> None:
    EndingReport.objects.filter(pk=report.pk).update(
        is_confirmed=is_confirmed,
        decision_note=note,
        decided_by=actor,
        decided_at=Now(),
        was_with_reviewer=was_with_reviewer,
    )
    report.refresh_from_db()


def _was_with_reviewer(case: Case) -> bool:
    return Event.objects.filter(case_id=case.pk, action=f"case.{CaseEvent.ACCEPT_ASSIGNMENT}", outcome="done").exists()


def _refuse_days(happened_on: date, received_on: date | None, *, is_unknown: bool) -> None:
    """What is wrong with the days, beside their fields; `is_unknown` says that no period is known for that time."""
    today = clock.today()
    problems = {}
    if happened_on > today:
        problems["happened_on"] = ["Enter a day that is not later than today."]
    elif is_unknown:
        problems["happened_on"] = ["There was no period to report it at that time. Check the year."]
    if received_on is not None and received_on > today:
        problems["received_on"] = ["Enter a day that is not later than today."]
    elif received_on is not None and received_on < happened_on:
        problems["received_on"] = ["Enter the day of the event, or a later one."]
    if problems:
        raise IncompleteError(next(iter(problems.values()))[0], fields=problems)


def _refuse_reported(case: Case, items: Collection[DisputedItem], told_by: str) -> None:
    if told_by not in EndingSource.values:
        raise IncompleteError("Choose who told it.", fields={"told_by": ["Choose who told it."]})
    waiting = EndingReport.objects.filter(case=case, is_confirmed__isnull=True)
    if told_by == EndingSource.CLAIMS_ADMINISTRATOR:
        # It reports what others told before: that is awaited from it.
        waiting = waiting.filter(told_by=told_by)
    reported = set(waiting.values_list("items", flat=True))
    if (known := next((item for item in items if item.pk in reported), None)) is not None:
        raise ConflictError(f"A report about item {known.position} waits for an administrator already.")


def _decide_along(confirmed: EndingReport, actor: User) -> None:
    """Reports of the case of which every item has ended now are decided with the confirmed one."""
    for other in EndingReport.objects.filter(case=confirmed.case_id, is_confirmed__isnull=True):
        left = other.items.exclude(status__in=_ENDED)
        if left.exists():
            continue
        is_same = other.kind == confirmed.kind
        note = f"Decided with the report of {confirmed.told_on:%m/%d/%Y} about the same treatment."
        stage = confirmed.was_with_reviewer if is_same else None
        _decide(other, actor, is_confirmed=is_same, note=note, was_with_reviewer=stage)
        _record("ending.confirm" if is_same else "ending.refuse", actor, other, list(other.items.all()))


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _record(action: str, actor: User, report: EndingReport, items: Collection[DisputedItem]) -> None:
    record(
        action=action,
        actor=actor,
        object_type="endingreport",
        object_id=report.pk,
        case_id=report.case_id,
        reason=report.decision_note[:500],
        detail={"kind": report.kind, "items": sorted(item.position for item in items)},
    )
