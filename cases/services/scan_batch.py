"""Scans of the mail room: taken in, read for cover sheets by a worker, and filed part by part by a person."""

import logging
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.core.files import File
from django.db import IntegrityError, transaction

from cases.enums import DocumentKind, DocumentSource, FilingChannel, ScanBatchState, ScanPartState
from cases.exceptions import GoneError, IncompleteError
from cases.models import Case, CoverSheet, ScanBatch, ScanPart
from cases.rules.documents import safe_file_name
from cases.rules.receipt import check_arrival
from cases.rules.scan import SheetMark, mark_of, split_at_sheets
from cases.services.document import AddedDocument, examine, on_disk, refuse_late, register
from cases.services.scan import ALARM_AFTER
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, jobs, storage, virus
from imr.core.errors import ConflictError, DomainError
from imr.core.jobs import confirm_lease, enqueue
from imr.core.models import JobState, OutboxJob
from imr.core.pdf_binder import BindingError, take_pages
from imr.core.pdf_intake import inspect_pdf
from imr.core.qr_reading import QrReadingError, read_qr_codes
from imr.core.words import mmddyyyy

logger = logging.getLogger(__name__)

READ_SCAN_JOB: Final = "cases.read_scan_batch"
# At some hundredths of a second a page, what a job does at a time.
SLICE_PAGES: Final = 100
SCANNER_SECONDS: Final = 90.0


def add_scan_batch(
    *, actor: User, file: "File[Any]", name: str, channel: FilingChannel, arrived_at: datetime, taken_by: str
) -> ScanBatch:
    """The scan is kept as it came, and a worker will look for cover sheets in it.

    Raises `RefusedFileError` for what is no PDF that can be taken, `IncompleteError` for an arrival in the future, and
    `ConflictError` when the same bytes are on file as a scan already. In all of these nothing is kept.
    """
    if problem := check_arrival(arrived_at, decided_on=None, now=clock.now()):
        raise IncompleteError(problem, fields={"arrived_on": [problem]})
    with on_disk(file) as path:
        facts = inspect_pdf(path)
        with path.open("rb") as handle:
            stored = storage.store(storage.chunks_of(handle))
    try:
        with transaction.atomic():
            batch = ScanBatch.objects.create(
                original_name=safe_file_name(name),
                sha256=stored.sha256,
                size=stored.size,
                page_count=facts.page_count,
                channel=channel,
                arrived_at=arrived_at,
                taken_by=taken_by,
                added_by=actor,
            )
            _record(batch, actor, "scan_batch.add", pages=batch.page_count, sha256=batch.sha256)
            _promise(batch, 1)
    except IntegrityError as error:
        earlier = ScanBatch.objects.get(sha256=stored.sha256)
        if earlier.state == ScanBatchState.VIRUS:
            # They were destroyed once; nothing of them is kept now either.
            storage.destroy(stored.sha256)
            raise ConflictError(
                f"This scan was added on {mmddyyyy(earlier.added_at)} and did not pass the virus check. "
                "Have the scanner’s computer checked, then scan the paper once more.",
                code="virus",
            ) from error
        raise ConflictError(
            f"This scan is on file already: it was added on {mmddyyyy(earlier.added_at)}.",
            code="already_on_file",
        ) from error
    return batch


def read_scan_batch(*, batch_id: int, first: int) -> ScanBatch:
    """The pages from `first` on were looked through, so many as a job does; after the last, the parts are there.

    Safe to run twice, and after a kill. Raises `ScannerError` while the virus scanner has no answer. A scan with a
    virus is destroyed; one that cannot be read to its end is one part without a case.
    """
    batch = ScanBatch.objects.get(pk=batch_id)
    if batch.state != ScanBatchState.READING or batch.pages_read >= first:
        return batch
    if first == 1 and virus.is_configured():
        with storage.open_verified(batch.sha256):
            found = virus.scan(storage.local_path(batch.sha256), seconds=SCANNER_SECONDS)
        if not found.is_clean:
            return _refuse(batch_id)
    last = min(first + SLICE_PAGES - 1, batch.page_count)
    try:
        with storage.open_verified(batch.sha256):
            pages = read_qr_codes(storage.local_path(batch.sha256), first=first, last=last)
    except QrReadingError:
        return _keep(batch_id, first=first, last=batch.page_count, marks=[])
    marks = [mark for page in pages if (mark := mark_of(page.page, page.texts, unreadable=page.unreadable))]
    return _keep(batch_id, first=first, last=last, marks=marks)


def watch_scan_batches() -> int:
    """Scans whose reading gave up while the virus scanner was away begin again; how many wait for it for longer than
    15 minutes, which is an error in the log each time.
    """
    if not virus.is_configured():
        return 0
    waiting = ScanBatch.objects.filter(state=ScanBatchState.READING, pages_read=0)
    keys = [_key(pk, 1) for pk in waiting.values_list("pk", flat=True)]
    for job_id in OutboxJob.objects.filter(unique_key__in=keys, state=JobState.FAILED).values_list("pk", flat=True):
        with transaction.atomic():
            jobs.retry(job_id)
    overdue = waiting.filter(added_at__lt=clock.now() - ALARM_AFTER).count()
    if overdue:
        logger.error("virus_check_overdue", extra={"scans": overdue})
    return overdue


