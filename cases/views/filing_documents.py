"""The documents of an application: upload, description, removal, and what is still needed."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from cases.enums import DocumentKind, DraftStep, SignerKind
from cases.forms.filing_items import DocumentForm, UploadForm
from cases.models import Document
from cases.rules.finding import Severity
from cases.selectors.draft import Draft, draft_findings, read_draft
from cases.services.document import OtherCaseNamedError, describe_document, remove_document
from cases.views.filing_shared import on_draft, place_of, record_view
from cases.views.upload import Answer, script_answer, take_files, upload_context, wants_json
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.uploads import takes_uploads


@dataclass(frozen=True, slots=True)
class Needed:
    """A line of the checklist."""

    kind: DocumentKind
    is_there: bool
    is_required: bool
    why: str


@require_http_methods(["GET", "POST"])
@takes_uploads
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def documents(request: AuthenticatedRequest, draft: Draft) -> HttpResponseBase:
    """The files on record and a form for more. A script that sends one file at a time gets JSON."""
    if request.method == "GET":
        record_view(request, draft, step=DraftStep.DOCUMENTS.value)
        return render(request, "cases/filing/documents.html", _context(request, draft, UploadForm()))
    form = UploadForm(request.POST, request.FILES)
    answers = take_files(request, draft.case.pk, form)
    draft = read_draft(draft.case)
    if wants_json(request):
        return script_answer(answers, form, documents_list(request, draft, answers))
    for answer in answers:
        if not answer.is_new:
            messages.warning(request, f"{answer.name}: {answer.words} Nothing was added.")
        elif answer.is_on_file:
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
    return render(request, "cases/filing/documents.html", _context(request, draft, form), status=status)


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


def documents_list(request: AuthenticatedRequest, draft: Draft, answers: list[Answer]) -> str:
    """What is needed and what is on file, as HTML, after these answers."""
    context = _documents(draft) | {"known": [one for one in answers if not one.is_new]}
    return render_to_string("cases/filing/_documents.html", context, request=request)


def _context(request: AuthenticatedRequest, draft: Draft, form: UploadForm) -> dict[str, Any]:
    return {
        "form": form,
        **place_of(DraftStep.DOCUMENTS),
        **_documents(draft),
        **upload_context(request, draft.case.pk),
    }


def _documents(draft: Draft) -> dict[str, Any]:
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
        "needed": [Needed(kind, kind in kinds, is_required, why) for kind, is_required, why in wants],
        "is_ready": not any(one.step == DraftStep.DOCUMENTS and one.severity == Severity.CONFIRM for one in findings),
        "total_size": sum(row.size for row in draft.documents),
        "total_pages": sum(row.page_count for row in draft.documents),
    }
