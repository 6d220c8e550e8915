"""Reading cover sheets, scans and their parts."""

from django.db.models import Count, Q, QuerySet

from cases.enums import ScanPartState
from cases.models import Case, CoverSheet, ScanBatch, ScanPart


def sheets_of(case: Case) -> QuerySet[CoverSheet]:
    """The cover sheets of the case, the latest first."""
    return CoverSheet.objects.filter(case=case).select_related("made_by")


def scan_batches() -> QuerySet[ScanBatch]:
    """Every scan of the mail room, the latest first, with the number of its parts and of those that wait."""
    waiting = Q(parts__state=ScanPartState.WAITING)
    rows = ScanBatch.objects.select_related("added_by")
    counted = rows.annotate(part_count=Count("parts"), waiting_count=Count("parts", filter=waiting))
    return counted.order_by("-added_at", "-pk")


def parts_of(batch: ScanBatch) -> QuerySet[ScanPart]:
    """The parts of the scan in the order of their pages, with what was proposed and what became of them."""
    return ScanPart.objects.filter(batch=batch).select_related(
        "sheet__case__organization", "document__case", "decided_by"
    )


def case_numbered(number: str) -> Case | None:
    """The submitted case with this number, however its letters were typed."""
    return Case.objects.filter(number=number.strip().upper()).first()
