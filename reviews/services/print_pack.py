"""The print pack of a review: asked for by its reviewer, made by a worker, each download on record."""

import shutil
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from cases.models import Document
from cases.selectors.document import reviewable_documents
from cases.services.package import RESERVE_BYTES
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import pdf, storage
from imr.core.errors import ConflictError, UnavailableError
from imr.core.jobs import JobCanceledError, confirm_lease, enqueue
from imr.core.pdf_binder import BindingError
from reviews.enums import AssignmentStatus
from reviews.models import PrintPack
from reviews.rules.print_pack import MOST_BYTES
from reviews.selectors.candidates import bars_of
from reviews.selectors.print_pack import has_stopped, job_key, packs_of
from reviews.services.print_pack_making import WHOLE, bind_pack
from reviews.services.review_lock import lock_review

PRINT_PACK = "reviews.make_print_pack"
GIVEN_UP = "The work was given up after several tries."


@transaction.atomic
def request_pack(*, assignment_id: int, actor: User) -> PrintPack:
    """A pack of the case as it is now is promised; one that is still being made is returned instead.

    One whose work was given up keeps that as its problem, and a new one is promised.

    Raises `ConflictError` (409) when the case is not, or no longer, with this reviewer.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    waiting = PrintPack.objects.filter(assignment=review.assignment, made_at__isnull=True, problem="").first()
    if waiting is not None and not has_stopped(waiting):
        return waiting
    if waiting is not None:
        _close(waiting, GIVEN_UP)
    _require_room(review.assignment.case_id)
    pack = PrintPack.objects.create(assignment=review.assignment, requested_by=actor)
    enqueue(PRINT_PACK, unique_key=job_key(pack), pack_id=pack.pk)
    _record("print_pack.request", actor, pack)
    return pack


def make_pack(*, pack_id: int) -> PrintPack:
    """The pack's PDF is stored, once: the list, then the records within the cap. A second call changes nothing.

    A record that cannot be put in has the reason in the list. What stands against the whole is kept as the problem, in
    words for the reviewer. An earlier pack of the case is gone then. Raises `JobCanceledError` when the case is no
    longer with the reviewer.
    """
    pack = PrintPack.objects.select_related("assignment__case").get(pk=pack_id)
    if pack.made_at is not None or pack.problem:
        return pack
    if pack.assignment.status != AssignmentStatus.ACCEPTED or bars_of(pack.assignment):
        _close(pack, "The case is no longer with you.")
        raise JobCanceledError("The assignment has ended.")
    folder = _folder_of(pack)
    try:
        pages = bind_pack(assignment=pack.assignment, folder=folder)
        with (folder / WHOLE).open("rb") as handle:
            stored = storage.store(storage.chunks_of(handle))
    except pdf.RenderError as error:
        return _close(pack, f"The pack could not be printed: {error}"[:300])
    except BindingError:
        return _close(pack, "The list and the records could not be joined into one file.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with transaction.atomic():
        confirm_lease()
        changed = PrintPack.objects.filter(pk=pack.pk, made_at__isnull=True, problem="").update(
            pdf_sha256=stored.sha256, pdf_size=stored.size, page_count=pages, made_at=Now()
        )
        if changed:
            _record("print_pack.make", None, pack, sha256=stored.sha256, pages=pages)
            transaction.on_commit(partial(_drop_earlier, pack, stored.sha256))
    pack.refresh_from_db()
    return pack


def record_pack_download(*, pack: PrintPack, actor: User) -> None:
    """It is on record that `actor` took the pack away."""
    if pack.made_at is None:
        raise ConflictError("The pack is still being made.")
    _record("print_pack.download", actor, pack, sha256=pack.pdf_sha256)


def _folder_of(pack: PrintPack) -> Path:
    """Where the parts of the pack lie until it is whole, empty: another try may have died half way."""
    folder = Path(settings.IMR_DOCUMENT_ROOT) / "print-packs" / str(pack.pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def _drop_earlier(pack: PrintPack, sha256: str) -> None:
    """A copy of everything is large; only the latest is kept. That the others were made stays on record."""
    kept = {
        sha256,
        *PrintPack.objects.exclude(assignment=pack.assignment).values_list("pdf_sha256", flat=True),
    }
    earlier = packs_of(pack.assignment).filter(made_at__isnull=False).exclude(pk=pack.pk)
    for gone in set(earlier.values_list("pdf_sha256", flat=True)) - kept:
        if not Document.objects.filter(sha256=gone).exists():
            storage.destroy(gone)


def _require_room(case_id: int) -> None:
    size = sum(reviewable_documents(case_id).values_list("size", flat=True))
    # The parts lie beside the whole until it is stored.
    if storage.free_bytes() < 3 * min(size, MOST_BYTES) + RESERVE_BYTES:
        raise UnavailableError(
            "There is no room for a pack just now. Please try again later, or read the records in the workspace.",
            code="storage_unavailable",
        )


def _close(pack: PrintPack, problem: str) -> PrintPack:
    PrintPack.objects.filter(pk=pack.pk, made_at__isnull=True).update(problem=problem)
    pack.refresh_from_db()
    return pack


def _record(action: str, actor: User | None, pack: PrintPack, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="assignment",
        object_id=pack.assignment_id,
        case_id=pack.assignment.case_id,
        detail={"pack": pack.pk, **detail},
    )
