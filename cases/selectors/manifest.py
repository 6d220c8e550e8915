"""What was received in a case, file by file, with the due date that ran for it: for receipts and manifests."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Q

from cases.enums import KEPT_REMOVALS, DeadlineKind, DocumentKind
from cases.letters import ManifestDeadline, ManifestFile, ManifestLetter
from cases.models import Case, Deadline, Document, FilingReceipt, URDecision
from cases.rules.margin import margin
from cases.selectors.deadline import filing_deadline, latest_deadline

FORMAT = "imr-manifest-1"
# Clocks that end with something being sent.
SENDING = (DeadlineKind.RECORDS, DeadlineKind.DOCUMENTS)


def manifest_letter(case: Case, *, number: int, at: datetime) -> ManifestLetter:
    """Everything received in the submitted `case` until `at`. The case's organization must be loaded."""
    receipt = FilingReceipt.objects.filter(case=case).first()
    received_at = case.received_at or at
    return ManifestLetter(
        format=FORMAT,
        number=number,
        case_number=str(case),
        claims_administrator=case.organization.name,
        signed_by=settings.IMR_ORGANIZATION_NAME,
        signed_at=_utc(at),
        received_at=_utc(received_at),
        receipt_sha256=receipt.manifest_sha256 if receipt else "",
        filing=_filing(case, received_at),
        files=tuple(received_files(case)),
    )


def received_files(case: Case) -> list[ManifestFile]:
    """Every file that was received and kept, as it came in: replaced, divided and joined ones included. What was made
    of their pages here was not received by anybody, and its bytes are none that the sender has."""
    counted = Q(removed_at__isnull=True) | Q(removal__in=KEPT_REMOVALS)
    documents = (
        Document.objects.filter(counted, case=case, arranged__isnull=True)
        .select_related("upload_link__organization")
        .order_by("received_at", "pk")
    )
    clocks = [clock for kind in SENDING if (clock := latest_deadline(case, kind)) is not None]
    return [_file(number, document, clocks) for number, document in enumerate(documents, start=1)]


def _file(number: int, document: Document, clocks: Sequence[Deadline]) -> ManifestFile:
    # The clock that began last before the file came is the one that it answers.
    begun = [clock for clock in clocks if clock.started_at <= document.received_at]
    return ManifestFile(
        number=number,
        kind=DocumentKind(document.kind).label,
        title=document.title,
        name=document.original_name,
        sender=document.sender,
        size=document.size,
        page_count=document.page_count,
        sha256=document.sha256,
        received_at=_utc(document.received_at),
        is_replaced=document.removed_at is not None,
        deadline=(_stands(max(begun, key=lambda clock: clock.started_at), document.received_at) if begun else None),
    )


def _filing(case: Case, received_at: datetime) -> ManifestDeadline | None:
    decision = URDecision.objects.filter(case=case).first()
    clock = filing_deadline(decision) if decision else None
    return _stands(clock, received_at, what="File an application") if clock else None


def _stands(clock: Deadline, received_at: datetime, *, what: str = "") -> ManifestDeadline:
    found = margin(received_at=received_at, due_at=clock.due_at)
    return ManifestDeadline(
        what=what or DeadlineKind(clock.kind).label,
        citation=str(clock.explanation.get("citation", "")),
        due_at=_utc(clock.due_at),
        kept=found.kept,
        seconds_left=found.seconds_left,
        words=found.words,
    )


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
