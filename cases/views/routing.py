"""Turning a review into an expedited one, and consolidating cases."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.forms.routing import ConsolidateForm, ExpediteForm
from cases.selectors.consolidation import consolidation_candidates
from cases.services.consolidation import consolidate_cases
from cases.services.expedited import convert_to_expedited
from cases.views.act import act_page
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_ROUTE)
def expedite(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.CASE_ROUTE)
    form = ExpediteForm(request.POST if request.method == "POST" else None, case=case)
    return act_page(
        request,
        case,
        form,
        lambda: convert_to_expedited(
            case_id=case.pk,
            actor=request.user,
            document_id=form.cleaned_data["document"],
            physician=form.cleaned_data["physician"],
            certified_on=form.cleaned_data["certified_on"],
        ),
        done=f"Case {case.number} is expedited. Its due dates are counted from now; tell the parties at once.",
        context={"has_documents": bool(form.documents), "records_url": reverse("cases:records-add", args=[case.pk])},
        template="cases/expedite.html",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_ROUTE)
def consolidate(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.CASE_ROUTE)
    found = consolidation_candidates(case)
    form = ConsolidateForm(request.POST if request.method == "POST" else None, found=found)
    return act_page(
        request,
        case,
        form,
        lambda: consolidate_cases(
            case_ids={case.pk, *form.cleaned_data["cases"]}, actor=request.user, reason=form.cleaned_data["reason"]
        ),
        done="The cases are consolidated and reviewed together.",
        context={"found": found},
        template="cases/consolidate.html",
    )
