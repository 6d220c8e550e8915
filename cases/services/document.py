"""Taking documents into a case, describing them, and removing them from a draft."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypedDict, Unpack

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Now

from cases.enums import CaseStatus, DocumentKind, DocumentRemoval, DocumentSource, DraftStep, ScanState
from cases.exceptions import GoneError, SubmittedError
from cases.models import Application, Case, Document, DocumentDescription
from cases.rules.documents import (
    CHANGES_DOCUMENTS,
    TAKES_DOCUMENTS,
    other_case_number,
    safe_file_name,
    title_from_name,
)
from cases.services.draft import touch
from cases.services.lateness import lateness_now
from cases.services.page import promise_reading
from cases.services.scan import promise_scan, scan_at_once
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, storage
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


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A file that may be taken in."""

    name: str
    stored: storage.StoredFile
    facts: PdfFacts
    scan: ScanState


# What a new version takes over from the one that it replaces.
INHERITED: Final = (
    "kind", "source", "title", "author", "dated_on",
    "lateness", "late_decision", "late_reason", "late_decided_at", "late_decided_by",
)  # fmt: skip


_BECAME: Final = {
    DocumentRemoval.REPLACED.value: "replaced by a newer version",
    DocumentRemoval.DIVIDED.value: "divided into several",
    DocumentRemoval.JOINED.value: "joined with others",
}


class Described(TypedDict, total=False):
    """What the sender says of a file; `is_name_confirmed`: it belongs here although its name speaks of another case."""

    kind: str
    source: str
    title: str
    author: str
    dated_on: date | None
    is_name_confirmed: bool


def add_document(
    *, case_id: int, actor: User, file: "File[Any]", name: str, **described: Unpack[Described]
) -> AddedDocument:
    """`take_in` for a file as a request brings it."""
    with on_disk(file) as path:
        return take_in(case_id=case_id, actor=actor, path=path, name=name, **described)


def take_in(*, case_id: int, actor: User, path: Path, name: str, **described: Unpack[Described]) -> AddedDocument:
    """The file at `path` is on record in the case, its bytes in the private store under their SHA-256.

    The file is checked first (`imr.core.pdf_intake`). Raises `RefusedFileError` (400, 413) when it may not be
    taken in, `OtherCaseNamedError` when its name holds another case's number, `DomainError` over the quota of files
    and bytes a case, `ConflictError` when the case takes no documents any more, and `UnavailableError` when the
    disk refuses. In all of these nothing is kept.
    """
    case = Case.objects.get(pk=case_id)
    refuse_late(case)
    file = examine(case, actor, path, name, is_name_confirmed=described.get("is_name_confirmed", False))
    return register(
        case_id=case_id,
        actor=actor,
        file=file,
        fields={
            "kind": DocumentKind(described.get("kind", DocumentKind.OTHER)),
            "source": DocumentSource(described.get("source", DocumentSource.CLAIMS_ADMINISTRATOR)),
            "title": described.get("title") or title_from_name(file.name),
            "author": described.get("author", ""),
            "dated_on": described.get("dated_on"),
        },
    )


def replace_document(
    *, document_id: int, actor: User, file: "File[Any]", name: str, is_name_confirmed: bool = False
) -> AddedDocument:
    """The document has a new version, which is described as the old one was; the old one stays readable.

    A reviewer has to look at the new version, whatever mark the old one had. Raises as `take_in`, and `GoneError`
    when the document was replaced or removed meanwhile, `ConflictError` after the signature and when the case has the
    same bytes already.
    """
    old = Document.objects.select_related("case").get(pk=document_id)
    with on_disk(file) as path:
        examined = examine(old.case, actor, path, name, is_name_confirmed=is_name_confirmed)
    described = {name: getattr(old, name) for name in INHERITED}
    added = register(case_id=old.case_id, actor=actor, file=examined, fields=described, replaces_id=old.pk)
    if not added.is_new:
        raise ConflictError(f"This file is already on file as “{added.document.title}”.", code="already_on_file")
    return added


