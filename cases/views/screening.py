"""The checks of a case's eligibility: what they answer, what they looked at, and what a person decides about them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.enums import CaseStatus
from cases.forms.screening import CheckAnswerForm, CompletenessForm, ScreeningFactsForm
from cases.models import ScreeningFacts
from cases.selectors.completeness import SCREENED, decisions_of, late_letter
from cases.selectors.detail import eligibility_actions
from cases.selectors.eligibility import answer_history, case_checks, timeliness_if
from cases.services.completeness import decide_completeness
from cases.services.screening import answer_check, record_screening_facts
from cases.views.act import act_page
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import clock
from imr.core.clock import pacific_date

CHECKS_PAGE = "cases:eligibility-checks"


@requires(Action.ELIGIBILITY_DECIDE)
def checks(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    found = case_checks(case, today=clock.today())
    record(action="eligibility.viewed", actor=request.user, object_type="case", object_id=case.pk, case_id=case.pk)
    items = [(item, found.of_item(item.position)) for item in case.items.all()]
    return render(
        request,
        "cases/eligibility/checks.html",
        {
            "case": case,
            "found": found,
            "refused": [
                (item, found.proposal.refused[item.position])
                for item, _ in items
                if item.position in found.proposal.refused
            ],
            "items": items,
            "facts": ScreeningFacts.objects.filter(case=case).select_related("changed_by").first(),
            "is_open": (is_open := CaseStatus(case.status) in SCREENED),
            "letter": late_letter(case) if is_open else None,
            "actions": eligibility_actions(case, user=request.user),
            "back_url": reverse("cases:case-detail", args=[case.pk]),
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def facts(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    known = ScreeningFacts.objects.filter(case=case).first() or ScreeningFacts(case=case)
    form = ScreeningFactsForm(
        request.POST if request.method == "POST" else None, initial=ScreeningFactsForm.initial_of(known)
    )
    return act_page(
        request,
        case,
        form,
        lambda: record_screening_facts(case_id=case.pk, actor=request.user, facts=form.cleaned_data),
        done="The facts are recorded, and the checks answer from them.",
        context={
            "title": f"Facts on the eligibility of case {case.number}",
            "lead": "What is not on the form and decides on eligibility. Leave out what you do not know.",
            "submit": "Record the facts",
        },
        then=CHECKS_PAGE,
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def completeness(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """From when the application counts whose UR decision letter came later."""
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    letter = late_letter(case)
    if letter is None:
        raise Http404
    form = CompletenessForm(
        request.POST if request.method == "POST" else None,
        received_on=pacific_date(case.received_at) if case.received_at else clock.today(),
        arrived_on=letter.arrived_on,
        initial={"document_id": letter.document.pk},
    )
    is_open = CaseStatus(case.status) in SCREENED
    return act_page(
        request,
        case,
        form,
        lambda: decide_completeness(case_id=case.pk, actor=request.user, **form.decision()),
        done="It is recorded from when the application counts.",
        context={
            "title": f"UR decision letter that came after case {case.number} was filed",
            "letter": letter,
            "former": decisions_of(case),
            "from_receipt": timeliness_if(case, counts_from_ur=False, today=clock.today()),
            "from_arrival": timeliness_if(case, counts_from_ur=True, today=clock.today()),
        },
        template="cases/eligibility/completeness.html",
        closed="" if is_open else "Eligibility is decided, and what was known then stays.",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def check(request: AuthenticatedRequest, case_id: int, key: str) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    found = case_checks(case, today=clock.today()).find(key)
    if found is None:
        raise Http404
    form = CheckAnswerForm(
        request.POST if request.method == "POST" else None, initial={"fingerprint": found.result.fingerprint}
    )
    return act_page(
        request,
        case,
        form,
        lambda: answer_check(case_id=case.pk, actor=request.user, key=key, **form.cleaned_data),
        done=f"Your decision on “{found.result.title}” is recorded.",
        context={
            "check": found,
            "item": case.items.filter(position=found.result.item or 0).first(),
            "former": answer_history(case, key),
            "is_open": CaseStatus(case.status) in SCREENED,
        },
        template="cases/eligibility/check.html",
        then=CHECKS_PAGE,
    )
