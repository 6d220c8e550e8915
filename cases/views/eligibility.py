"""Eligibility, the notice of assignment, and the completeness of the records."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.forms.staff import EligibilityForm, IneligibilityForm, NoticeForm, ReasonForm
from cases.models import Case
from cases.selectors.detail import case_detail
from cases.services.eligibility import find_eligible, find_ineligible, resume_deferred
from cases.services.records import complete_records, record_notice_served
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError


def _act(
    request: AuthenticatedRequest,
    case: Case,
    form: forms.Form,
    carry_out: Callable[[], Any],
    *,
    done: str,
    context: dict[str, Any],
    template: str = "cases/act.html",
) -> HttpResponse:
    """A page with one form that does one thing: what the rules refuse is shown beside the fields."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                carry_out()
            except DomainError as error:
                status = error.status
                for name, lines in error.fields.items():
                    if name in form.fields:
                        form.add_error(name, lines)
                    else:
                        for line in lines:
                            form.add_error(None, line)
                if not error.fields:
                    form.add_error(None, error.message)
            else:
                messages.success(request, done)
                return redirect("cases:case-detail", case_id=case.pk)
    back_url = reverse("cases:case-detail", args=[case.pk])
    return render(request, template, {"case": case, "form": form, "back_url": back_url, **context}, status=status)


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def eligible(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    form = EligibilityForm(list(case.items.all()), request.POST if request.method == "POST" else None)
    return _act(
        request,
        case,
        form,
        lambda: find_eligible(
            case_id=case.pk, actor=request.user, items=form.decisions(), note=form.cleaned_data["note"]
        ),
        done=f"Case {case.number} is eligible. Next, the notice of assignment goes out.",
        context={"detail": case_detail(case, user=request.user)},
        template="cases/eligible.html",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def ineligible(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    form = IneligibilityForm(request.POST if request.method == "POST" else None)
    return _act(
        request,
        case,
        form,
        lambda: find_ineligible(
            case_id=case.pk,
            actor=request.user,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
        ),
        done=f"The finding on case {case.number} is recorded.",
        context={
            "title": f"Find case {case.number} ineligible",
            "lead": (
                "The whole case ends with this finding; disputed liability (INE-LIAB) puts it on hold instead. "
                "To refuse only some items, find the case eligible and mark those items."
            ),
            "submit": "Find ineligible",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def resume(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return _act(
        request,
        case,
        form,
        lambda: resume_deferred(case_id=case.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        done=f"Case {case.number} is in eligibility review again.",
        context={
            "title": f"Resume case {case.number}",
            "lead": "The dispute about liability is resolved, and eligibility is decided anew (8 CCR 9792.10.3(d)).",
            "submit": "Resume",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.NOTICE_SERVE)
def notice(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.NOTICE_SERVE)
    form = NoticeForm(request.POST if request.method == "POST" else None)
    return _act(
        request,
        case,
        form,
        lambda: record_notice_served(
            case_id=case.pk,
            actor=request.user,
            method=form.cleaned_data["method"],
            served_at=form.served_at(),
        ),
        done="The notice is recorded as served; the record deadline runs from it.",
        context={
            "title": f"Record the notice of assignment for case {case.number}",
            "lead": (
                "The notice of assignment and request for information went to the parties. "
                "The deadline for records runs from its service (8 CCR 9792.10.4(b), 9792.10.5)."
            ),
            "submit": "Record notice",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.NOTICE_SERVE)
def records_complete(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.NOTICE_SERVE)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].required = False
    form.fields["reason"].label = "Remark for the file"
    return _act(
        request,
        case,
        form,
        lambda: complete_records(case_id=case.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        done=f"Case {case.number} is ready for review.",
        context={
            "title": f"Records complete for case {case.number}",
            "lead": "The case goes to the assignment queue, and the time to decide runs from now (LC 4610.6(d)).",
            "submit": "Records complete",
        },
    )
