"""Applications from a spreadsheet: taken in, checked and filed by workers, each exactly once.

A file is read once into rows of `BatchRow` (`cases.services.bulk_reading`); then each application is checked and filed
in a transaction of its own, together with its state. Whatever is killed in between begins again with the first that
waits.
"""

import hashlib
import json
import logging
from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from cases.enums import BatchGoal, BatchRowState, BatchState, IneligibilityReason
from cases.exceptions import IncompleteError
from cases.models import Batch, BatchRow, Case, TreatmentCategory
from cases.services.bulk_reading import BulkReader, Reading, RowProblem, reader_of_job, store_rows
from cases.services.filing import Attestation, file_application
from imr.accounts.enums import OrganizationKind
from imr.accounts.models import Organization, User
from imr.audit.services import record
from imr.core import storage
from imr.core.errors import ConflictError, DomainError
from imr.core.jobs import confirm_lease, enqueue
from imr.core.spreadsheet import SpreadsheetError, check_file

logger = logging.getLogger(__name__)

READ_JOB = "cases.read_batch"
WORK_JOB = "cases.work_batch"
# Applications of one job; the next job is promised by the last of them, so that other work comes in between.
SLICE = 250
# What every application of a file lacks until its papers are added, and what may be accepted for all of them.
LACKING = frozenset({IneligibilityReason.UR_MISSING.value, IneligibilityReason.SIGNATURE.value})
ON_FILE = IneligibilityReason.DUPLICATE.value


def take_batch(
    *,
    actor: User,
    stored: storage.StoredFile,
    name: str,
    goal: BatchGoal,
    organization: Organization | None = None,
    attested_name: str = "",
    confirmed: Collection[str] = (),
) -> Batch:
    """The file is on record and will be read by a worker.

    Raises `SpreadsheetError` for what is no table, `DomainError` for an organization that files nothing or, with the
    goal to submit, a missing attestation.
    """
    kind = check_file(storage.local_path(stored.sha256), stored.size, name=name)
    owner = organization or actor.organization
    if owner.kind != OrganizationKind.CLAIMS_ADMINISTRATOR or not owner.is_active:
        words = "Choose the claims administrator that the applications are about."
        raise DomainError(words, fields={"organization": [words]})
    _require_attested(goal, attested_name)
    with transaction.atomic():
        batch = Batch.objects.create(
            organization=owner,
            created_by=actor,
            original_name=name,
            sha256=stored.sha256,
            size=stored.size,
            kind=kind,
            goal=goal,
            attested_name=attested_name,
            confirmed=sorted(LACKING & set(confirmed)),
        )
        _record(batch, actor, "batch.take", goal=goal.value, size=stored.size, sha256=stored.sha256)
        enqueue(READ_JOB, unique_key=f"batch:{batch.pk}:read", batch_id=batch.pk)
    return batch


@transaction.atomic
def go_on_with_checked(
    *, batch_id: int, actor: User, goal: BatchGoal, attested_name: str = "", confirmed: Collection[str] = ()
) -> Batch:
    """The applications that were checked without errors are taken up again, now to be drafted or submitted.

    Raises `ConflictError` while the batch is at work or when there are none.
    """
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if goal == BatchGoal.CHECK:
        raise DomainError("Choose whether drafts are made or the applications are submitted.", code="goal")
    _require_attested(goal, attested_name)
    if batch.state != BatchState.DONE:
        raise ConflictError("This file is still at work. Wait until it is done.")
    waiting = batch.rows.filter(state=BatchRowState.CHECKED).update(state=BatchRowState.WAITING, notes=[])
    if not waiting:
        raise ConflictError("There are no checked applications left in this file.")
    batch.goal, batch.attested_name = goal, attested_name
    batch.confirmed = sorted(LACKING & set(confirmed))
    batch.run += 1
    batch.state, batch.finished_at = BatchState.WORKING, None
    batch.save()
    _record(batch, actor, "batch.go_on", goal=goal.value, applications=waiting)
    _promise(batch)
    return batch


