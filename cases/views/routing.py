"""Turning a review into an expedited one, and consolidating cases."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.enums import Priority
from cases.forms.routing import ConsolidateForm, ExpediteForm
from cases.models import Case
from cases.rules.expedited import CONVERTIBLE
from cases.selectors.consolidation import CONSOLIDABLE, consolidation_candidates
from cases.services.consolidation import consolidate_cases
from cases.services.expedited import convert_to_expedited
from cases.views.act import act_page
from cases.views.case import find_case
from cases.views.closed import why_not_in
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
        done=f"Case {case.number} is expedited. Its due dates count from now, and a notice tells the parties.",
        closed=_why_not_expedited(case),
        context={
            "title": f"Turn case {case.number} into an expedited review",
            "has_documents": bool(form.documents),
            "records_url": reverse("cases:records-add", args=[case.pk]),
        },
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
        closed=why_not_in(case, CONSOLIDABLE),
        context={"title": f"Review case {case.number} together with others", "found": found},
        template="cases/consolidate.html",
    )


def _why_not_expedited(case: Case) -> str:
    if case.priority == Priority.EXPEDITED:
        return "This review is expedited already."
    return why_not_in(case, CONVERTIBLE)
