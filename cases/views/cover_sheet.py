"""Cover sheets of a case: make one, download it, print it."""

from http import HTTPStatus

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import CaseStatus, DocumentKind
from cases.forms.scan import CoverSheetForm
from cases.rules.documents import TAKES_DOCUMENTS
from cases.selectors.scan import sheets_of
from cases.services.cover_sheet import make_cover_sheet
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import storage
from imr.core.errors import ConflictError, DomainError
from imr.core.forms import add_refusal

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.COVER_SHEET)
def cover_sheets(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """The cover sheets of the case and the form that makes one."""
    case = find_case(request, case_id, Action.COVER_SHEET)
    if case.is_draft:
        return redirect("cases:filing-tasks", case_id=case.pk)
    form = CoverSheetForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        try:
            make_cover_sheet(case_id=case.pk, actor=request.user, kind=DocumentKind(form.cleaned_data["kind"]))
        except DomainError as error:
            status = HTTPStatus(add_refusal(form, error))
        else:
            return redirect("cases:cover-sheet-list", case_id=case.pk)
    page = Paginator(sheets_of(case), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "case": case,
        "form": form,
        "page": page,
        "is_at_work": any(sheet.rendered_at is None for sheet in page),
        "takes_documents": CaseStatus(case.status) in TAKES_DOCUMENTS,
    }
    return render(request, "cases/cover_sheet/list.html", context, status=status)


@require_safe
@requires(Action.COVER_SHEET)
def cover_sheet_pdf(request: AuthenticatedRequest, case_id: int, sheet_id: int) -> HttpResponse | FileResponse:
    """The sheet to print. It holds a case number and a kind of document, and nothing about health."""
    case = find_case(request, case_id, Action.COVER_SHEET)
    sheet = sheets_of(case).filter(pk=sheet_id).first()
    if sheet is None:
        raise Http404
    if sheet.rendered_at is None:
        raise ConflictError("The sheet is not ready yet. Load its page again in a moment.", code="sheet_not_ready")
    response = FileResponse(storage.open_verified(sheet.pdf_sha256), content_type="application/pdf")
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{case.number}_cover_sheet.pdf") or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
