"""Taking uploaded files in, with an answer in words for each."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from cases.enums import DocumentSource
from cases.forms.filing_items import UploadForm
from cases.models import Document
from cases.services.document import add_document
from imr.accounts.permissions import AuthenticatedRequest
from imr.core.errors import DomainError
from imr.core.pdf_intake import REFUSALS
from imr.core.uploads import oversized_files


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


def _take(request: AuthenticatedRequest, case_id: int, file: "UploadedFile[Any]", cleaned: dict[str, Any]) -> Answer:
    name = file.name or "document.pdf"
    source = DocumentSource.CLAIMS_ADMINISTRATOR if request.user.is_claims else DocumentSource.IMR_ORGANIZATION
    try:
        added = add_document(
            case_id=case_id,
            actor=request.user,
            file=file,
            name=name,
            kind=cleaned["kind"],
            source=cleaned.get("source") or source,
            title=cleaned.get("title", ""),
            author=cleaned.get("author", ""),
            dated_on=cleaned.get("dated_on"),
            is_name_confirmed=cleaned["is_name_confirmed"],
        )
    except DomainError as error:
        return Answer(name, error.message, is_on_file=False, status=error.status, code=error.code)
    if not added.is_new:
        return Answer(name, f"This file is already on file as “{added.document.title}”.", is_on_file=True, is_new=False)
    return Answer(name, _noted(added.document), is_on_file=True)


def _noted(document: Document) -> str:
    pages = f"{document.page_count:,} page" + ("" if document.page_count == 1 else "s")
    words = f"Uploaded, {pages}."
    if document.text_page_count == 0:
        words += " No page holds text: it is a scan, and nobody will be able to search it."
    if document.is_restricted:
        words += " Its owner restricted printing or copying; it is kept as it is."
    return words
