"""UR decision letters that came after an application was filed without one, and what was decided about them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from cases.enums import KEPT_REMOVALS, CaseStatus, DocumentKind
from cases.models import Case, CompletenessDecision, Document, FilingReceipt
from imr.core.clock import PACIFIC, pacific_date

# While eligibility is open; afterwards what was known stays as it was.
SCREENED = frozenset(
    {CaseStatus.RECEIVED, CaseStatus.ELIGIBILITY_REVIEW, CaseStatus.INFO_REQUESTED, CaseStatus.DEFERRED}
)


@dataclass(frozen=True, slots=True)
class LateLetter:
    """The first UR decision letter of an application that was filed without one, and the decision that counts."""

    document: Document
    decision: CompletenessDecision | None

    @property
    def arrived_on(self) -> date:
        return pacific_date(self.document.received_at)


def late_letter(case: Case) -> LateLetter | None:
    """The letter that came on a later day than the application; None where it came with it, or not yet.

    On the day of the receipt itself it makes no difference.
    """
    if case.received_at is None:
        return None
    filed_at = FilingReceipt.objects.filter(case=case).values_list("created_at", flat=True).first()
    document = _letters().filter(case=case).order_by("received_at", "pk").first()
    if filed_at is None or document is None or document.received_at <= filed_at:
        return None
    if pacific_date(document.received_at) <= pacific_date(case.received_at):
        return None
    decisions = CompletenessDecision.objects.filter(case=case, document=document).select_related("decided_by")
    return LateLetter(document, decisions.first())


def decisions_of(case: Case) -> list[CompletenessDecision]:
    """Everything that was decided about it, the latest first."""
    return list(CompletenessDecision.objects.filter(case=case).select_related("decided_by", "document"))


def undecided_letters(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Of `cases`, those whose letter came on a later day and nobody has decided about, by `letter_at`, oldest first."""
    first = _letters().filter(case=OuterRef("pk")).order_by("received_at", "pk")
    decided = CompletenessDecision.objects.filter(case=OuterRef("pk"), document=OuterRef("letter_id"))
    return (
        cases.filter(status__in=SCREENED)
        .annotate(letter_at=Subquery(first.values("received_at")[:1]), letter_id=Subquery(first.values("pk")[:1]))
        .filter(letter_at__gt=F("receipt__created_at"))
        .annotate(letter_on=TruncDate("letter_at", tzinfo=PACIFIC), receipt_on=TruncDate("received_at", tzinfo=PACIFIC))
        .filter(~Exists(decided), letter_on__gt=F("receipt_on"))
        .order_by("letter_at", "pk")
    )


def _letters() -> QuerySet[Document]:
    """UR decision letters that count, or whose pages count in another document."""
    kept = Q(removed_at__isnull=True) | Q(removal__in=[removal.value for removal in KEPT_REMOVALS])
    return Document.objects.filter(kept, kind=DocumentKind.UR_DECISION)
