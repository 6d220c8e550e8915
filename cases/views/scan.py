"""The mail room: scans with cover sheets, and filing their parts one by one."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.enums import DocumentKind, FilingChannel, ScanBatchState, ScanPartProblem, ScanPartState
from cases.forms.scan import ScanForm, ScanPartForm, SetAsideForm, arrival_moment
from cases.models import ScanBatch, ScanPart
from cases.selectors.scan import parts_of, scan_batches
from cases.services.scan_batch import add_scan_batch, file_scan_part, record_scan_view, set_aside_scan_part
from cases.views.document import FRAMED_CSP
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import storage, virus
from imr.core.errors import ConflictError, DomainError
from imr.core.forms import add_refusal
from imr.core.pdf_intake import REFUSALS
from imr.core.uploads import oversized_files, takes_uploads

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@takes_uploads
@requires(Action.MAIL_ROOM)
def scan_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """The scans so far, and the form that takes one."""
    form = ScanForm(request.POST, request.FILES) if request.method == "POST" else ScanForm()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    if oversized_files(request):
        form.errors.pop("file", None)
        form.add_error("file", REFUSALS["too_large"])
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = add_scan_batch(
                actor=request.user,
                file=file,
                name=file.name or "scan.pdf",
                channel=FilingChannel(form.cleaned_data["channel"]),
                arrived_at=arrival_moment(form),
                taken_by=form.cleaned_data["taken_by"],
            )
        except DomainError as error:
            refused = HTTPStatus(add_refusal(form, error))
            status = refused if refused != HTTPStatus.BAD_REQUEST else status
        else:
            return redirect("cases:scan-detail", batch_id=batch.pk)
    page = Paginator(scan_batches(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "cases/scan/list.html", {"form": form, "page": page}, status=status)


@require_safe
@requires(Action.MAIL_ROOM)
def scan_detail(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """How far the reading is, and the parts with what is proposed for each."""
    return _page(request, get_object_or_404(ScanBatch, pk=batch_id))


@require_safe
@requires(Action.MAIL_ROOM)
def scan_status(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """The part of the page that follows the work by itself."""
    batch = get_object_or_404(ScanBatch, pk=batch_id)
    context = {"batch": batch, "is_checked": virus.is_configured()}
    response = render(request, "cases/scan/_status.html", context)
    if batch.state != ScanBatchState.READING:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@csp_override(FRAMED_CSP)
@requires(Action.MAIL_ROOM)
def scan_view(request: AuthenticatedRequest, batch_id: int) -> HttpResponseBase:
    """The scan as it came, to be looked at; recorded before the first byte leaves."""
    batch = get_object_or_404(ScanBatch, pk=batch_id)
    if batch.state != ScanBatchState.READY:
        raise ConflictError(f"This scan cannot be opened: {batch.get_state_display().lower()}.", code="scan_closed")
    record_scan_view(batch=batch, actor=request.user)
    response = FileResponse(storage.open_verified(batch.sha256), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="scan.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_POST
@requires(Action.MAIL_ROOM)
def scan_file(request: AuthenticatedRequest, batch_id: int, part_id: int) -> HttpResponse:
    """The pages become a document of the case that the person confirmed."""
    part = _part(batch_id, part_id)
    form = ScanPartForm(request.POST, prefix=f"part{part.pk}")
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            added = file_scan_part(part_id=part.pk, actor=request.user, **form.answers())
        except DomainError as error:
            refused = add_refusal(form, error)
            status = refused if refused != HTTPStatus.BAD_REQUEST else status
        else:
            where = f"pages {part.first_page} to {part.last_page}"
            words = (
                f"On file in case {form.case}: {where}."
                if added.is_new
                else (f"Case {form.case} had {where} already, as “{added.document.title}”.")
            )
            messages.success(request, words)
            return redirect("cases:scan-detail", batch_id=batch_id)
    return _page(request, part.batch, bound={part.pk: (form, None)}, status=status)


@require_POST
@requires(Action.MAIL_ROOM)
def scan_set_aside(request: AuthenticatedRequest, batch_id: int, part_id: int) -> HttpResponse:
    """The pages are not filed, with a reason."""
    part = _part(batch_id, part_id)
    form = SetAsideForm(request.POST, prefix=f"aside{part.pk}")
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            set_aside_scan_part(part_id=part.pk, actor=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            status = add_refusal(form, error)
        else:
            messages.success(request, f"Set aside: pages {part.first_page} to {part.last_page}. The scan keeps them.")
            return redirect("cases:scan-detail", batch_id=batch_id)
    return _page(request, part.batch, bound={part.pk: (None, form)}, status=status)


type _Bound = dict[int, tuple[ScanPartForm | None, SetAsideForm | None]]


def _page(
    request: AuthenticatedRequest, batch: ScanBatch, *, bound: _Bound | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    page = Paginator(parts_of(batch), PAGE_SIZE).get_page(request.GET.get("page"))
    lines: list[dict[str, Any]] = []
    for part in page:
        filing, aside = (bound or {}).get(part.pk, (None, None))
        line: dict[str, Any] = {"part": part}
        if part.state == ScanPartState.WAITING:
            line["form"] = filing or ScanPartForm(prefix=f"part{part.pk}", initial=_proposed(part))
            line["aside"] = aside or SetAsideForm(prefix=f"aside{part.pk}")
        lines.append(line)
    context = {
        "batch": batch,
        "is_checked": virus.is_configured(),
        "page": page,
        "lines": lines,
        "forms": [form for pair in (bound or {}).values() for form in pair if form],
    }
    return render(request, "cases/scan/detail.html", context, status=status)


def _proposed(part: ScanPart) -> dict[str, str]:
    """What the cover sheet says; nothing for pages without one that can be relied on."""
    if part.sheet is None or part.problem == ScanPartProblem.SHEET_ALONE:
        return {}
    kind = DocumentKind(part.sheet.kind)
    return {"case_number": str(part.sheet.case.number), "kind": kind.value, "title": kind.label}


def _part(batch_id: int, part_id: int) -> ScanPart:
    return get_object_or_404(ScanPart.objects.select_related("batch"), pk=part_id, batch_id=batch_id)
