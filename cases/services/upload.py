"""Uploads that arrive in pieces and can go on after a lost connection; whole, they are taken in like any other file."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final, Unpack

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from cases.enums import DocumentKind, DocumentSource
from cases.exceptions import GoneError
from cases.models import Document, Upload
from cases.rules.documents import safe_file_name
from cases.selectors.upload import open_uploads
from cases.services.document import (
    AddedDocument,
    Described,
    refuse_late,
    refuse_other_case,
    refuse_over_quota,
    take_in,
)
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import arriving, clock, storage
from imr.core.arriving import Checksum
from imr.core.errors import ConflictError, DomainError, UnavailableError
from imr.core.pdf_intake import MAX_BYTES, RefusedFileError, refused_file
from imr.core.words import file_size

# Left free on the disk, so that uploads alone cannot fill it.
RESERVE_BYTES: Final = 256 * 1024 * 1024


class IncompleteUploadError(ConflictError):
    """Not all of the file has arrived yet (HTTP 409)."""

    code = "upload_incomplete"


@transaction.atomic
def begin_upload(
    *, case_id: int, actor: User, name: str, size: int, modified: int = 0, **described: Unpack[Described]
) -> Upload:
    """A place for a file of `size` bytes, which belongs to the case from now on and expires when nothing comes.

    Refuses what is known to be wrong before anything is sent: raises `RefusedFileError` for a size that is not taken,
    `OtherCaseNamedError`, `DomainError` over the quota of the case or of the person, `ConflictError` when the case
    takes no documents, `UnavailableError` when the disk is nearly full.
    """
    if size <= 0:
        raise refused_file("empty")
    if size > MAX_BYTES:
        raise refused_file("too_large")
    case = lock_case(case_id)
    refuse_late(case)
    shown_name = safe_file_name(name)
    refuse_other_case(case, shown_name, is_confirmed=described.get("is_name_confirmed", False))
    coming = _sum(open_uploads().filter(case=case))
    refuse_over_quota(case, size, files=coming["files"], size_arriving=coming["bytes"])
    _refuse_over_open(actor, size)
    # While it is taken in, the file is on the disk twice.
    if storage.free_bytes() < 2 * size + RESERVE_BYTES:
        raise UnavailableError(
            "There is no room for the file just now. Nothing was kept; please try again later.",
            code="storage_unavailable",
        )
    upload = Upload.objects.create(
        case=case,
        uploaded_by=actor,
        name=shown_name,
        size=size,
        modified=modified,
        kind=DocumentKind(described.get("kind", DocumentKind.OTHER)),
        source=DocumentSource(described.get("source", DocumentSource.CLAIMS_ADMINISTRATOR)),
        title=described.get("title", ""),
        author=described.get("author", ""),
        dated_on=described.get("dated_on"),
        is_name_confirmed=described.get("is_name_confirmed", False),
        expires_at=clock.now() + settings.IMR_UPLOAD_EXPIRES,
    )
    _record(upload, actor, "upload.begin", size=size)
    return upload


def receive_piece(*, upload: Upload, offset: int, chunks: Iterable[bytes], checksum: Checksum | None = None) -> int:
    """What came of the piece is on disk; returns how many bytes have arrived. The upload expires later.

    No transaction is open while the bytes come, however slow the line. Raises as `imr.core.arriving.append`, and
    `GoneError` for an upload that has ended.
    """
    if upload.document_id is not None or upload.refusal:
        raise GoneError("This upload has ended.")
    arrived = arriving.append(upload.token, chunks, offset=offset, size=upload.size, checksum=checksum)
    upload.expires_at = clock.now() + settings.IMR_UPLOAD_EXPIRES
    Upload.objects.filter(pk=upload.pk).update(expires_at=upload.expires_at)
    return arrived


def finish_upload(*, upload: Upload, actor: User, is_name_confirmed: bool = False) -> AddedDocument:
    """The file, all of which has arrived, is on record as a document; a second call gives the same answer.

    Raises as `take_in`, in the same words when it is called again after a refusal. Refused bytes are destroyed; after
    any other error they stay, so that the person can try again. Raises `IncompleteUploadError` before all has arrived.
    """
    known = _known_end(upload)
    if known is not None:
        return known
    if arriving.received(upload.token) < upload.size:
        raise IncompleteUploadError("Not all of the file has arrived yet. Choose the same file again to go on.")
    with arriving.whole(upload.token) as path:
        upload.refresh_from_db()
        known = _known_end(upload)
        if known is not None:
            return known
        try:
            added = take_in(
                case_id=upload.case_id,
                actor=actor,
                path=path,
                name=upload.name,
                kind=upload.kind,
                source=upload.source,
                title=upload.title,
                author=upload.author,
                dated_on=upload.dated_on,
                is_name_confirmed=is_name_confirmed or upload.is_name_confirmed,
            )
        except RefusedFileError as error:
            Upload.objects.filter(pk=upload.pk).update(refusal=error.code, refusal_words=error.message)
            _record(upload, actor, "upload.refuse", code=error.code)
            arriving.drop(upload.token)
            raise
        Upload.objects.filter(pk=upload.pk).update(document=added.document)
        arriving.drop(upload.token)
    return added


def drop_upload(*, upload: Upload, actor: User | None) -> None:
    """Nothing of the upload is kept; a document that was made of it stays."""
    is_open = upload.document_id is None and not upload.refusal
    with transaction.atomic():
        if is_open:
            _record(upload, actor, "upload.drop" if actor else "upload.expire", size=arriving.received(upload.token))
        Upload.objects.filter(pk=upload.pk).delete()
    arriving.drop(upload.token)


def drop_expired_uploads() -> int:
    """Uploads to which nothing was added for a day are gone, with their bytes; how many there were.

    So are bytes whose row is gone: a draft that was deleted takes its rows along.
    """
    expired = list(Upload.objects.filter(expires_at__lt=clock.now()).order_by("pk"))
    for upload in expired:
        drop_upload(upload=upload, actor=None)
    orphans = 0
    for token in arriving.tokens(untouched_for=settings.IMR_UPLOAD_EXPIRES + timedelta(hours=1)):
        if not Upload.objects.filter(token=token).exists():
            arriving.drop(token)
            orphans += 1
    return len(expired) + orphans


def _known_end(upload: Upload) -> AddedDocument | None:
    """What became of the upload before; raises its refusal once more."""
    if upload.document_id is not None:
        return AddedDocument(Document.objects.get(pk=upload.document_id), is_new=True)
    if upload.refusal:
        raise RefusedFileError(upload.refusal_words, code=upload.refusal, fields={"file": [upload.refusal_words]})
    return None


def _refuse_over_open(actor: User, size: int) -> None:
    """Raise `DomainError` when this person has too much under way, over all cases."""
    # Two beginnings at once, to two cases, count each other.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
    held = _sum(open_uploads().filter(uploaded_by=actor))
    if held["files"] >= settings.IMR_MAX_OPEN_UPLOADS:
        raise DomainError(
            f"You have {held['files']} uploads that are not finished. Finish or discard some of them first.",
            code="too_many_uploads",
        )
    if held["bytes"] + size > settings.IMR_MAX_OPEN_UPLOAD_BYTES:
        raise DomainError(
            f"Your unfinished uploads may hold {file_size(settings.IMR_MAX_OPEN_UPLOAD_BYTES)} together. Finish or "
            "discard some of them first.",
            code="too_many_uploads",
        )


def _sum(uploads: QuerySet[Upload]) -> dict[str, int]:
    found = uploads.aggregate(files=Count("pk"), bytes=Sum("size"))
    return {"files": found["files"], "bytes": found["bytes"] or 0}


def _record(upload: Upload, actor: User | None, action: str, **detail: Any) -> None:
    record(
        action=action,
        actor=actor,
        object_type="upload",
        object_id=upload.pk,
        case_id=upload.case_id,
        detail={"kind": upload.kind, **detail},
    )
