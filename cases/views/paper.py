"""Keying in what arrived on paper or by phone, and correcting a moment of receipt."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases.enums import CaseStatus, CorrectionState
from cases.forms.paper import ArrivalForm, KeyInForm, ReceiptForm
from cases.models import Case, ReceiptCorrection
from cases.selectors.draft import Draft
from cases.services.paper import key_in_application, note_arrival
from cases.services.receipt_correction import decide_receipt, propose_receipt
from cases.views.case import find_case
from cases.views.filing_shared import on_draft
from cases.workflow import BEFORE_ISSUE
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import DomainError


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_SCREEN)
def key_in(request: AuthenticatedRequest) -> HttpResponseBase:
    """How and when it arrived; then the same steps as online."""
    form = KeyInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            case = key_in_application(
                actor=request.user, organization=form.cleaned_data["organization"], **form.arrival()
            )
        except DomainError as error:
            _show(form, error)
        else:
            return redirect("cases:filing-tasks", case_id=case.pk)
    context = {
        "form": form,
        "title": "Key in an application",
        "lead": (
            "For what came by mail, by fax, in person or by phone. It counts as received when it arrived, whenever it "
            "is keyed in. The steps that follow are those of the DWC Form IMR; add the scan under Documents."
        ),
        "submit": "Start keying in",
        "back_url": reverse("cases:intake-queue"),
        "back_label": "Intake queue",
    }
    return render(request, "cases/arrival.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_SCREEN)
@on_draft
def arrival(request: AuthenticatedRequest, draft: Draft) -> HttpResponseBase:
    """Changing how and when it arrived, before it is submitted."""
    application = draft.application
    if application.arrived_at is None:
        raise Http404
    at = application.arrived_at.astimezone(clock.PACIFIC)
    stored = {
        "channel": application.channel,
        "arrived_on": at.date(),
        "arrived_time": f"{at:%H:%M}",
        "taken_by": application.arrival_taken_by,
    }
    form = ArrivalForm(request.POST if request.method == "POST" else None, initial=stored)
    if request.method == "POST" and form.is_valid():
        try:
            note_arrival(case_id=draft.case.pk, actor=request.user, **form.arrival())
        except DomainError as error:
            _show(form, error)
        else:
            return redirect("cases:filing-tasks", case_id=draft.case.pk)
    context = {
        "form": form,
        "title": "How and when it arrived",
        "lead": "The application counts as received at this moment.",
        "submit": "Save",
        "back_url": reverse("cases:filing-tasks", args=[draft.case.pk]),
        "back_label": "Application",
    }
    return render(request, "cases/arrival.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.RECEIPT_CORRECT)
def receipt_correct(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The corrections of a receipt so far, the one that waits, and the form to propose one."""
    case = find_case(request, case_id, Action.RECEIPT_CORRECT)
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                propose_receipt(
                    case_id=case.pk,
                    actor=request.user,
                    corrected_at=form.received_at(),
                    reason=form.cleaned_data["reason"],
                )
            except DomainError as error:
                _show(form, error)
                status = error.status if error.status != 400 else 422
            else:
                messages.success(request, "The correction is proposed. A second person has to approve it.")
                return redirect("cases:receipt-correct", case_id=case.pk)
    rows = list(case.receipt_corrections.select_related("proposed_by", "decided_by"))
    context: dict[str, Any] = {
        "case": case,
        "form": form,
        "waiting": next((row for row in rows if row.state == CorrectionState.PROPOSED), None),
        "rows": rows,
        "may_propose": CaseStatus(case.status) in BEFORE_ISSUE,
        "back_url": reverse("cases:case-detail", args=[case.pk]),
    }
    return render(request, "cases/receipt_correct.html", context, status=status)


@require_POST
@requires(Action.RECEIPT_CORRECT)
def receipt_decide(request: AuthenticatedRequest, case_id: int, correction_id: int) -> HttpResponse:
    """Approve or refuse the correction that waits."""
    case = _corrected(request, case_id, correction_id)
    answer = request.POST.get("answer")
    if answer not in {"approve", "refuse"}:
        raise DomainError("Choose whether to approve or to refuse the correction.", code="answer")
    row = decide_receipt(correction_id=correction_id, actor=request.user, is_approved=answer == "approve")
    words = "taken back" if row.is_taken_back else row.get_state_display().lower()
    messages.success(request, f"The correction is {words}.")
    return redirect("cases:receipt-correct", case_id=case.pk)


def _corrected(request: AuthenticatedRequest, case_id: int, correction_id: int) -> Case:
    case = find_case(request, case_id, Action.RECEIPT_CORRECT)
    if not ReceiptCorrection.objects.filter(case=case, pk=correction_id).exists():
        raise Http404
    return case


def _show(form: forms.Form, error: DomainError) -> None:
    """What a service refuses, beside its field."""
    for name, lines in (error.fields or {"": [error.message]}).items():
        for line in lines:
            form.add_error(name if name in form.fields else None, line)