def examine(case: Case, actor: User | None, path: Path, name: str, *, is_name_confirmed: bool) -> ExaminedFile:
    """What is known of the file after all checks, its bytes in the store; raises as `take_in`."""
    shown_name = safe_file_name(name)
    refuse_other_case(case, shown_name, is_confirmed=is_name_confirmed)
    facts = inspect_pdf(path)
    scan = scan_at_once(case_id=case.pk, actor=actor, path=path)
    with path.open("rb") as handle:
        stored = storage.store(storage.chunks_of(handle))
    return ExaminedFile(shown_name, stored, facts, scan)


def refuse_other_case(case: Case, name: str, *, is_confirmed: bool) -> None:
    """Raise `OtherCaseNamedError` when the file's name speaks of another case and nobody said that it is right."""
    other = other_case_number(name, case.number)
    if other and not is_confirmed:
        words = (
            f"The file name speaks of case {other}. Check that the file belongs here; then tick the box and try again."
        )
        raise OtherCaseNamedError(words, fields={"is_name_confirmed": [words]})


def refuse_over_quota(case: Case, size: int, *, files: int = 0, size_arriving: int = 0) -> None:
    """Raise `DomainError` when a file of `size` bytes is too much for the case; `files` and `size_arriving` are on
    their way to it already. Call it under the case's lock."""
    held = Document.objects.filter(case=case, removed_at__isnull=True).aggregate(files=Count("pk"), bytes=Sum("size"))
    used = (held["bytes"] or 0) + size_arriving
    if held["files"] + files >= settings.IMR_MAX_CASE_FILES:
        raise DomainError(
            f"A case holds at most {settings.IMR_MAX_CASE_FILES} files, and this one is full.", code="too_many_files"
        )
    if used + size > settings.IMR_MAX_CASE_BYTES:
        raise DomainError(
            f"A case holds at most {file_size(settings.IMR_MAX_CASE_BYTES)}; {file_size(used)} are used and this "
            f"file has {file_size(size)}.",
            code="quota",
        )


@transaction.atomic
def describe_document(
    *, document_id: int, actor: User, kind: str, title: str, author: str, dated_on: date | None, source: str = ""
) -> Document:
    """The document has this kind, title, author and date; `source`, where it is given, is who sent it.

    After the submission what it was said to be before stays on record. Raises `GoneError`, and `ConflictError` after
    the signature: then the letter has it as it was.
    """
    document = _lock_document(document_id)
    refuse_change(document.case)
    said = {
        "kind": DocumentKind(kind).value,
        "source": DocumentSource(source or document.source).value,
        "title": title,
        "author": author,
        "dated_on": dated_on,
    }
    former = {name: getattr(document, name) for name in said}
    if not document.case.is_draft and former != said:
        DocumentDescription.objects.create(document=document, changed_by=actor, **former)
    for name, value in said.items():
        setattr(document, name, value)
    document.save(update_fields=list(said))
    note_in_draft(document.case)
    _record(document, actor, "document.describe", changed=sorted(name for name in said if former[name] != said[name]))
    return document


