"""Reports that a dispute is over without a determination, and what may still end so."""

from django.db.models import QuerySet

from cases.enums import ItemStatus
from cases.models import Case, DisputedItem, EndingReport


def items_to_end(case: Case) -> list[DisputedItem]:
    """The items that have not ended, in order."""
    return list(DisputedItem.objects.filter(case=case, status__in=[ItemStatus.OPEN, ItemStatus.DECIDED]))


def open_reports() -> QuerySet[EndingReport]:
    """Reports that nobody has decided, with their cases."""
    rows = EndingReport.objects.filter(is_confirmed__isnull=True)
    return rows.select_related("case__organization", "reported_by")


def reports_of(case: Case) -> list[EndingReport]:
    """All reports of the case, the latest first."""
    rows = EndingReport.objects.filter(case=case).select_related("reported_by", "decided_by", "document")
    return list(rows.prefetch_related("items"))
