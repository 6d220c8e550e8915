"""The penalty for late records: what it comes to in which case, and what a person decides."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.forms.fee import PenaltyForm
from cases.selectors.penalty import late_deadlines, late_records, late_records_of, open_exposure
from cases.services.penalty import decide_penalty
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.act import act_page
from imr.core.paging import keyset_page


@require_safe
@requires(Action.PENALTY_VIEW)
def penalty_list(request: AuthenticatedRequest) -> HttpResponse:
    rows, today = late_deadlines(request.user), clock.today()
    page = keyset_page(
        rows, field="due_at", descending=True, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {
        "page": page,
        "rows": late_records(page.rows, today=today),
        "exposure": open_exposure(request.user, today=today),
        "may_decide": request.user.can(Action.PENALTY_DECIDE),
        "today": today,
    }
    return render(request, "cases/penalty/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PENALTY_DECIDE)
def penalty_decide(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.PENALTY_DECIDE)
    late = late_records_of(request.user, case.pk, today=clock.today())
    if late is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = PenaltyForm(data, initial={"shown": late.penalty.amount})
    return act_page(
        request,
        form,
        lambda: decide_penalty(
            case_id=case.pk,
            actor=request.user,
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            shown=form.cleaned_data["shown"],
        ),
        template="cases/penalty/decide.html",
        back_url=reverse("cases:penalty-list"),
        done=f"The decision on the late records of case {case.number} is on record.",
        context={"case": case, "late": late},
    )