@transaction.atomic
def remove_document(*, document_id: int, actor: User) -> Document:
    """The document no longer belongs to the draft; its row stays. Raises `SubmittedError` after submission."""
    document = _lock_document(document_id)
    if not document.case.is_draft:
        raise SubmittedError("A document that was submitted cannot be removed.")
    Document.objects.filter(pk=document.pk).update(
        removed_at=Now(), removed_by=actor, removal=DocumentRemoval.WITHDRAWN
    )
    document.refresh_from_db()
    note_in_draft(document.case)
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
def register(
    *, case_id: int, actor: User | None, file: ExaminedFile, fields: dict[str, Any], replaces_id: int | None = None
) -> AddedDocument:
    """The examined file is a document with these `fields`, under the case's lock. Raises as `take_in`."""
    case = lock_case(case_id)
    refuse_late(case)
    old = None
    if replaces_id is not None:
        refuse_change(case)
        old = still_current(replaces_id)
    else:
        fields |= {"lateness": lateness_now(case, fields["kind"], received_at=fields.get("received_at")) or ""}
    stored, facts = file.stored, file.facts
    same = Document.objects.filter(case=case, removed_at__isnull=True, sha256=stored.sha256).first()
    if same is not None:
        return AddedDocument(same, is_new=False)
    refuse_over_quota(case, stored.size, files=-1 if old else 0, size_arriving=-old.size if old else 0)
    document = Document.objects.create(
        case=case,
        uploaded_by=actor,
        original_name=file.name,
        sha256=stored.sha256,
        size=stored.size,
        page_count=facts.page_count,
        text_page_count=facts.text_page_count,
        is_restricted=facts.is_restricted,
        scan=file.scan,
        scanned_at=clock.now() if file.scan == ScanState.CLEAN else None,
        **fields,
    )
    if old is not None:
        Document.objects.filter(pk=old.pk).update(
            removed_at=Now(), removed_by=actor, removal=DocumentRemoval.REPLACED, replaced_by=document
        )
        _record(old, actor, "document.replace", new=document.pk)
    if document.scan == ScanState.WAITING:
        promise_scan(document=document)
    else:
        promise_reading(document=document)
    note_in_draft(case)
    _record(document, actor, "document.upload", size=document.size, pages=document.page_count, late=document.lateness)
    return AddedDocument(document, is_new=True)


def why_not_changed(case: Case) -> str:
    """Why documents of the case can no longer be described, removed or replaced; empty while they can."""
    if CaseStatus(case.status) in CHANGES_DOCUMENTS:
        return ""
    return f"Documents can no longer be changed: the case is “{CaseStatus(case.status).label}”."


def refuse_change(case: Case) -> None:
    """Raise `ConflictError` when documents of the case can no longer be described, removed or replaced."""
    if words := why_not_changed(case):
        raise ConflictError(words, code="documents_closed")


def refuse_late(case: Case) -> None:
    """Raise `ConflictError` when the case takes no documents any more."""
    if CaseStatus(case.status) not in TAKES_DOCUMENTS:
        raise ConflictError(
            f"Documents can no longer be added: the case is “{CaseStatus(case.status).label}”.",
            code="documents_closed",
        )


def _lock_document(document_id: int) -> Document:
    case_id = Document.objects.values_list("case_id", flat=True).get(pk=document_id)
    case = lock_case(case_id)
    document = still_current(document_id)
    document.case = case
    return document


def still_current(document_id: int) -> Document:
    """The document; raises `GoneError` when it no longer counts. Call it under the case's lock."""
    document = Document.objects.get(pk=document_id)
    if document.removed_at is not None:
        raise GoneError(f"This document was {_BECAME.get(document.removal, 'removed')} meanwhile.")
    return document


def note_in_draft(case: Case) -> None:
    """Whoever is about to submit the draft sees that its documents have changed."""
    if case.is_draft:
        application = Application.objects.get(case=case)
        touch(application, DraftStep.DOCUMENTS.value, is_done=True)
        application.save(update_fields=["steps", "version", "saved_at"])


@contextmanager
def on_disk(file: "File[Any]") -> Iterator[Path]:
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


def _link(document: Document) -> dict[str, int]:
    """The one-time link through which it came, where nobody with an account sent it."""
    return {} if document.upload_link_id is None else {"link": document.upload_link_id}


def _record(document: Document, actor: User | None, action: str, **detail: Any) -> None:
    record(
        action=action,
        actor=actor,
        object_type="document",
        object_id=document.pk,
        case_id=document.case_id,
        detail={"kind": document.kind, "sha256": document.sha256, **_link(document), **detail},
    )