@transaction.atomic
def _keep(batch_id: int, *, first: int, last: int, marks: list[SheetMark]) -> ScanBatch:
    batch = ScanBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if batch.state != ScanBatchState.READING or batch.pages_read >= first:
        return batch
    batch.marks = [*batch.marks, *([mark.page, mark.code] for mark in marks)]
    batch.pages_read = last
    if last < batch.page_count:
        _promise(batch, last + 1)
    else:
        _split(batch)
        batch.state = ScanBatchState.READY
        _record(batch, None, "scan_batch.read", sheets=len(batch.marks), parts=batch.parts.count())
    batch.save(update_fields=["marks", "pages_read", "state"])
    confirm_lease()
    return batch


def _split(batch: ScanBatch) -> None:
    marks = [SheetMark(int(page), str(code)) for page, code in batch.marks]
    sheets = {sheet.code: sheet for sheet in CoverSheet.objects.filter(code__in={mark.code for mark in marks})}
    planned = split_at_sheets(batch.page_count, marks, known=sheets)
    ScanPart.objects.bulk_create(
        ScanPart(
            batch=batch,
            position=position,
            first_page=part.first,
            last_page=part.last,
            sheet=sheets.get(part.code),
            problem=part.problem or "",
        )
        for position, part in enumerate(planned, start=1)
    )


@transaction.atomic
def _refuse(batch_id: int) -> ScanBatch:
    batch = ScanBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if batch.state == ScanBatchState.READING:
        batch.state = ScanBatchState.VIRUS
        batch.save(update_fields=["state"])
        _record(batch, None, "scan_batch.virus", sha256=batch.sha256)
        logger.error("virus_found", extra={"batch_id": batch.pk})
        confirm_lease()
        transaction.on_commit(lambda: storage.destroy(batch.sha256))
    return batch


def file_scan_part(
    *,
    part_id: int,
    actor: User,
    case: Case,
    kind: DocumentKind,
    source: DocumentSource,
    title: str,
    author: str = "",
    dated_on: date | None = None,
) -> AddedDocument:
    """The pages are a document of `case`, received when the paper arrived; the part is filed, once.

    They take the way of every file: checks, virus scan, the same bytes noticed, late ones flagged. Raises as
    `cases.services.document.take_in`, and `GoneError` when somebody decided about the part meanwhile.
    """
    part = ScanPart.objects.select_related("batch").get(pk=part_id)
    _require_waiting(part)
    refuse_late(case)
    batch = part.batch
    name = f"{Path(batch.original_name).stem[:200]}, pages {part.first_page} to {part.last_page}.pdf"
    with tempfile.TemporaryDirectory(prefix="imr-scan-") as folder:
        path = Path(folder) / "part.pdf"
        try:
            with storage.open_verified(batch.sha256):
                pages = range(part.first_page, part.last_page + 1)
                take_pages(storage.local_path(batch.sha256), path, pages=pages)
        except BindingError as error:
            raise DomainError(
                "These pages could not be taken out of the scan. Scan them once more, by themselves.", code="not_cut"
            ) from error
        examined = examine(case, actor, path, name, is_name_confirmed=True)
    with transaction.atomic():
        part = ScanPart.objects.select_for_update(of=("self",)).get(pk=part_id)
        _require_waiting(part)
        added = register(
            case_id=case.pk,
            actor=actor,
            file=examined,
            fields={
                "kind": kind,
                "source": source,
                "title": title,
                "author": author,
                "dated_on": dated_on,
                "received_at": batch.arrived_at,
            },
        )
        part.state, part.document = ScanPartState.FILED, added.document
        part.decided_at, part.decided_by = clock.now(), actor
        part.save(update_fields=["state", "document", "decided_at", "decided_by"])
        _record(
            batch, actor, "scan_batch.file", case_id=case.pk, part=part.position, document=added.document.pk,
            proposed=bool(part.sheet and part.sheet.case_id == case.pk),
        )  # fmt: skip
    return added


@transaction.atomic
def set_aside_scan_part(*, part_id: int, actor: User, reason: str) -> ScanPart:
    """The pages are not filed, for this reason; the scan keeps them. Raises `GoneError` as above."""
    part = ScanPart.objects.select_for_update(of=("self",)).select_related("batch").get(pk=part_id)
    _require_waiting(part)
    if not reason.strip():
        words = "Write why these pages are not filed."
        raise IncompleteError(words, fields={"reason": [words]})
    part.state, part.reason = ScanPartState.SET_ASIDE, reason
    part.decided_at, part.decided_by = clock.now(), actor
    part.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    _record(part.batch, actor, "scan_batch.set_aside", part=part.position)
    return part


def record_scan_view(*, batch: ScanBatch, actor: User) -> None:
    """Somebody looked at the pages of the scan."""
    _record(batch, actor, "scan_batch.viewed", sha256=batch.sha256)


def _require_waiting(part: ScanPart) -> None:
    if part.state != ScanPartState.WAITING:
        done = "filed" if part.state == ScanPartState.FILED else "set aside"
        raise GoneError(f"Pages {part.first_page} to {part.last_page} were {done} meanwhile.")


def _promise(batch: ScanBatch, first: int) -> None:
    enqueue(READ_SCAN_JOB, unique_key=_key(batch.pk, first), batch_id=batch.pk, first=first)


def _key(batch_id: int, first: int) -> str:
    return f"scan-batch:{batch_id}:{first}"


def _record(batch: ScanBatch, actor: User | None, action: str, *, case_id: int | None = None, **detail: Any) -> None:
    record(
        action=action,
        actor=actor,
        object_type="scan_batch",
        object_id=batch.pk,
        case_id=case_id,
        detail=detail,
    )
