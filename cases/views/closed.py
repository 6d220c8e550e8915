"""The page in place of a form whose act is not possible now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.workflow import TRANSITIONS
from imr.core import words


def why_closed(case: Case, *events: CaseEvent) -> str:
    """What stands in the way of every one of `events`, in a sentence; empty when one of them can happen now."""
    if any(CaseStatus(case.status) in TRANSITIONS[event].sources for event in events):
        return ""
    return f"The case has been “{case.get_status_display()}” since {words.pacific(case.status_changed_at)}."


def closed_page(request: HttpRequest, case: Case, *, title: str, why: str) -> HttpResponse:
    """Nothing to fill in: what the act was, why it cannot be done now (409), and the way back to the case."""
    context = {"case": case, "title": title, "why": why, "back_url": reverse("cases:case-detail", args=[case.pk])}
    return render(request, "cases/act_closed.html", context, status=409)
