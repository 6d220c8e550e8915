"""All records of a case as one file: ask for it, see how far it is, download it, remove it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.enums import PackageForm, PackageState
from cases.forms.package import PackageRequestForm
from cases.models import Case, CasePackage
from cases.selectors.package import holds_refused, kept_packages, package_progress
from cases.services.package import file_of, record_package_download, remove_package, request_package
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.byte_ranges import (
    UnsatisfiableRangeError,
    asked_part,
    continues_opening,
    partial_response,
    unsatisfiable_response,
)
from imr.core.errors import ConflictError, DomainError

CONTENT_TYPES = {PackageForm.PDF: "application/pdf", PackageForm.ZIP: "application/zip"}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RECORDS_PACKAGE)
def packages(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """The person's own files of this case, and the form that asks for one."""
    case = find_case(request, case_id, Action.RECORDS_PACKAGE)
    form = PackageRequestForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        try:
            request_package(case_id=case.pk, actor=request.user, form=form.cleaned_data["form"])
        except DomainError as error:
            status = HTTPStatus(error.status)
            form.add_error(None, error.message)
        else:
            return redirect("cases:package-list", case_id=case.pk)
    found = [package_progress(package) for package in kept_packages(request.user).filter(case=case)]
    return render(request, "cases/package/list.html", {"case": case, "form": form, "packages": found}, status=status)


@require_safe
@requires(Action.RECORDS_PACKAGE)
def status(request: AuthenticatedRequest, case_id: int, package_id: int) -> HttpResponse:
    """The part of the page that follows the work by itself."""
    case, package = _find(request, case_id, package_id)
    return render(request, "cases/package/_status.html", {"case": case, "one": package_progress(package)})


@require_safe
@requires(Action.RECORDS_PACKAGE)
def download(request: AuthenticatedRequest, case_id: int, package_id: int) -> HttpResponseBase:
    """The file, when it is ready; recorded before the first byte leaves."""
    case, package = _find(request, case_id, package_id)
    if package.state != PackageState.READY:
        raise ConflictError("The file is not ready yet. Its page says how far it is.", code="package_not_ready")
    if holds_refused(package):
        raise ConflictError(
            "A document in this file has not passed a virus check since it was made. Remove the file and ask for a "
            "new one.",
            code="virus_check",
        )
    path = file_of(package)
    if not path.is_file() or path.stat().st_size != package.size:
        raise ConflictError("The file is gone. Ask for a new one.", code="package_gone")
    # A download of this size is cut off now and then; a browser goes on where it stopped.
    asked = request.headers.get("Range", "")
    tag = f'"{package.sha256}"'
    if request.headers.get("If-Range", tag) != tag:
        asked = ""
    if not continues_opening(asked):
        record_package_download(package=package, actor=request.user)
    try:
        part = asked_part(asked, package.size)
    except UnsatisfiableRangeError:
        return unsatisfiable_response(package.size)
    kind, handle = CONTENT_TYPES[PackageForm(package.form)], path.open("rb")
    response: HttpResponseBase = (
        FileResponse(handle, content_type=kind)
        if part is None
        else partial_response(handle, part, size=package.size, content_type=kind)
    )
    response["Accept-Ranges"], response["ETag"] = "bytes", tag
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{case}_records.{package.form}") or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(Action.RECORDS_PACKAGE)
def remove(request: AuthenticatedRequest, case_id: int, package_id: int) -> HttpResponse:
    """The file is removed before its time."""
    case, package = _find(request, case_id, package_id)
    remove_package(package_id=package.pk, actor=request.user)
    messages.success(request, "The file was removed. The records are where they were.")
    return redirect("cases:package-list", case_id=case.pk)


def _find(request: AuthenticatedRequest, case_id: int, package_id: int) -> tuple[Case, CasePackage]:
    """The case and the person's own file of it; 404 for what is not in reach, is another's or has expired."""
    case = find_case(request, case_id, Action.RECORDS_PACKAGE)
    package = kept_packages(request.user).filter(case=case, pk=package_id).first()
    if package is None:
        raise Http404
    return case, package
