"""The page in place of a form whose act is not possible now."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.workflow import TRANSITIONS
from imr.core import words


def why_closed(case: Case, *events: CaseEvent) -> str:
    """What stands in the way of every one of `events`, in a sentence; empty when one of them can happen now."""
    return why_not_in(case, frozenset[CaseStatus]().union(*(TRANSITIONS[event].sources for event in events)))


def why_not_in(case: Case, statuses: Collection[CaseStatus]) -> str:
    """That the case has another status than these, in a sentence; empty when it has one of them."""
    if CaseStatus(case.status) in statuses:
        return ""
    return f"The case has been “{case.get_status_display()}” since {words.pacific(case.status_changed_at)}."


def closed_page(request: HttpRequest, case: Case, *, title: str, why: str) -> HttpResponse:
    """Nothing to fill in: what the act was, why it cannot be done now (409), and the way back to the case."""
    context = {"case": case, "title": title, "why": why, "back_url": reverse("cases:case-detail", args=[case.pk])}
    return render(request, "cases/act_closed.html", context, status=409)
