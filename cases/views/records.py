"""Adding medical records to a case that was filed (8 CCR 9792.10.5)."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.enums import CaseStatus
from cases.forms.records import RecordsForm
from cases.models import Case, Document
from cases.rules.documents import TAKES_DOCUMENTS
from cases.selectors.document import current_documents
from cases.services.document import OtherCaseNamedError
from cases.views.case import find_case
from cases.views.upload import script_answer, take_files, upload_context, wants_json
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import ConflictError
from imr.core.uploads import takes_uploads


@require_http_methods(["GET", "POST"])
@takes_uploads
@requires(Action.DOCUMENT_UPLOAD)
def add_records(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """A form for files, and what became of each; those on record stand on the case page."""
    case = find_case(request, case_id, Action.DOCUMENT_UPLOAD)
    if case.is_draft:
        return redirect("cases:filing-documents", case_id=case.pk)
    if CaseStatus(case.status) not in TAKES_DOCUMENTS:
        raise ConflictError(
            "This case takes no more documents: it has ended. A document that arrived too late can be sent with an "
            "appeal."
        )
    asks_source = not request.user.is_claims
    if request.method == "GET":
        return _page(request, case, RecordsForm(asks_source=asks_source), HTTPStatus.OK)
    form = RecordsForm(request.POST, request.FILES, asks_source=asks_source)
    answers = take_files(request, case.pk, form)
    if wants_json(request):
        return script_answer(answers, form, records_list(request, case))
    for answer in answers:
        if answer.is_on_file:
            messages.success(request, f"{answer.name}: {answer.words}")
        else:
            form.add_error("file", f"{answer.name}: {answer.words}")
    if not form.errors:
        return redirect(_back_url(request, case))
    if any(answer.code == OtherCaseNamedError.code for answer in answers):
        form.fields["is_name_confirmed"].widget = forms.CheckboxInput()
    status = max((answer.status for answer in answers), default=HTTPStatus.OK)
    if status <= HTTPStatus.BAD_REQUEST:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, case, form, status)


def records_list(request: AuthenticatedRequest, case: Case) -> str:
    """The documents of the case as HTML, the latest first."""
    return render_to_string("cases/_records.html", {"case": case, "documents": _documents(case)}, request=request)


def _back_url(request: AuthenticatedRequest, case: Case) -> str:
    """Where the person came from: the answer to a request for information, else the case."""
    asked = request.GET.get("answers", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 10 and request.user.can(Action.INFORMATION_ANSWER):
        return reverse("cases:information-answer", args=[case.pk, int(asked)])
    return reverse("cases:case-detail", args=[case.pk])


def _page(request: AuthenticatedRequest, case: Case, form: RecordsForm, status: int) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "documents": _documents(case),
        "back_url": _back_url(request, case),
        **upload_context(request, case.pk),
    }
    return render(request, "cases/records.html", context, status=status)


def _documents(case: Case) -> list[Document]:
    return list(current_documents(case.pk).order_by("-received_at", "-pk"))
