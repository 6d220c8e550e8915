"""Checking the answers, submitting, and the receipt."""

from http import HTTPStatus
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import DraftStep
from cases.exceptions import IncompleteError, StaleVersionError
from cases.forms.filing_items import SubmitForm
from cases.letters import FilingReceiptLetter
from cases.models import FilingReceipt
from cases.rules.finding import Finding, Severity, stopping, to_confirm
from cases.selectors.answers import AnswerSection, application_sections
from cases.selectors.case import visible_to
from cases.selectors.draft import Draft, draft_findings, earlier_cases, read_draft
from cases.services.submission import submit_application
from cases.views.filing_shared import edited, on_draft, record_view
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import clock, storage


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_EDIT_DRAFT)
def check(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """All answers with what is missing, the attestation, and the button that submits."""
    if _is_own_submission(request, case_id):
        # The same button pressed twice: the second time shows what the first one did.
        return redirect("cases:filing-receipt", case_id=case_id)
    return _check(request, case_id)


@on_draft
def _check(request: AuthenticatedRequest, draft: Draft) -> HttpResponseBase:
    findings = draft_findings(draft, today=clock.today())
    name = request.user.full_name
    if request.method == "GET":
        record_view(request, draft, step="check")
        return _page(request, draft, findings, SubmitForm(to_confirm=to_confirm(findings), account_name=name))
    form = SubmitForm(request.POST, to_confirm=to_confirm(findings), account_name=name)
    if not form.is_valid() or stopping(findings):
        return _page(request, draft, findings, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        submit_application(
            case_id=draft.case.pk,
            actor=request.user,
            attested_name=form.cleaned_data["attested_name"],
            confirmed=form.confirmed(),
            version=edited(request).version,
        )
    except (StaleVersionError, IncompleteError) as error:
        # Everything is read again, so that what is shown is what would be submitted now.
        draft = read_draft(draft.case)
        findings = draft_findings(draft, today=clock.today())
        form = SubmitForm(request.POST, to_confirm=to_confirm(findings), account_name=name)
        return _page(request, draft, findings, form, status=HTTPStatus(error.status), conflict=error.message)
    return redirect("cases:filing-receipt", case_id=draft.case.pk)


@require_safe
@requires(Action.RECEIPT_VIEW)
def receipt(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """What was filed and when; the PDF as soon as it is made."""
    found = _receipt(request, case_id)
    _record(request, found, "receipt.view")
    context = {
        "receipt": found,
        "case": found.case,
        "letter": FilingReceiptLetter.from_json(found.manifest),
        "may_file": request.user.can(Action.CASE_CREATE),
    }
    return render(request, "cases/filing/receipt.html", context)


@require_safe
@requires(Action.RECEIPT_VIEW)
def receipt_status(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """The part of the receipt page that turns into the download by itself; 204 as long as nothing is new."""
    found = _receipt(request, case_id)
    if found.rendered_at is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "cases/filing/_receipt_pdf.html", {"receipt": found, "case": found.case})


@require_safe
@requires(Action.RECEIPT_VIEW)
def receipt_download(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """The receipt as a PDF; back to the receipt page while it is being made."""
    found = _receipt(request, case_id)
    if found.rendered_at is None:
        return redirect("cases:filing-receipt", case_id=case_id)
    _record(request, found, "receipt.download")
    response = FileResponse(storage.open_verified(found.pdf_sha256), content_type="application/pdf")
    response["Content-Length"] = str(found.pdf_size)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{found.case.number}_filing-receipt.pdf") or ""
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _is_own_submission(request: AuthenticatedRequest, case_id: int) -> bool:
    mine = visible_to(request.user, action=Action.CASE_EDIT_DRAFT).filter(pk=case_id, received_by=request.user)
    return mine.exists()


def _receipt(request: AuthenticatedRequest, case_id: int) -> FilingReceipt:
    found = (
        FilingReceipt.objects.filter(case__in=visible_to(request.user, action=Action.RECEIPT_VIEW), case_id=case_id)
        .select_related("case")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _record(request: AuthenticatedRequest, found: FilingReceipt, action: str) -> None:
    record(action=action, actor=request.user, object_type="receipt", object_id=found.pk, case_id=found.case_id)


def _page(
    request: AuthenticatedRequest,
    draft: Draft,
    findings: list[Finding],
    form: SubmitForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    conflict: str = "",
) -> HttpResponse:
    case_id = draft.case.pk
    context: dict[str, Any] = {
        "draft": draft,
        "form": form,
        "sections": [(section, _change_url(case_id, section)) for section in application_sections(draft)],
        "missing": _by_step(case_id, stopping(findings)),
        "to_accept": _by_step(case_id, to_confirm(findings)),
        "warnings": [one for one in findings if one.severity == Severity.WARNING],
        "conflict": conflict,
        "earlier": earlier_cases(draft),
    }
    return render(request, "cases/filing/check.html", context, status=status)


def _change_url(case_id: int, section: AnswerSection) -> str:
    if section.step == DraftStep.ITEMS and section.item_id is not None:
        return reverse("cases:filing-item", args=[case_id, section.item_id])
    return reverse("cases:filing-step", args=[case_id, section.step])


def _by_step(case_id: int, findings: list[Finding]) -> list[tuple[DraftStep, str, str]]:
    """A line for each step with something open: the step, its address, and what is open, the first three in words."""
    lines: dict[DraftStep, list[str]] = {}
    for finding in findings:
        lines.setdefault(finding.step, []).append(finding.message)
    return [
        (
            step,
            reverse("cases:filing-step", args=[case_id, step]),
            " ".join(words[:3]) + (f" And {len(words) - 3} more." if len(words) > 3 else ""),
        )
        for step, words in lines.items()
    ]
