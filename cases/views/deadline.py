"""How a due date is found, what changes it, and what is due next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.enums import DeadlineKind, ServiceMethod
from cases.forms.deadline import DueQueueForm, ExtendForm, PauseForm, ServiceForm, WhatIfForm
from cases.models import Case, Deadline, URDecision
from cases.rules.icalendar import CalendarEvent, calendar_text
from cases.selectors.deadline import (
    due_queue,
    duty_of,
    explain,
    feed_deadlines,
    feed_of,
    filing_deadline,
    former_deadlines,
    latest_deadline,
    what_if,
)
from cases.services.calendar_feed import note_calendar_read
from cases.services.deadlines import (
    CHANGEABLE,
    SERVED,
    correct_service,
    extend_deadline,
    pause_deadline,
    resume_deadline,
)
from cases.views.calendar_address import address_page, revoke_address
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, public, requires
from imr.core import clock
from imr.core.errors import DomainError
from imr.core.paging import keyset_page


@require_safe
@requires(Action.CASE_VIEW)
def deadline_page(request: AuthenticatedRequest, case_id: int, kind: str) -> HttpResponse:
    case = find_case(request, case_id)
    deadline = _find(case, kind)
    context = {
        "back_url": reverse("cases:case-detail", args=[case.pk]),
        "changes": _changes(case, deadline) if request.user.can(Action.DEADLINE_CHANGE) else [],
    }
    return render_explained(request, case, deadline, context)


@require_safe
@requires(Action.CASE_EDIT_DRAFT)
def filing_page(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """How the last day to file is found, while the application is a draft."""
    case = find_case(request, case_id, Action.CASE_EDIT_DRAFT)
    decision = URDecision.objects.filter(case=case).first() if case.is_draft else None
    deadline = filing_deadline(decision) if decision else None
    if deadline is None:
        raise Http404
    back_url = reverse("cases:filing-tasks", args=[case.pk])
    context = {"back_url": back_url, "title": "Last day to file", "back_label": "Application"}
    return render_explained(request, case, deadline, context)


def render_explained(
    request: AuthenticatedRequest, case: Case, deadline: Deadline, context: dict[str, Any]
) -> HttpResponse:
    """The page of a due date for somebody who may see it; the form in it only asks, and writes nothing."""
    explained = explain(deadline)
    asked = "started_on" in request.GET
    form = WhatIfForm(
        request.GET if asked else None,
        is_in_hours=explained.is_in_hours,
        is_served=not deadline.kind or deadline.kind in SERVED,
        initial={"started_on": clock.pacific_date(deadline.started_at)},
    )
    supposed, status = None, 200
    if asked and form.is_valid():
        chosen = form.cleaned_data
        try:
            supposed = what_if(
                deadline, start=chosen["start"], method=chosen.get("method", ""), place=chosen.get("place", "")
            )
        except DomainError as error:
            form.add_error("started_on", error.message)
    if form.errors:
        status = 422
    return render(
        request,
        "cases/deadline.html",
        {
            "case": case,
            "explained": explained,
            "supposed": supposed,
            "form": form,
            "former": [explain(row) for row in former_deadlines(deadline)],
            "changes": [],
            "title": deadline.get_kind_display(),
            "back_label": case.number,
            **context,
        },
        status=status,
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """A page that changes a clock: its words, its form, and the service behind it."""

    label: str
    lead: str
    submit: str
    form: type[forms.Form]
    carry_out: Callable[..., Deadline]
    done: str


CHANGES: Mapping[str, _Change] = {
    "pause": _Change(
        "Pause this clock",
        "The days on which the clock is paused are not counted. Say what is awaited.",
        "Pause",
        PauseForm,
        pause_deadline,
        "The clock is paused.",
    ),
    "resume": _Change(
        "Let this clock run again",
        "The clock goes on from now, and the date moves by the paused days.",
        "Resume",
        PauseForm,
        resume_deadline,
        "The clock runs again.",
    ),
    "extend": _Change(
        "Give more time",
        "The date moves; the former one stays in the history. More time to decide needs the Administrative Director's "
        "approval (LC 4610.6(d)(3)): say when it was given.",
        "Give more time",
        ExtendForm,
        extend_deadline,
        "The date has moved.",
    ),
    "service": _Change(
        "Correct the manner of service",
        "The date is counted again for the way in which the paper was served; the former date stays in the history.",
        "Count again",
        ServiceForm,
        correct_service,
        "The date is counted again.",
    ),
}


@require_http_methods(["GET", "POST"])
@requires(Action.DEADLINE_CHANGE)
def deadline_change(request: AuthenticatedRequest, case_id: int, kind: str, change: str) -> HttpResponse:
    case = find_case(request, case_id, Action.DEADLINE_CHANGE)
    deadline, what = _find(case, kind), CHANGES.get(change)
    if what is None:
        raise Http404
    back_url = reverse("cases:deadline-detail", args=[case.pk, deadline.kind])
    form = what.form(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            if "method" in given:
                given["method"] = ServiceMethod(given["method"])
            try:
                what.carry_out(case_id=case.pk, kind=DeadlineKind(deadline.kind), actor=request.user, **given)
            except DomainError as error:
                status = error.status
                form.add_error(None, ValidationError(error.fields or error.message))
            else:
                messages.success(request, what.done)
                return redirect(back_url)
    label = f"{what.label}: {deadline.get_kind_display()}"
    context = {"case": case, "form": form, "back_url": back_url, "title": label}
    return render(request, "cases/act.html", {**context, "lead": what.lead, "submit": what.submit}, status=status)


@require_safe
@requires(Action.DEADLINE_QUEUE)
def deadline_queue(request: AuthenticatedRequest) -> HttpResponse:
    form = DueQueueForm(request.GET or None)
    is_refused = form.is_bound and not form.is_valid()
    chosen = form.cleaned_data if form.is_bound and not is_refused else {}
    rows = due_queue(now=clock.now(), level=chosen.get("level", ""), duty=chosen.get("duty", ""))
    page = keyset_page(
        rows.none() if is_refused else rows,
        field="due_at",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    lines = [{"deadline": row, "duty": duty_of(row.kind)} for row in page.rows]
    context = {"form": form, "page": page, "lines": lines}
    return render(request, "cases/deadline_queue.html", context, status=400 if is_refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.CALENDAR_FEED)
def calendar_page(request: AuthenticatedRequest) -> HttpResponse:
    """The person's calendar address; a new one is shown this one time."""
    return address_page(request, feed="cases:calendar-feed", revoke="cases:calendar-revoke")


