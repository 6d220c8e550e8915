"""Scorecards of reviewers; a reviewer sees the own one."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from imr.accounts.enums import Action, Scope
from imr.accounts.permissions import AuthenticatedRequest, requires
from reviews.forms.scorecard import PeriodForm
from reviews.selectors.scorecard import FEWEST, scorecards
from reviews.selectors.statistics import time_of_all
from reviews.services.scorecard import record_scorecard_view, scorecards_csv


@require_safe
@requires(Action.SCORECARD_VIEW)
def scorecard(request: AuthenticatedRequest) -> HttpResponseBase:
    form = PeriodForm(request.GET or None)
    is_wrong = form.is_bound and not form.is_valid()
    since, until = PeriodForm().period if is_wrong else form.period
    cards = [] if is_wrong else scorecards(request.user, since=since, until=until)
    record_scorecard_view(actor=request.user, since=since, until=until, count=len(cards), how="page")
    is_own = request.user.scope(Action.SCORECARD_VIEW) != Scope.ANY
    context = {
        "time": None if is_own or is_wrong else time_of_all(since=since, until=until),
        "form": form,
        "cards": cards,
        "since": since,
        "until": until,
        "fewest": FEWEST,
        "is_own": is_own,
    }
    return render(request, "reviews/quality/scorecard.html", context, status=422 if is_wrong else 200)


@require_safe
@requires(Action.SCORECARD_VIEW)
def scorecard_csv(request: AuthenticatedRequest) -> HttpResponseBase:
    form = PeriodForm(request.GET or None)
    if form.is_bound and not form.is_valid():
        return scorecard(request)
    since, until = form.period
    cards = scorecards(request.user, since=since, until=until)
    text = scorecards_csv(cards=cards, actor=request.user, since=since, until=until)
    response = HttpResponse(text.encode(), content_type="text/csv; charset=utf-8")
    name = f"scorecards_{since:%Y-%m-%d}_{until:%Y-%m-%d}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
