"""Taking documents into a case, describing them, and removing them from a draft."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Now

from cases.enums import CaseStatus, DocumentKind, DocumentSource, DraftStep
from cases.exceptions import GoneError, SubmittedError
from cases.models import Application, Case, Document
from cases.rules.documents import (
    MAX_FILES,
    MAX_TOTAL_BYTES,
    TAKES_DOCUMENTS,
    other_case_number,
    safe_file_name,
    title_from_name,
)
from cases.services.draft import touch
from cases.services.page import promise_reading
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import storage
from imr.core.errors import ConflictError, DomainError
from imr.core.pdf_intake import PdfFacts, inspect_pdf
from imr.core.words import file_size


class OtherCaseNamedError(DomainError):
    """The file's name speaks of another case; `is_name_confirmed` takes it all the same."""

    code = "names_other_case"


@dataclass(frozen=True, slots=True)
class AddedDocument:
    """`is_new` is false when the same bytes were on file already; `document` is then the earlier one."""

    document: Document
    is_new: bool


def add_document(
    *,
    case_id: int,
    actor: User,
    file: "File[Any]",
    name: str,
    kind: str = DocumentKind.OTHER,
    source: str = DocumentSource.CLAIMS_ADMINISTRATOR,
    title: str = "",
    author: str = "",
    dated_on: date | None = None,
    is_name_confirmed: bool = False,
) -> AddedDocument:
    """The file is on record in the case, its bytes in the private store under their SHA-256.

    The file is checked first (`imr.core.pdf_intake`). Raises `RefusedFileError` (400, 413) when it may not be
    taken in, `OtherCaseNamedError` when its name holds another case's number, `DomainError` over the quota of 200
    files or 2 GB a case, `ConflictError` when the case takes no documents any more, and `UnavailableError` when the
    disk refuses. In all of these nothing is kept.
    """
    case = Case.objects.get(pk=case_id)
    _refuse_late(case)
    shown_name = safe_file_name(name)
    other = other_case_number(shown_name, case.number)
    if other and not is_name_confirmed:
        words = (
            f"The file name speaks of case {other}. Check that the file belongs here; then tick the box and try again."
        )
        raise OtherCaseNamedError(words, fields={"is_name_confirmed": [words]})
    with _on_disk(file) as path:
        facts = inspect_pdf(path)
        with path.open("rb") as handle:
            stored = storage.store(storage.chunks_of(handle))
    return _register(
        case_id=case_id,
        actor=actor,
        stored=stored,
        facts=facts,
        fields={
            "original_name": shown_name,
            "kind": DocumentKind(kind),
            "source": DocumentSource(source),
            "title": title or title_from_name(shown_name),
            "author": author,
            "dated_on": dated_on,
        },
    )


@transaction.atomic
def describe_document(
    *, document_id: int, actor: User, kind: str, title: str, author: str, dated_on: date | None
) -> Document:
    """The document has this kind, title, author and date. Raises `GoneError` and `ConflictError`."""
    document = _lock_document(document_id)
    _refuse_late(document.case)
    document.kind = DocumentKind(kind)
    document.title, document.author, document.dated_on = title, author, dated_on
    document.save(update_fields=["kind", "title", "author", "dated_on"])
    _note_in_draft(document.case)
    _record(document, actor, "document.describe")
    return document


@transaction.atomic
def remove_document(*, document_id: int, actor: User) -> Document:
    """The document no longer belongs to the draft; its row stays. Raises `SubmittedError` after submission."""
    document = _lock_document(document_id)
    if not document.case.is_draft:
        raise SubmittedError("A document that was submitted cannot be removed.")
    Document.objects.filter(pk=document.pk).update(removed_at=Now(), removed_by=actor)
    document.refresh_from_db()
    _note_in_draft(document.case)
    _record(document, actor, "document.remove")
    return document


def join_documents(*, case: Case, into: Case) -> int:
    """Every document of `case` is on file in `into` as well; how many were not before. Both cases are locked.

    The bytes are not copied, and a document that `into` has already is not taken twice.
    """
    present = set(Document.objects.filter(case=into, removed_at__isnull=True).values_list("sha256", flat=True))
    joined = 0
    for values in Document.objects.filter(case=case, removed_at__isnull=True).exclude(sha256__in=present).values():
        promise_reading(document=Document.objects.create(**{**values, "id": None, "case_id": into.pk}))
        joined += 1
    return joined


@transaction.atomic
def _register(
    *, case_id: int, actor: User, stored: storage.StoredFile, facts: PdfFacts, fields: dict[str, Any]
) -> AddedDocument:
    case = lock_case(case_id)
    _refuse_late(case)
    present = Document.objects.filter(case=case, removed_at__isnull=True)
    same = present.filter(sha256=stored.sha256).first()
    if same is not None:
        return AddedDocument(same, is_new=False)
    held = present.aggregate(files=Count("pk"), bytes=Sum("size"))
    if held["files"] >= MAX_FILES:
        raise DomainError(f"A case holds at most {MAX_FILES} files, and this one is full.", code="too_many_files")
    if (held["bytes"] or 0) + stored.size > MAX_TOTAL_BYTES:
        raise DomainError(
            f"A case holds at most {file_size(MAX_TOTAL_BYTES)}; {file_size(held['bytes'] or 0)} are used and this "
            f"file has {file_size(stored.size)}.",
            code="quota",
        )
    document = Document.objects.create(
        case=case,
        uploaded_by=actor,
        sha256=stored.sha256,
        size=stored.size,
        page_count=facts.page_count,
        text_page_count=facts.text_page_count,
        is_restricted=facts.is_restricted,
        **fields,
    )
    promise_reading(document=document)
    _note_in_draft(case)
    _record(document, actor, "document.upload", size=document.size, pages=document.page_count)
    return AddedDocument(document, is_new=True)


def _refuse_late(case: Case) -> None:
    if CaseStatus(case.status) not in TAKES_DOCUMENTS:
        raise ConflictError(
            f"Documents can no longer be added or changed: the case is “{CaseStatus(case.status).label}”.",
            code="documents_closed",
        )


def _lock_document(document_id: int) -> Document:
    case_id = Document.objects.values_list("case_id", flat=True).get(pk=document_id)
    case = lock_case(case_id)
    document = Document.objects.get(pk=document_id)
    if document.removed_at is not None:
        raise GoneError("This document was removed meanwhile.")
    document.case = case
    return document


def _note_in_draft(case: Case) -> None:
    """Whoever is about to submit the draft sees that its documents have changed."""
    if case.is_draft:
        application = Application.objects.get(case=case)
        touch(application, DraftStep.DOCUMENTS.value, is_done=True)
        application.save(update_fields=["steps", "version", "saved_at"])


@contextmanager
def _on_disk(file: "File[Any]") -> Iterator[Path]:
    """The uploaded bytes as a file with a path; large uploads lie on disk already."""
    temporary_path = getattr(file, "temporary_file_path", None)
    if temporary_path is not None:
        yield Path(temporary_path())
        return
    with tempfile.NamedTemporaryFile(prefix="imr-upload-") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _record(document: Document, actor: User, action: str, **detail: Any) -> None:
    record(
        action=action,
        actor=actor,
        object_type="document",
        object_id=document.pk,
        case_id=document.case_id,
        detail={"kind": document.kind, "sha256": document.sha256, **detail},
    )
