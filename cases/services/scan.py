"""The virus check of documents: at once where that is quick, else by a worker; closed until the answer is there."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.db import transaction

from cases.enums import DocumentRemoval, Lateness, ScanState
from cases.models import Case, Document
from cases.selectors.document import unscanned_documents
from cases.services.lateness import lateness_now
from cases.services.page import promise_reading
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, jobs, storage, virus
from imr.core.jobs import confirm_lease, enqueue
from imr.core.models import JobState, OutboxJob
from imr.core.pdf_intake import refused_file
from imr.core.virus import Scan, ScannerError

logger = logging.getLogger(__name__)

SCAN_JOB = "cases.scan_document"
# A person waits for this one; larger files are checked behind the page.
AT_ONCE_BYTES: Final = 20 * 1024 * 1024
AT_ONCE_SECONDS: Final = 10.0
WORKER_SECONDS: Final = 90.0
ALARM_AFTER: Final = timedelta(minutes=15)


def scan_at_once(*, case_id: int, actor: User | None, path: Path) -> ScanState:
    """The state in which the file is taken in. Raises `RefusedFileError` ("virus") after it went on record.

    Without an answer, and for large files, that is "being checked": the file stays closed until a worker has one.
    """
    if not virus.is_configured():
        return ScanState.NOT_CHECKED
    if path.stat().st_size > AT_ONCE_BYTES:
        return ScanState.WAITING
    try:
        found = virus.scan(path, seconds=AT_ONCE_SECONDS)
    except ScannerError:
        return ScanState.WAITING
    if found.is_clean:
        return ScanState.CLEAN
    record(
        action="document.virus",
        actor=actor,
        object_type="case",
        object_id=case_id,
        case_id=case_id,
        detail={"signature": found.signature},
    )
    logger.error("virus_found", extra={"case_id": case_id})
    raise refused_file("virus")


def promise_scan(*, document: Document) -> None:
    """A worker will check the document. Call it in the transaction in which the document is stored."""
    enqueue(SCAN_JOB, unique_key=_key(document.pk), document_id=document.pk)


def scan_document(*, document_id: int) -> Document | None:
    """The document has passed the virus check and is open, or it is refused and its bytes are destroyed.

    None when there was nothing to check any more. Raises `ScannerError` without an answer: it stays closed, and the
    job is tried again.
    """
    document = Document.objects.filter(pk=document_id, removed_at__isnull=True, scan=ScanState.WAITING).first()
    if document is None:
        return None
    with storage.open_verified(document.sha256):
        found = virus.scan(storage.local_path(document.sha256), seconds=WORKER_SECONDS)
    return _open(document_id) if found.is_clean else _refuse(document, found)


def watch_scans() -> int:
    """Jobs that gave up while the scanner was away begin again; how many documents wait for longer than 15 minutes.

    Those are an error in the log each time, which is what an operator's alarm watches.
    """
    waiting = unscanned_documents()
    keys = [_key(pk) for pk in waiting.values_list("pk", flat=True)]
    for job_id in OutboxJob.objects.filter(unique_key__in=keys, state=JobState.FAILED).values_list("pk", flat=True):
        with transaction.atomic():
            jobs.retry(job_id)
    overdue = waiting.filter(received_at__lt=clock.now() - ALARM_AFTER).count()
    if overdue:
        logger.error("virus_check_overdue", extra={"documents": overdue})
    return overdue


@transaction.atomic
def _open(document_id: int) -> Document | None:
    case_id = Document.objects.values_list("case_id", flat=True).get(pk=document_id)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    document = Document.objects.get(pk=document_id)
    if document.removed_at is not None or document.scan != ScanState.WAITING:
        return None
    document.scan, document.scanned_at = ScanState.CLEAN, clock.now()
    # What could not be opened when the determination was signed did not take part in it.
    if lateness_now(case, document.kind) == Lateness.AFTER_SIGNATURE:
        document.lateness = document.lateness or Lateness.AFTER_SIGNATURE
    document.save(update_fields=["scan", "scanned_at", "lateness"])
    promise_reading(document=document)
    _record(document, "document.scan_clean")
    confirm_lease()
    return document


@transaction.atomic
def _refuse(document: Document, found: Scan) -> Document:
    """Every document with these bytes is refused, in whatever case it lies: a virus is one everywhere."""
    same = list(
        Document.objects.select_for_update(of=("self",))
        .filter(sha256=document.sha256)
        .exclude(scan=ScanState.REFUSED)
        .order_by("pk")
    )
    for one in same:
        one.scan, one.scanned_at = ScanState.REFUSED, clock.now()
        one.removed_at, one.removed_by, one.removal = clock.now(), None, DocumentRemoval.VIRUS
        one.replaced_by = None
        one.save(update_fields=["scan", "scanned_at", "removed_at", "removed_by", "removal", "replaced_by"])
        _record(one, "document.virus", signature=found.signature)
    logger.error("virus_found", extra={"document_id": document.pk})
    confirm_lease()
    transaction.on_commit(lambda: storage.destroy(document.sha256))
    document.refresh_from_db()
    return document


def _key(document_id: int) -> str:
    return f"scan:{document_id}"


def _record(document: Document, action: str, **detail: str) -> None:
    record(
        action=action,
        actor=None,
        object_type="document",
        object_id=document.pk,
        case_id=document.case_id,
        detail={"sha256": document.sha256, **detail},
    )
