"""Reports that a dispute is over without a determination, and what may still end so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from cases.enums import DeadlineKind, EndingSource, ItemStatus
from cases.models import Case, Deadline, DisputedItem, EndingReason, EndingReport
from cases.rules.ending import is_owed_by_claims
from cases.selectors.law import legal_parameter
from imr.core.calendar import end_of_day
from imr.core.clock import noon
from imr.core.errors import UnavailableError
from imr.core.words import mmddyyyy

_ON = frozenset({ItemStatus.OPEN, ItemStatus.DECIDED})


def ending_reasons(day: date) -> list[EndingReason]:
    """The reasons in force on `day`, in order; raises `UnavailableError` when the reference data lacks them."""
    rows = list(
        EndingReason.objects.filter(
            Q(in_force_until__isnull=True) | Q(in_force_until__gt=day), in_force_from__lte=day
        ).order_by("position", "code")
    )
    if not rows:
        raise UnavailableError(
            f"No reason for an end has a row in force on {mmddyyyy(day)}. "
            "An operator can load them with: manage.py load_reference_data.",
            code="reasons_missing",
        )
    return rows


def items_to_end(case: Case) -> list[DisputedItem]:
    """The items that have not ended, in order."""
    return list(DisputedItem.objects.filter(case=case, status__in=_ON))


def items_to_report(case: Case) -> list[DisputedItem]:
    """The items that have not ended and that no waiting report of the claims administrator names, in order.

    What others told of an item does not stand in its way: the claims administrator has to report it as well.
    """
    waiting = EndingReport.objects.filter(
        case=case, is_confirmed__isnull=True, told_by=EndingSource.CLAIMS_ADMINISTRATOR, items__isnull=False
    ).values("items")
    return list(DisputedItem.objects.filter(case=case, status__in=_ON).exclude(pk__in=waiting))


def open_reports() -> QuerySet[EndingReport]:
    """Reports that nobody has decided, with their cases."""
    rows = EndingReport.objects.filter(is_confirmed__isnull=True)
    return rows.select_related("case__organization", "reported_by")


def reports_of(case: Case) -> list[EndingReport]:
    """All reports of the case, the latest first."""
    rows = EndingReport.objects.filter(case=case).select_related("reported_by", "decided_by", "document")
    return list(rows.prefetch_related("items"))


def reports_awaited(case: Case) -> list[EndingReport]:
    """What others told of some items and the claims administrator still has to report, the earliest event first.

    A report of the claims administrator that waits for an administrator is one; a refused one is none.
    """
    waiting = list(EndingReport.objects.filter(case=case, is_confirmed__isnull=True).prefetch_related("items"))
    own = [report for report in waiting if report.told_by == EndingSource.CLAIMS_ADMINISTRATOR]
    told = {item.pk for report in own for item in report.items.all()}
    awaited = [
        report
        for report in waiting
        if is_owed_by_claims(report.kind, report.told_by)
        and any(item.status in _ON and item.pk not in told for item in report.items.all())
    ]
    return sorted(awaited, key=lambda report: (report.happened_on, report.pk))


def report_deadline(report: EndingReport) -> Deadline | None:
    """The date that a report of the claims administrator had, as a clock that ended with it; None without one."""
    if report.due_on is None:
        return None
    start = noon(report.happened_on)
    told = noon(report.received_on) if report.received_on else report.reported_at
    return Deadline(
        case_id=report.case_id,
        kind=DeadlineKind.REPORT_ENDING,
        parameter=legal_parameter("ca_report", on=report.happened_on),
        started_at=start,
        due_at=end_of_day(report.due_on),
        explanation=report.due_explanation,
        ended_at=told,
    )


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report, and the claims administrator's running clock to report itself what it tells."""

    report: EndingReport
    awaited: Deadline | None


def with_clocks(reports: Iterable[EndingReport]) -> list[ReportLine]:
    """Each report with the clock that runs because of it; one query, whatever their number."""
    reports = list(reports)
    waiting = [
        report for report in reports if report.is_confirmed is None and is_owed_by_claims(report.kind, report.told_by)
    ]
    running = Deadline.objects.filter(
        case__in={report.case_id for report in waiting}, kind=DeadlineKind.REPORT_ENDING, ended_at__isnull=True
    )
    of_case = {row.case_id: row for row in running} if waiting else {}
    owed = {report.pk for report in waiting}
    return [ReportLine(report, of_case.get(report.case_id) if report.pk in owed else None) for report in reports]
