"""The documents of an application: upload, description, removal, and what is still needed."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from cases.enums import DocumentKind, DocumentSource, DraftStep, SignerKind
from cases.forms.filing_items import DocumentForm, UploadForm
from cases.models import Document
from cases.rules.application import Severity
from cases.selectors.draft import Draft, draft_findings, read_draft
from cases.services.document import OtherCaseNamedError, add_document, describe_document, remove_document
from cases.views.filing_shared import on_draft, place_of, record_view
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import DomainError
from imr.core.pdf_intake import MAX_BYTES, REFUSALS
from imr.core.uploads import oversized_files, takes_uploads


@dataclass(frozen=True, slots=True)
class Needed:
    """A line of the checklist."""

    kind: DocumentKind
    is_there: bool
    is_required: bool
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one uploaded file, in a sentence."""

    name: str
    words: str
    is_on_file: bool
    status: int = 200
    code: str = ""


@require_http_methods(["GET", "POST"])
@takes_uploads
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def documents(request: AuthenticatedRequest, draft: Draft) -> HttpResponseBase:
    """The files on record and a form for more. A script that sends one file at a time gets JSON."""
    if request.method == "GET":
        record_view(request, draft, step=DraftStep.DOCUMENTS.value)
        return render(request, "cases/filing/documents.html", _context(draft, UploadForm()))
    form = UploadForm(request.POST, request.FILES)
    answers = _answers(request, draft.case.pk, form)
    draft = read_draft(draft.case)
    if request.headers.get("Accept") == "application/json":
        return _for_script(request, draft, form, answers)
    for answer in answers:
        if answer.is_on_file:
            messages.success(request, f"{answer.name}: {answer.words}")
        else:
            form.add_error("file", f"{answer.name}: {answer.words}")
    if not form.errors:
        return redirect("cases:filing-documents", case_id=draft.case.pk)
    if any(answer.code == OtherCaseNamedError.code for answer in answers):
        form.fields["is_name_confirmed"].widget = forms.CheckboxInput()
    status = max((answer.status for answer in answers), default=HTTPStatus.OK)
    if status <= HTTPStatus.BAD_REQUEST:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "cases/filing/documents.html", _context(draft, form), status=status)


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def document(request: AuthenticatedRequest, draft: Draft, document_id: int) -> HttpResponseBase:
    """What the document is: kind, title, author, date."""
    found = _document(draft, document_id)
    form = DocumentForm(request.POST if request.method == "POST" else None, document=found)
    if form.is_valid():
        describe_document(document_id=found.pk, actor=request.user, **form.cleaned_data)
        return redirect("cases:filing-documents", case_id=draft.case.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"draft": draft, "document": found, "form": form}
    return render(request, "cases/filing/document.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Action.DOCUMENT_REMOVE)
@on_draft
def document_remove(request: AuthenticatedRequest, draft: Draft, document_id: int) -> HttpResponseBase:
    """Take a document out of the draft, after a question."""
    found = _document(draft, document_id)
    if request.method == "POST":
        remove_document(document_id=found.pk, actor=request.user)
        messages.success(request, f"“{found.title}” was removed.")
        return redirect("cases:filing-documents", case_id=draft.case.pk)
    return render(request, "cases/filing/document_remove.html", {"draft": draft, "document": found})


def _document(draft: Draft, document_id: int) -> Document:
    for row in draft.documents:
        if row.pk == document_id:
            return row
    raise Http404


def _answers(request: AuthenticatedRequest, case_id: int, form: UploadForm) -> list[Answer]:
    """What became of each file of the request."""
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
            source=source,
            is_name_confirmed=cleaned["is_name_confirmed"],
        )
    except DomainError as error:
        return Answer(name, error.message, is_on_file=False, status=error.status, code=error.code)
    if not added.is_new:
        return Answer(name, f"This file is already on file as “{added.document.title}”.", is_on_file=True)
    return Answer(name, _noted(added.document), is_on_file=True)


def _noted(document: Document) -> str:
    pages = f"{document.page_count:,} page" + ("" if document.page_count == 1 else "s")
    words = f"Uploaded, {pages}."
    if document.text_page_count == 0:
        words += " No page holds text: it is a scan, and nobody will be able to search it."
    if document.is_restricted:
        words += " Its owner restricted printing or copying; it is kept as it is."
    return words


def _for_script(request: AuthenticatedRequest, draft: Draft, form: UploadForm, answers: list[Answer]) -> JsonResponse:
    """The answer for `filing.js`: words for the file's line, and the list as it is now."""
    refused = next((answer for answer in answers if not answer.is_on_file), None)
    if not answers:
        words = " ".join(str(message) for lines in form.errors.values() for message in lines)
        return JsonResponse({"ok": False, "code": "form", "message": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    answer = refused or answers[0]
    return JsonResponse(
        {
            "ok": answer.is_on_file,
            "code": answer.code,
            "message": answer.words,
            "list": render_to_string("cases/filing/_documents.html", _context(draft, form), request=request),
        },
        status=answer.status,
    )


def _context(draft: Draft, form: UploadForm) -> dict[str, Any]:
    kinds = {row.kind for row in draft.documents}
    application = draft.application
    wants = [
        (DocumentKind.UR_DECISION, True, "Without it the application is found ineligible (INE-UR)."),
        (DocumentKind.SIGNED_FORM, True, "Without a signature the application is found ineligible (INE-SIG)."),
    ]
    if application.has_designee or application.signer == SignerKind.DESIGNEE:
        wants.append((DocumentKind.REPRESENTATION, False, "Shows that the representative may act (INE-PARTY)."))
    if application.has_threat_certification or application.review_type == "expedited":
        wants.append((DocumentKind.EXPEDITED_CERTIFICATION, False, "For an expedited review."))
    findings = draft_findings(draft, today=clock.today())
    return {
        "draft": draft,
        "form": form,
        **place_of(DraftStep.DOCUMENTS),
        "needed": [Needed(kind, kind in kinds, is_required, why) for kind, is_required, why in wants],
        "is_ready": not any(one.step == DraftStep.DOCUMENTS and one.severity == Severity.CONFIRM for one in findings),
        "total_size": sum(row.size for row in draft.documents),
        "total_pages": sum(row.page_count for row in draft.documents),
        "max_bytes": MAX_BYTES,
    }