@transaction.atomic
def read_batch(*, batch_id: int) -> Batch:
    """Every application of the file has its row and waits; or the file is refused with sentences. Safe to run twice."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if batch.state != BatchState.READING:
        return batch
    confirm_lease()
    try:
        with storage.open_verified(batch.sha256):
            pass
        with transaction.atomic():
            count = store_rows(batch, reader_of_job())
        batch.state = BatchState.WORKING
    except SpreadsheetError as error:
        batch.state, batch.problem, batch.finished_at = BatchState.REFUSED, error.message[:2000], Now()
        count = 0
    batch.save()
    _record(batch, None, "batch.read", applications=count, state=batch.state)
    if batch.state == BatchState.WORKING:
        _promise(batch)
    batch.refresh_from_db()
    return batch


def work_batch(*, batch_id: int, most: int = SLICE) -> int:
    """Up to `most` waiting applications are checked, and drafted or filed as the batch says; how many were.

    Each is one transaction. When more wait, the next job is promised; with the last the batch is done.
    """
    reader = reader_of_job()
    done = 0
    while done < most and _work_next(batch_id, reader):
        done += 1
    _finish_or_promise(batch_id)
    return done


@transaction.atomic
def _work_next(batch_id: int, reader: BulkReader) -> bool:
    confirm_lease()
    row = (
        BatchRow.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("batch__organization", "batch__created_by")
        .filter(batch_id=batch_id, state=BatchRowState.WAITING)
        .order_by("number")
        .first()
    )
    if row is None:
        return False
    try:
        with transaction.atomic():
            _work(row, reader)
    except (OperationalError, InterfaceError):
        # The database is away, or somebody else holds what is needed: the job is tried again.
        raise
    except Exception as error:  # noqa: BLE001  one application must not hold up the others
        logger.error("batch_row_failed", extra={"batch_row_id": row.pk, "error": type(error).__name__})  # noqa: TRY400
        row.state = BatchRowState.FAILED
        row.problems = [asdict(RowProblem(row.number, "", "This could not be processed. The operators were told."))]
        row.case = None
    row.save(update_fields=["state", "problems", "notes", "answers", "fingerprint", "case"])
    return True


def _work(row: BatchRow, reader: BulkReader) -> None:
    """Judge the application and, when the batch says so and nothing is wrong, put it on file."""
    batch = row.batch
    problems = [RowProblem(answer["row"], name, _FORMULA) for answer in row.answers for name in answer["formulas"]]
    reading = reader.read(row.answers, batch.organization)
    # Where a formula stands, that is what is wrong with the cell.
    named = {(one.row, one.column) for one in problems}
    problems += [one for one in reading.problems if (one.row, one.column) not in named]
    row.fingerprint = _fingerprint(reading)
    if not problems:
        problems = _repeated(row, reading)
    row.notes = [*reading.notes]
    if not problems and batch.goal != BatchGoal.CHECK:
        problems = _put_on_file(row, reading)
    row.problems = [asdict(problem) for problem in problems]
    if problems:
        row.state = BatchRowState.REFUSED
    elif batch.goal == BatchGoal.CHECK:
        row.state = BatchRowState.CHECKED


def _put_on_file(row: BatchRow, reading: Reading) -> list[RowProblem]:
    batch = row.batch
    is_submitted = batch.goal == BatchGoal.SUBMIT
    confirmed = {*batch.confirmed, *([ON_FILE] if reading.is_filed_anyway else [])}
    try:
        with transaction.atomic():
            case = file_application(
                actor=batch.created_by,
                organization=batch.organization,
                steps=reading.steps,
                items=reading.items,
                attestation=Attestation(batch.attested_name, confirmed) if is_submitted else None,
            )
    except IncompleteError as error:
        lines = [line for lines in error.fields.values() for line in lines] or [error.message]
        return [RowProblem(row.number, "", line) for line in lines]
    except DomainError as error:
        return [RowProblem(row.number, "", error.message)]
    _note_origin(case, row)
    row.case, row.answers = case, []
    row.state = BatchRowState.FILED if is_submitted else BatchRowState.DRAFTED
    return []


def _repeated(row: BatchRow, reading: Reading) -> list[RowProblem]:
    """The same dispute twice in one file, or on file already; the filer can say that it is meant."""
    if reading.is_filed_anyway:
        return []
    words = reading.to_confirm.get(ON_FILE)
    same = (
        BatchRow.objects.filter(batch=row.batch, fingerprint=row.fingerprint, number__lt=row.number)
        .exclude(state=BatchRowState.REFUSED)
        .first()
    )
    if same is not None:
        words = f"This repeats the application in row {same.number}. Leave it out."
    if not words:
        return []
    return [RowProblem(row.number, "", f"{words} To file it all the same, write Yes under “File although on file”.")]


_FORMULA = "This cell holds a formula, and formulas are not calculated here. Enter its value."


def _fingerprint(reading: Reading) -> str:
    """The same for applications that say the same, whatever their reference."""
    said = [{name: _plain(value) for name, value in sorted(answers.items())} for answers in reading.steps.values()]
    said += [{name: _plain(value) for name, value in sorted(item.items())} for item in reading.items]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, TreatmentCategory):
        return value.code
    return value.isoformat() if isinstance(value, date) else str(value)


def _require_attested(goal: BatchGoal, attested_name: str) -> None:
    if goal == BatchGoal.SUBMIT and not attested_name:
        words = "Type your full name: it signs that the answers are true and complete."
        raise IncompleteError(words, fields={"attested_name": [words]})


@transaction.atomic
def _finish_or_promise(batch_id: int) -> None:
    confirm_lease()
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if batch.state != BatchState.WORKING:
        return
    if batch.rows.filter(state=BatchRowState.WAITING).exists():
        _promise(batch)
        return
    batch.state, batch.finished_at = BatchState.DONE, Now()
    batch.save(update_fields=["state", "finished_at"])
    _record(batch, None, "batch.done", run=batch.run)


def _promise(batch: Batch) -> None:
    """The next job, named after the first application that waits, so that each is promised once."""
    first = batch.rows.filter(state=BatchRowState.WAITING).order_by("number").values_list("number", flat=True).first()
    enqueue(WORK_JOB, unique_key=f"batch:{batch.pk}:{batch.run}:{first or 0}", batch_id=batch.pk)


def _note_origin(case: Case, row: BatchRow) -> None:
    record(
        action="case.from_batch",
        actor=row.batch.created_by,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        detail={"batch": row.batch_id, "row": row.number},
    )


def _record(batch: Batch, actor: User | None, action: str, **detail: Any) -> None:
    record(action=action, actor=actor, object_type="batch", object_id=batch.pk, detail=detail)
