"""Taking uploaded files in, with an answer in words for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import JsonResponse
from django.urls import reverse

from cases.enums import DocumentSource, Lateness, ScanState
from cases.forms.filing_items import UploadForm
from cases.models import Document
from cases.rules.documents import HELD_BACK
from cases.selectors.upload import unfinished_uploads
from cases.services.document import AddedDocument, Described, add_document
from imr.accounts.permissions import AuthenticatedRequest
from imr.core import ocr
from imr.core.errors import DomainError
from imr.core.pdf_intake import MAX_BYTES, REFUSALS
from imr.core.uploads import oversized_files

# Files of this size and more go up in pieces, so that a lost connection costs little.
RESUMABLE_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one uploaded file, in a sentence."""

    name: str
    words: str
    is_on_file: bool
    is_new: bool = True
    status: int = 200
    code: str = ""


def take_files(request: AuthenticatedRequest, case_id: int, form: UploadForm) -> list[Answer]:
    """Put every file of the request on record in the case, and say what became of each.

    One file that is refused does not hold up the others; those that were too large were never read.
    """
    too_large = [Answer(name, REFUSALS["too_large"], is_on_file=False, status=413) for name in oversized_files(request)]
    if form.is_valid():
        return too_large + [_take(request, case_id, file, form.cleaned_data) for file in form.cleaned_data["file"]]
    if too_large:
        form.errors.pop("file", None)
    return too_large


def put_on_file(name: str, add: Callable[[], AddedDocument]) -> Answer:
    """What became of the file that `add` takes in."""
    try:
        added = add()
    except DomainError as error:
        return Answer(name, error.message, is_on_file=False, status=error.status, code=error.code)
    if not added.is_new:
        return Answer(name, f"This file is already on file as “{added.document.title}”.", is_on_file=True, is_new=False)
    return Answer(name, _noted(added.document), is_on_file=True)


def described_by(request: AuthenticatedRequest, cleaned: Mapping[str, Any]) -> Described:
    """What a form says of its files; without a question for it, they are from the person's own side."""
    source = DocumentSource.CLAIMS_ADMINISTRATOR if request.user.is_claims else DocumentSource.IMR_ORGANIZATION
    return {
        "kind": cleaned["kind"],
        "source": cleaned.get("source") or source,
        "title": cleaned.get("title", ""),
        "author": cleaned.get("author", ""),
        "dated_on": cleaned.get("dated_on"),
        "is_name_confirmed": cleaned["is_name_confirmed"],
    }


def script_answer(answers: list[Answer], form: forms.Form, shown: str) -> JsonResponse:
    """The answer for `upload.js`, which sends one file at a time: words for the file's line, and `shown`, the list of
    the documents as it is now."""
    refused = next((answer for answer in answers if not answer.is_on_file), None)
    if not answers:
        words = " ".join(str(message) for lines in form.errors.values() for message in lines)
        return JsonResponse({"ok": False, "code": "form", "message": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    answer = refused or answers[0]
    body = {"ok": answer.is_on_file, "code": answer.code, "message": answer.words, "list": shown}
    return JsonResponse(body, status=answer.status)


def wants_json(request: AuthenticatedRequest) -> bool:
    """Whether a script of ours asks, which reads JSON."""
    return request.headers.get("Accept") == "application/json"


def upload_context(request: AuthenticatedRequest, case_id: int) -> dict[str, Any]:
    """What a page with a place for files needs besides its form."""
    return {
        "max_bytes": MAX_BYTES,
        "resumable_bytes": RESUMABLE_BYTES,
        "upload_url": reverse("cases:upload-begin", args=[case_id]),
        "unfinished": unfinished_uploads(case_id=case_id, user=request.user),
    }


def _take(request: AuthenticatedRequest, case_id: int, file: "UploadedFile[Any]", cleaned: dict[str, Any]) -> Answer:
    name = file.name or "document.pdf"
    described = described_by(request, cleaned)
    return put_on_file(
        name, lambda: add_document(case_id=case_id, actor=request.user, file=file, name=name, **described)
    )


def _noted(document: Document) -> str:
    pages = f"{document.page_count:,} page" + ("" if document.page_count == 1 else "s")
    words = f"Uploaded, {pages}."
    if document.text_page_count == 0:
        words += " No page holds text: it is a scan, and "
        words += "its text is being read." if ocr.is_available() else "nobody will be able to search it."
    elif document.text_page_count < document.page_count:
        words += f" {document.text_page_count:,} of them hold text; the others are scans."
    if document.scan == ScanState.WAITING:
        words += " It is being checked for viruses and cannot be opened until that is done."
    if document.lateness in HELD_BACK:
        words += f" {Lateness(document.lateness).label}: the IMR organization decides what becomes of it."
    if document.is_restricted:
        words += " Its owner restricted printing or copying; it is kept as it is."
    return words
