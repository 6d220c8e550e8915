"""The print pack of a review: asked for by its reviewer, made by a worker, each download on record."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string

from cases.services.rendering import render_paper
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, pdf, storage
from imr.core.errors import ConflictError
from imr.core.jobs import JobCanceledError, confirm_lease, enqueue
from reviews.enums import AssignmentStatus
from reviews.models import Assignment, PrintPack
from reviews.selectors.candidates import bars_of
from reviews.selectors.print_pack import pack_content
from reviews.services.review_lock import lock_review

PRINT_PACK = "reviews.make_print_pack"
WATERMARK = "Confidential – destroy after review"


@transaction.atomic
def request_pack(*, assignment_id: int, actor: User) -> PrintPack:
    """A pack of the case as it is now is promised; one that is still being made is returned instead.

    Raises `ConflictError` (409) when the case is not, or no longer, with this reviewer.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    waiting = PrintPack.objects.filter(assignment=review.assignment, made_at__isnull=True, problem="").first()
    if waiting is not None:
        return waiting
    pack = PrintPack.objects.create(assignment=review.assignment, requested_by=actor)
    enqueue(PRINT_PACK, unique_key=f"print-pack:{pack.pk}", pack_id=pack.pk)
    _record("print_pack.request", actor, pack)
    return pack


def make_pack(*, pack_id: int) -> PrintPack:
    """The pack's PDF is stored, once; a second call changes nothing.

    A text that no font can print is kept as the problem, in words for the reviewer. Raises `JobCanceledError` when the
    case is no longer with the reviewer.
    """
    pack = PrintPack.objects.select_related("assignment__case").get(pk=pack_id)
    if pack.made_at is not None or pack.problem:
        return pack
    if pack.assignment.status != AssignmentStatus.ACCEPTED or bars_of(pack.assignment):
        _close(pack, "The case is no longer with you.")
        raise JobCanceledError("The assignment has ended.")
    try:
        made = render_paper(_page(pack.assignment), style_sheet="print_pack.css")
    except pdf.RenderError as error:
        return _close(pack, f"The pack could not be printed: {error}"[:300])
    stored = storage.store_bytes(made.data)
    with transaction.atomic():
        confirm_lease()
        changed = PrintPack.objects.filter(pk=pack.pk, made_at__isnull=True, problem="").update(
            pdf_sha256=stored.sha256, pdf_size=stored.size, page_count=made.page_count, made_at=Now()
        )
        if changed:
            _record("print_pack.make", None, pack, sha256=stored.sha256, pages=made.page_count)
    pack.refresh_from_db()
    return pack


def record_pack_download(*, pack: PrintPack, actor: User) -> None:
    """It is on record that `actor` took the pack away."""
    if pack.made_at is None:
        raise ConflictError("The pack is still being made.")
    _record("print_pack.download", actor, pack, sha256=pack.pdf_sha256)


def _page(assignment: Assignment) -> str:
    context = {
        "pack": pack_content(assignment),
        "made_at": clock.now(),
        "watermark": WATERMARK,
        "organization_name": settings.IMR_ORGANIZATION_NAME,
    }
    return render_to_string("letters/print_pack.html", context)


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