@require_POST
@requires(Action.CALENDAR_FEED)
def calendar_revoke(request: AuthenticatedRequest) -> HttpResponse:
    return revoke_address(request, page="cases:calendar-page")


@public
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Due dates for a calendar program that has the secret: case numbers and kinds, nothing about health."""
    # The key stands in the query, which the logs leave out.
    feed = feed_of(request.GET.get("key", ""))
    if feed is None or not feed.user.can(Action.CALENDAR_FEED):
        raise Http404
    note_calendar_read(feed=feed)
    host = request.get_host()
    events = [
        _event(row, host, request.build_absolute_uri(reverse("cases:deadline-detail", args=[row.case_id, row.kind])))
        for row in feed_deadlines(feed.user, now=clock.now())
    ]
    response = HttpResponse(calendar_text("IMR due dates", events), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="imr-due-dates.ics"'
    return response


def _event(row: Deadline, host: str, url: str) -> CalendarEvent:
    in_hours = row.explanation.get("unit") == "hours"
    state = "The clock is paused. " if row.paused_at else ""
    return CalendarEvent(
        uid=f"{row.case_id}-{row.kind}-{row.started_at:%Y%m%d%H%M%S}@{host}",
        changed_at=row.created_at,
        summary=f"{row.case.number}: {row.get_kind_display()}",
        description=f"{state}To be done by: {duty_of(row.kind)}. How the date is found: {url}",
        url=url,
        on=None if in_hours else clock.pacific_date(row.due_at),
        at=row.due_at if in_hours else None,
        version=row.pk,
    )


def _find(case: Case, kind: str) -> Deadline:
    deadline = latest_deadline(case, kind) if kind in DeadlineKind.values else None
    if deadline is None:
        raise Http404
    return deadline


def _changes(case: Case, deadline: Deadline) -> list[dict[str, str]]:
    """The changes that are possible now, as links."""
    if deadline.ended_at is not None:
        return []
    kind, names = DeadlineKind(deadline.kind), []
    if kind in CHANGEABLE:
        if deadline.paused_at is not None:
            names.append("resume")
        elif deadline.due_at >= clock.now():
            names.append("pause")
        names.append("extend")
    if kind in SERVED:
        names.append("service")
    return [
        {"label": CHANGES[name].label, "url": reverse("cases:deadline-change", args=[case.pk, kind.value, name])}
        for name in names
    ]
