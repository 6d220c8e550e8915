"""Carrying out an arrangement of pages: file by file, and at the end all documents take their places at once."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import ArrangementKind, ArrangementState, DocumentRemoval, ScanState
from cases.models import ArrangedDocument, Arrangement, Case, Document, DocumentPage, PageOrigin
from cases.rules.arrangement import Joinable, why_not_joined
from cases.rules.documents import download_name
from cases.services.arrangement import (
    promise_step,
    record_arrangement,
    refuse_arrangement,
    refuse_arranging,
    sender_key,
)
from cases.services.document import INHERITED, note_in_draft, refuse_change, refuse_over_quota, still_current
from cases.services.page import promise_reading
from cases.services.scan import WORKER_SECONDS
from cases.services.transitions import lock_case
from imr.audit.services import record
from imr.core import clock, storage, virus
from imr.core.errors import ConflictError, DomainError
from imr.core.jobs import confirm_lease
from imr.core.pdf_binder import BindingError, Bookmark, bind, take_pages, turn_pages
from imr.core.pdf_intake import REFUSALS, RefusedFileError, inspect_pdf

BATCH: Final = 500
REMOVALS: Final = {
    ArrangementKind.TURN: DocumentRemoval.REPLACED,
    ArrangementKind.DIVIDE: DocumentRemoval.DIVIDED,
    ArrangementKind.JOIN: DocumentRemoval.JOINED,
}
TOO_COMPLEX: Final = (
    "The file is too complex to be taken apart here. Do it on your computer, and put the result in with “Replace” or "
    "“Add records”."
)


def work_arrangement(*, arrangement_id: int, step: int) -> Arrangement | None:
    """This step is done and the next one promised; after the last, the new documents stand in place of the old ones.

    Safe to run twice, and after a worker that died half way. What the rules refuse meanwhile (the determination was
    signed, the document was replaced) ends the arrangement with its reason and changes nothing of the case. Raises
    `ScannerError` and `IntegrityError`: then the step is tried again. None when there is nothing to do.
    """
    arrangement = Arrangement.objects.filter(pk=arrangement_id, state=ArrangementState.WORKING).first()
    if arrangement is None or arrangement.steps_done >= step:
        return arrangement
    results = list(arrangement.results.prefetch_related("origins__source"))
    try:
        if step == arrangement.steps:
            return _finish(arrangement_id)
        if step <= len(results):
            _make(arrangement, results[step - 1])
        else:
            _check(results[step - 1 - len(results)])
    except DomainError as error:
        return _refuse(arrangement_id, error.message)
    except BindingError:
        return _refuse(arrangement_id, TOO_COMPLEX)
    return _go_on(arrangement_id, step)


def _make(arrangement: Arrangement, result: ArrangedDocument) -> None:
    """The file of the result is in the store, looked at as any file that comes in is."""
    origins = list(result.origins.all())
    with ExitStack() as held, tempfile.TemporaryDirectory(prefix="imr-arrange-") as folder:
        for origin in origins:
            # A file that was changed on the disk is found here, not in front of the reviewer.
            held.enter_context(storage.open_verified(origin.source.sha256))
        target = Path(folder) / "made.pdf"
        _write(arrangement, result, origins, target)
        facts = inspect_pdf(target)
        if facts.page_count != sum(len(origin.pages) for origin in origins):
            raise BindingError("pages")
        with target.open("rb") as handle:
            stored = storage.store(storage.chunks_of(handle))
    ArrangedDocument.objects.filter(pk=result.pk).update(
        sha256=stored.sha256,
        size=stored.size,
        page_count=facts.page_count,
        text_page_count=facts.text_page_count,
    )


def _write(arrangement: Arrangement, result: ArrangedDocument, origins: Sequence[PageOrigin], target: Path) -> None:
    paths = [storage.local_path(origin.source.sha256) for origin in origins]
    match ArrangementKind(arrangement.kind):
        case ArrangementKind.TURN:
            (origin,) = origins
            turns = {page: turn for page, turn in zip(origin.pages, origin.turns, strict=True) if turn}
            turn_pages(paths[0], target, turns=turns)
        case ArrangementKind.DIVIDE:
            take_pages(paths[0], target, pages=origins[0].pages, title=result.title)
        case ArrangementKind.JOIN:
            starts = [sum(len(before.pages) for before in origins[:at]) for at in range(len(origins))]
            bookmarks = [Bookmark(origin.source.title, start) for origin, start in zip(origins, starts, strict=True)]
            counts = bind(paths, target, title=result.title, bookmarks=bookmarks)
            if list(counts) != [len(origin.pages) for origin in origins]:
                raise BindingError("pages")


def _check(result: ArrangedDocument) -> None:
    """The file passed the virus check; raises `RefusedFileError` for one that does not, and its bytes are gone."""
    with storage.open_verified(result.sha256):
        found = virus.scan(storage.local_path(result.sha256), seconds=WORKER_SECONDS)
    if not found.is_clean:
        storage.destroy(result.sha256)
        raise RefusedFileError(REFUSALS["virus"], code="virus")


@transaction.atomic
def _go_on(arrangement_id: int, step: int) -> Arrangement:
    arrangement = Arrangement.objects.select_for_update(of=("self",)).get(pk=arrangement_id)
    if arrangement.state == ArrangementState.WORKING and arrangement.steps_done < step:
        arrangement.steps_done = step
        arrangement.save(update_fields=["steps_done"])
        promise_step(arrangement.pk, step + 1)
    confirm_lease()
    return arrangement


@transaction.atomic
def _refuse(arrangement_id: int, words: str) -> Arrangement:
    arrangement = Arrangement.objects.select_for_update(of=("self",)).get(pk=arrangement_id)
    if arrangement.state == ArrangementState.WORKING:
        refuse_arrangement(arrangement, words)
    confirm_lease()
    return arrangement


@transaction.atomic
def _finish(arrangement_id: int) -> Arrangement:
    """All new documents count and all old ones no longer do, or nothing is changed."""
    case = lock_case(Arrangement.objects.values_list("case_id", flat=True).get(pk=arrangement_id))
    arrangement = Arrangement.objects.select_for_update(of=("self",)).get(pk=arrangement_id)
    if arrangement.state != ArrangementState.WORKING:
        return arrangement
    results = list(arrangement.results.prefetch_related("origins"))
    refuse_change(case)
    sources = {
        origin.source_id: still_current(origin.source_id) for result in results for origin in result.origins.all()
    }
    _refuse_changed(case, arrangement, list(sources.values()), results)
    made = [_register(case, arrangement, result, sources) for result in results]
    for source in sources.values():
        Document.objects.filter(pk=source.pk).update(
            removed_at=Now(),
            removed_by=arrangement.requested_by_id,
            removal=REMOVALS[ArrangementKind(arrangement.kind)],
            replaced_by=made[0] if arrangement.kind == ArrangementKind.TURN else None,
        )
        _record(source, arrangement, f"document.{arrangement.kind}", new=[one.pk for one in made])
    note_in_draft(case)
    arrangement.state, arrangement.finished_at = ArrangementState.DONE, clock.now()
    arrangement.steps_done = arrangement.steps
    arrangement.save(update_fields=["state", "finished_at", "steps_done"])
    record_arrangement(arrangement, arrangement.requested_by, "arrangement.done", results=[one.pk for one in made])
    confirm_lease()
    return arrangement


def _refuse_changed(
    case: Case, arrangement: Arrangement, sources: list[Document], results: list[ArrangedDocument]
) -> None:
    """Raise `DomainError` when what was right when it was asked for is so no longer."""
    for source in sources:
        refuse_arranging(source)
    if words := why_not_joined([Joinable(sender_key(one), one.lateness, one.late_decision) for one in sources]):
        raise ConflictError(words)
    present = Document.objects.filter(case=case, removed_at__isnull=True).exclude(pk__in=[one.pk for one in sources])
    same = present.filter(sha256__in=[result.sha256 for result in results]).first()
    if same is not None:
        raise ConflictError(f"A document with just these pages is already on file as “{same.title}”.")
    refuse_over_quota(
        case,
        sum(result.size for result in results),
        files=len(results) - len(sources) - 1,
        size_arriving=-sum(source.size for source in sources),
    )


def _register(case: Case, arrangement: Arrangement, result: ArrangedDocument, sources: dict[int, Document]) -> Document:
    """The result is a document of the case, received when its pages were, and as late or early as they."""
    origins = list(result.origins.all())
    used = [sources[origin.source_id] for origin in origins]
    first = used[0]
    fields = {name: getattr(first, name) for name in INHERITED}
    if arrangement.kind != ArrangementKind.TURN:
        described = ("kind", "title", "author", "dated_on")
        fields |= {name: getattr(result, name) for name in described}
        fields["original_name"] = download_name(result.title)
    else:
        fields["original_name"] = first.original_name
    is_scanned = arrangement.steps > arrangement.results.count() + 1
    is_clean = is_scanned or all(source.scan == ScanState.CLEAN for source in used)
    document = Document.objects.create(
        case=case,
        uploaded_by=first.uploaded_by,
        upload_link=first.upload_link,
        received_at=max(source.received_at for source in used),
        sha256=result.sha256,
        size=result.size,
        page_count=result.page_count,
        text_page_count=result.text_page_count,
        scan=ScanState.CLEAN if is_clean else ScanState.NOT_CHECKED,
        scanned_at=clock.now() if is_scanned else max(filter(None, (one.scanned_at for one in used)), default=None),
        **fields,
    )
    ArrangedDocument.objects.filter(pk=result.pk).update(document=document)
    _carry_texts(document, origins)
    promise_reading(document=document)
    _record(document, arrangement, "document.made", pages=document.page_count, late=document.lateness)
    return document


def _carry_texts(document: Document, origins: Sequence[PageOrigin]) -> None:
    """The text of pages that were not turned can be searched at once, what was read from pictures included.

    Turned pages are read anew: the picture of one that lay on its side gave nothing, or worse.
    """
    before = 0
    for origin in origins:
        numbers = {
            page: before + at
            for at, (page, turn) in enumerate(zip(origin.pages, origin.turns, strict=True), start=1)
            if not turn
        }
        rows = DocumentPage.objects.filter(document_id=origin.source_id, number__in=numbers)
        DocumentPage.objects.bulk_create(
            (
                DocumentPage(
                    document=document,
                    number=numbers[row.number],
                    text=row.text,
                    is_recognized=row.is_recognized,
                )
                for row in rows.defer("search").iterator(chunk_size=BATCH)
            ),
            batch_size=BATCH,
        )
        before += len(origin.pages)


def _record(document: Document, arrangement: Arrangement, action: str, **detail: object) -> None:
    record(
        action=action,
        actor=arrangement.requested_by,
        object_type="document",
        object_id=document.pk,
        case_id=document.case_id,
        detail={"kind": document.kind, "sha256": document.sha256, "arrangement": arrangement.pk, **detail},
    )
