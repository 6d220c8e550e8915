"""Possible duplicates of a case: the list, two cases side by side, and merging one into the other."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import CaseEvent
from cases.forms.staff import ReasonForm
from cases.models import Case
from cases.selectors.answers import application_sections
from cases.selectors.comparison import side_by_side
from cases.selectors.draft import read_draft
from cases.selectors.duplicate import compared, duplicates_of, item_hints
from cases.services.duplicate import merge_duplicate
from cases.views.case import find_case
from cases.workflow import TRANSITIONS
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core.errors import ConflictError, DomainError

MERGEABLE = TRANSITIONS[CaseEvent.MERGE_DUPLICATE].sources


@require_safe
@requires(Action.CASE_SCREEN)
def duplicate_list(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = _submitted(request, case_id)
    record(action="case.duplicates_viewed", actor=request.user, object_type="case", object_id=case.pk, case_id=case.pk)
    return render(
        request,
        "cases/duplicates.html",
        {
            "case": case,
            "matches": duplicates_of(case),
            "hints": item_hints(case),
            "back_url": reverse("cases:case-detail", args=[case.pk]),
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_SCREEN)
def duplicate_compare(request: AuthenticatedRequest, case_id: int, other_id: int) -> HttpResponse:
    """Both applications side by side; the form merges this one into the other."""
    case, other = _submitted(request, case_id), _submitted(request, other_id)
    if case.pk == other.pk:
        raise ConflictError("Choose another case to compare this one with.")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].help_text = "Kept with both cases. Example: Same form by fax and by mail"
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                merge_duplicate(
                    case_id=case.pk, into_id=other.pk, actor=request.user, reason=form.cleaned_data["reason"]
                )
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                messages.success(request, f"Case {case.number} is merged. Case {other.number} goes on.")
                return redirect("cases:case-detail", case_id=other.pk)
    else:
        for one in (case, other):
            record(action="case.viewed", actor=request.user, object_type="case", object_id=one.pk, case_id=one.pk)
    left, right = (application_sections(read_draft(one)) for one in (case, other))
    return render(
        request,
        "cases/duplicate.html",
        {
            "case": case,
            "other": other,
            "match": compared(case, other),
            "sections": side_by_side(left, right),
            "form": form,
            "may_merge": case.status in MERGEABLE and _is_later(case, other),
            "may_merge_other": other.status in MERGEABLE and _is_later(other, case),
            "back_url": reverse("cases:duplicate-list", args=[case.pk]),
        },
        status=status,
    )


def _is_later(case: Case, other: Case) -> bool:
    return (case.received_at, case.pk) > (other.received_at, other.pk)


def _submitted(request: AuthenticatedRequest, case_id: int) -> Case:
    case = find_case(request, case_id, Action.CASE_SCREEN)
    if case.is_draft:
        raise ConflictError("This application is not submitted yet, so there is nothing to compare.")
    return case
