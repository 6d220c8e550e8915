"""The intake queue: take next, take one, give back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases.enums import CaseEvent
from cases.forms.staff import ReasonForm
from cases.selectors.amendment import unlooked
from cases.selectors.case import visible_to
from cases.selectors.completeness import undecided_letters
from cases.selectors.worklist import analyst_cases, intake_queue, oldest_received
from cases.services.intake import give_back_case, take_case, take_next_case
from cases.views.case import find_case
from cases.views.closed import closed_page, why_closed
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.paging import capped_count, keyset_page

# Lines of each list above the queue; what is done leaves it, and the next ones come up.
MOST_LISTED = 50


@requires(Action.CASE_SCREEN)
def intake_page(request: AuthenticatedRequest) -> HttpResponse:
    queue = intake_queue()
    mine = list(analyst_cases(request.user)[:MOST_LISTED])
    letters = list(undecided_letters(visible_to(request.user))[: MOST_LISTED + 1])
    page = keyset_page(
        queue, field="queue_key", after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    return render(
        request,
        "cases/intake.html",
        {
            "page": page,
            "mine": mine,
            "mine_count": capped_count(analyst_cases(request.user)),
            "oldest": oldest_received(),
            "letters": letters[:MOST_LISTED],
            "has_more_letters": len(letters) > MOST_LISTED,
            "amended": list(unlooked(visible_to(request.user))[:MOST_LISTED]),
        },
    )


@require_POST
@requires(Action.CASE_SCREEN)
def take_next(request: AuthenticatedRequest) -> HttpResponse:
    case = take_next_case(actor=request.user)
    if case is None:
        messages.info(request, "The intake queue is empty.")
        return redirect("cases:intake-queue")
    messages.success(request, f"You have taken case {case.number}.")
    return redirect("cases:case-detail", case_id=case.pk)


@require_POST
@requires(Action.CASE_SCREEN)
def take(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    find_case(request, case_id, Action.CASE_SCREEN)
    case = take_case(case_id=case_id, actor=request.user)
    messages.success(request, f"You have taken case {case.number}.")
    return redirect("cases:case-detail", case_id=case.pk)


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_SCREEN)
def give_back(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.CASE_SCREEN)
    if request.method != "POST" and (why := why_closed(case, CaseEvent.STOP_SCREENING)):
        return closed_page(request, case, title=CaseEvent.STOP_SCREENING.label, why=why)
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                give_back_case(case_id=case.pk, actor=request.user, reason=form.cleaned_data["reason"])
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                messages.success(request, f"Case {case.number} is in the intake queue again.")
                return redirect("cases:intake-queue")
    return render(
        request,
        "cases/act.html",
        {
            "case": case,
            "form": form,
            "title": f"Give case {case.number} back",
            "lead": "The case returns to the intake queue, where any analyst can take it.",
            "submit": "Give back",
            "back_url": reverse("cases:case-detail", args=[case.pk]),
        },
        status=status,
    )
