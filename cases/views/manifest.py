"""Receipts of the files of a case, signed manifests, and what proves them without us."""

import json
from http import HTTPStatus
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case, SubmissionManifest
from cases.selectors.manifest import received_files
from cases.selectors.penalty import late_records_of
from cases.services.manifest import sign_submission
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, public, requires
from imr.audit.services import record
from imr.core import clock, manifest_verifier, signing, storage
from imr.core.errors import DomainError, UnavailableError
from imr.core.signing import SigningKeyError


@require_safe
@requires(Action.RECEIPT_VIEW)
def receipts(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """A receipt for every file, with the due date that ran for it, and the signed manifests."""
    case = _find(request, case_id, Action.RECEIPT_VIEW)
    record(action="manifest.viewed", actor=request.user, object_type="case", object_id=case.pk, case_id=case.pk)
    return _page(request, case)


@require_POST
@requires(Action.RECEIPT_SIGN)
def sign(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """A manifest of everything received until now; the same as before when nothing came since."""
    case = _find(request, case_id, Action.RECEIPT_SIGN)
    try:
        manifest = sign_submission(case_id=case.pk, actor=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return _page(request, case, status=error.status)
    messages.success(request, f"Manifest {manifest.number} has everything that was received until now.")
    return redirect("cases:manifest-list", case_id=case.pk)


@require_safe
@requires(Action.RECEIPT_VIEW)
def download(request: AuthenticatedRequest, case_id: int, manifest_id: int, form: str) -> HttpResponseBase:
    """The manifest as JSON with its signature, or as a signed PDF; back to the page while that is being made."""
    case = _find(request, case_id, Action.RECEIPT_VIEW)
    manifest = SubmissionManifest.objects.filter(case=case, pk=manifest_id).first()
    if manifest is None or form not in {"json", "pdf"}:
        raise Http404
    if form == "pdf" and manifest.rendered_at is None:
        messages.info(request, "The PDF is being made. Try again in a moment.")
        return redirect("cases:manifest-list", case_id=case.pk)
    record(
        action="manifest.download",
        actor=request.user,
        object_type="manifest",
        object_id=manifest.pk,
        case_id=case.pk,
        detail={"form": form, "number": manifest.number},
    )
    response: HttpResponseBase = (
        FileResponse(storage.open_verified(manifest.pdf_sha256), content_type="application/pdf")
        if form == "pdf"
        else HttpResponse(_envelope(manifest), content_type="application/json")
    )
    return _as_file(response, f"{case.number}_manifest-{manifest.number}.{form}")


@public
@require_safe
def certificate(request: HttpRequest) -> HttpResponseBase:
    """The organization's public certificate, with which anybody can check what was signed."""
    try:
        data = signing.certificate_pem() if signing.is_on() else b""
    except SigningKeyError as error:
        raise UnavailableError("The certificate cannot be read just now. Try again later.") from error
    if not data:
        raise Http404
    return _as_file(HttpResponse(data, content_type="application/x-pem-file"), "imr-certificate.pem")


@public
@require_safe
def verifier(request: HttpRequest) -> HttpResponseBase:
    """The program that checks a manifest without this product and without a network."""
    source = Path(manifest_verifier.__file__).read_bytes()
    return _as_file(HttpResponse(source, content_type="text/x-python; charset=utf-8"), "manifest_verifier.py")


def _envelope(manifest: SubmissionManifest) -> str:
    """The manifest with its signature, laid out for people; the signature is over `canonical` of the manifest."""
    signature = {
        "algorithm": manifest_verifier.ALGORITHM,
        "certificate_sha256": manifest.certificate_sha256,
        "value": manifest.signature,
    }
    return json.dumps({"manifest": manifest.content, "signature": signature}, ensure_ascii=False, indent=1)


def _page(request: AuthenticatedRequest, case: Case, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "case": case,
        "files": received_files(case),
        "manifests": SubmissionManifest.objects.filter(case=case),
        "is_signing": signing.is_on(),
        "late": late_records_of(request.user, case.pk, today=clock.today()),
        "may_decide": request.user.can(Action.PENALTY_DECIDE),
        "may_sign": request.user.can(Action.RECEIPT_SIGN),
    }
    return render(request, "cases/receipts.html", context, status=status)


def _find(request: AuthenticatedRequest, case_id: int, action: Action) -> Case:
    """The submitted case; 404 for what is not in reach, and for drafts, of which nothing was received yet."""
    case = find_case(request, case_id, action)
    if case.is_draft:
        raise Http404
    return case


def _as_file[R: HttpResponseBase](response: R, name: str) -> R:
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
