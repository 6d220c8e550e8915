"""A reviewer's own figures, and the time of a case."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from reviews.forms.refusal import add_refusal
from reviews.forms.scorecard import PeriodForm
from reviews.forms.work_time import TimeForm
from reviews.selectors.statistics import MOST_CASES, OwnStatistics, own_statistics
from reviews.selectors.work_time import times_of
from reviews.selectors.workspace import workspaces_of
from reviews.services.work_time import correct_time


@require_safe
@requires(Action.REVIEWER_FILE_OWN)
def statistics(request: AuthenticatedRequest) -> HttpResponse:
    """Volume, times, returns, agreement and checks of the reviewer who is signed in; nobody else's."""
    form = PeriodForm(request.GET or None)
    is_wrong = form.is_bound and not form.is_valid()
    since, until = PeriodForm().period if is_wrong else form.period
    found = OwnStatistics() if is_wrong else own_statistics(request.user, since=since, until=until)
    context = {"form": form, "since": since, "until": until, "found": found, "most": MOST_CASES}
    return render(request, "reviews/own/statistics.html", context, status=422 if is_wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEW_WRITE)
def assignment_time(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """What was measured of a case, and the reviewer's own figure with its reason."""
    assignment = workspaces_of(request.user).filter(pk=assignment_id).first()
    if assignment is None:
        raise Http404("There is no such assignment.")
    time = times_of([assignment.pk])[assignment.pk]
    form = TimeForm(request.POST if request.method == "POST" else None, initial={"minutes": time.minutes})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                correct_time(assignment_id=assignment.pk, actor=request.user, **form.cleaned_data)
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, f"The time of {assignment.case.number} is corrected.")
                return redirect("reviews:own-statistics")
    context = {"assignment": assignment, "case": assignment.case, "time": time, "form": form}
    return render(request, "reviews/own/time.html", context, status=status)
