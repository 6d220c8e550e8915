"""A newer version of a document, and the decision about a late one."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.enums import CaseStatus
from cases.forms.document import LateForm, ReplaceForm
from cases.forms.filing_items import FiledDocumentForm
from cases.models import Case, Document, DocumentDescription
from cases.rules.documents import late_decisions
from cases.selectors.document import current_documents
from cases.services.document import OtherCaseNamedError, describe_document, replace_document, why_not_changed
from cases.services.lateness import decide_late_document
from cases.views.act import act_page
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import ConflictError, DomainError
from imr.core.pdf_intake import REFUSALS
from imr.core.uploads import oversized_files, takes_uploads


@require_http_methods(["GET", "POST"])
@takes_uploads
@requires(Action.DOCUMENT_UPLOAD)
def replace(request: AuthenticatedRequest, case_id: int, document_id: int) -> HttpResponseBase:
    """A form for the new version; the old one stays readable."""
    case, document = _find(request, case_id, document_id, Action.DOCUMENT_UPLOAD)
    form = ReplaceForm(request.POST, request.FILES) if request.method == "POST" else ReplaceForm()
    status = HTTPStatus.OK
    if oversized_files(request):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        form.errors.pop("file", None)
        form.add_error("file", REFUSALS["too_large"])
    elif form.is_valid():
        file = form.cleaned_data["file"]
        try:
            added = replace_document(
                document_id=document.pk,
                actor=request.user,
                file=file,
                name=file.name or "document.pdf",
                is_name_confirmed=form.cleaned_data["is_name_confirmed"],
            )
        except DomainError as error:
            status = HTTPStatus(error.status)
            form.add_error("file", error.message)
            if isinstance(error, OtherCaseNamedError):
                form.fields["is_name_confirmed"].widget = forms.CheckboxInput()
        else:
            messages.success(request, f"“{added.document.title}” has a new version. The earlier one stays readable.")
            return redirect("cases:case-detail", case_id=case.pk)
    if form.errors and status <= HTTPStatus.BAD_REQUEST:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request, "cases/document_replace.html", {"case": case, "document": document, "form": form}, status=status
    )


@require_http_methods(["GET", "POST"])
@requires(Action.DOCUMENT_UPLOAD)
def describe(request: AuthenticatedRequest, case_id: int, document_id: int) -> HttpResponse:
    """What a document of a submitted case is, and what it was said to be before."""
    case, document = _find(request, case_id, document_id, Action.DOCUMENT_UPLOAD)
    if case.is_draft:
        return redirect("cases:filing-document", case_id=case.pk, document_id=document.pk)
    form = FiledDocumentForm(
        request.POST if request.method == "POST" else None, document=document, asks_source=not request.user.is_claims
    )
    former = DocumentDescription.objects.filter(document=document).select_related("changed_by")
    return act_page(
        request,
        case,
        form,
        lambda: describe_document(document_id=document.pk, actor=request.user, **form.cleaned_data),
        done=f"“{document.title}” is described anew. What was said before stays on record.",
        closed=why_not_changed(case),
        template="cases/document_describe.html",
        context={"title": f"What “{document.title}” is", "document": document, "former": former},
    )


@require_http_methods(["GET", "POST"])
@requires(Action.DOCUMENT_DECIDE)
def late(request: AuthenticatedRequest, case_id: int, document_id: int) -> HttpResponse:
    """What becomes of a document that came late."""
    case, document = _find(request, case_id, document_id, Action.DOCUMENT_DECIDE)
    if not document.lateness:
        raise ConflictError("This document came in time; there is nothing to decide.")
    possible = late_decisions(CaseStatus(case.status))
    initial = {"decision": document.late_decision, "reason": document.late_reason}
    form = LateForm(request.POST if request.method == "POST" else None, possible=possible, initial=initial)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        try:
            decided = decide_late_document(document_id=document.pk, actor=request.user, **form.cleaned_data)
        except DomainError as error:
            status = HTTPStatus(error.status)
            form.add_error(None, error.message)
        else:
            messages.success(request, f"“{decided.title}”: {decided.get_late_decision_display().lower()}.")
            return redirect("cases:case-detail", case_id=case.pk)
    context = {
        "case": case,
        "document": document,
        "form": form,
        "back_url": reverse("cases:case-detail", args=[case.pk]),
    }
    return render(request, "cases/document_late.html", context, status=status)


def _find(request: AuthenticatedRequest, case_id: int, document_id: int, action: Action) -> tuple[Case, Document]:
    case = find_case(request, case_id, action)
    document = current_documents(case.pk).filter(pk=document_id).first()
    if document is None:
        raise Http404
    document.case = case
    return case, document
