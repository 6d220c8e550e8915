"""The sample of the second read: the rule, this month's draws, and running them again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from reviews.forms.refusal import add_refusal
from reviews.forms.sampling import SamplingForm
from reviews.models import SampleDraw, SampleMonth, SamplingRule
from reviews.selectors.sampling import month_of_sample, sampling_rule_on
from reviews.services.sampling import set_sampling

MONTHS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.QUALITY_PASS)
def quality_sample(request: AuthenticatedRequest) -> HttpResponse:
    form = SamplingForm(request.POST or None, initial={"in_force_from": clock.today()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_sampling(actor=request.user, **form.cleaned_data)
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, "The rule is set.")
                return redirect("reviews:quality-sample")
    today = clock.today()
    page = keyset_page(
        SampleDraw.objects.select_related("determination__case", "month", "rule"),
        field="drawn_at",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "form": form,
        "rule": sampling_rule_on(today),
        "rules": SamplingRule.objects.select_related("created_by")[:10],
        "months": [month_of_sample(month, today) for month in SampleMonth.objects.all()[:MONTHS]],
        "page": page,
    }
    return render(request, "reviews/quality/sample.html", context, status=status)
