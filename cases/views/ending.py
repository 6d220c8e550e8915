"""Reporting, confirming and recording that a dispute is over without a determination."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import CaseEvent, EndingKind, NoticeKind
from cases.forms.notice import DismissalForm, EndingDecisionForm, EndingForm, StaffEndingForm, ToldEndingForm
from cases.models import Case, EndingReport
from cases.selectors.ending import (
    ending_reasons,
    items_to_end,
    items_to_report,
    open_reports,
    report_deadline,
    reports_awaited,
    with_clocks,
)
from cases.selectors.notice import compose_notice
from cases.services.ending import confirm_ending, dismiss_case, end_items, refuse_ending, report_ending
from cases.views.act import act_page, known_reason
from cases.views.case import find_case
from cases.views.closed import why_closed
from cases.views.deadline import render_explained
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.forms import lower_first
from imr.core.paging import keyset_page
from imr.core.words import pacific

OWN = {
    "title": "Report an authorization, settlement or withdrawal",
    "lead": (
        "For the whole case or for single items. The claims administrator reports it within the days of "
        "LC 4610.5(g); the review of these items ends when the IMR organization confirms the report."
    ),
    "submit": "Report",
    "done": "Your report is recorded; the IMR organization confirms it.",
}
TOLD = {
    "title": "Record that treatment was authorized, settled or withdrawn",
    "lead": (
        "Record what came on paper or by phone. The review goes on until the report is confirmed. When somebody other "
        "than the claims administrator told it, the claims administrator’s own report is due within the days of LC "
        "4610.5(g), and a mail says so."
    ),
    "submit": "Record",
    "done": "The report is recorded. Confirm or refuse it under “Reported ends”.",
}
ALL_REPORTED = "A report about every item that is left waits to be confirmed or refused."


@requires(Action.ENDING_DECIDE)
def queue(request: AuthenticatedRequest) -> HttpResponse:
    """Reports that wait for an administrator, the oldest first."""
    page = keyset_page(
        open_reports(), field="reported_at", after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    return render(request, "cases/ending/queue.html", {"page": page, "lines": with_clocks(page.rows)})


@require_http_methods(["GET", "POST"])
@requires(Action.ENDING_REPORT)
def report(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The claims administrator reports itself; staff record what came on paper or by phone, and from whom."""
    case = find_case(request, case_id, Action.ENDING_REPORT)
    kind_of_form, words = (EndingForm, OWN) if request.user.is_claims else (ToldEndingForm, TOLD)
    is_sent = request.method == "POST"
    # What is sent may name an item that was reported meanwhile: the service says which one it is.
    items = items_to_end(case) if is_sent else items_to_report(case)
    form = kind_of_form(
        request.POST if is_sent else None,
        items=items,
        documents=list(case.documents.filter(removed_at__isnull=True)),
        reasons=ending_reasons(clock.today()),
        initial=_awaited(case) if request.user.is_claims else {"received_on": clock.today()},
    )

    def carry_out() -> EndingReport:
        told = {**form.cleaned_data}
        return report_ending(case_id=case.pk, actor=request.user, item_ids=told.pop("items"), **told)

    return act_page(
        request,
        case,
        form,
        carry_out,
        done=words["done"],
        closed=_why_ended(case) or ("" if items else ALL_REPORTED),
        context={
            "title": f"{words['title']} in case {case.number}",
            "lead": words["lead"],
            "submit": words["submit"],
        },
    )


@require_safe
@requires(Action.CASE_VIEW)
def due(request: AuthenticatedRequest, case_id: int, report_id: int) -> HttpResponse:
    """How the last day for a report of the claims administrator is found."""
    case = find_case(request, case_id)
    told = EndingReport.objects.filter(case=case, pk=report_id).first()
    deadline = report_deadline(told) if told else None
    if deadline is None:
        raise Http404
    context = {"back_url": reverse("cases:case-detail", args=[case.pk])}
    return render_explained(request, case, deadline, context)


@require_http_methods(["GET", "POST"])
@requires(Action.ENDING_DECIDE)
def decide(request: AuthenticatedRequest, case_id: int, report_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ENDING_DECIDE)
    told = EndingReport.objects.filter(case=case, pk=report_id).select_related("reported_by", "document").first()
    if told is None:
        raise Http404
    form = EndingDecisionForm(request.POST if request.method == "POST" else None)

    def carry_out() -> EndingReport:
        data = form.cleaned_data
        if data["decision"] == "refuse":
            return refuse_ending(report_id=told.pk, actor=request.user, note=data["note"])
        return confirm_ending(report_id=told.pk, actor=request.user, note=data["note"], free_text=data["free_text"])

    return act_page(
        request,
        case,
        form,
        carry_out,
        done="The report is decided.",
        closed=_why_decided(told),
        context={
            "title": f"Reported end in case {case.number}",
            "report": told,
            "items": list(told.items.all()),
            "notice": _ending_preview(case, told),
            "awaited": with_clocks([told])[0].awaited,
        },
        template="cases/ending/decide.html",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ENDING_DECIDE)
def end(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ENDING_DECIDE)
    form = StaffEndingForm(
        request.POST if request.method == "POST" else None,
        items=items_to_end(case),
        reasons=ending_reasons(clock.today()),
    )

    def carry_out() -> EndingReport:
        told = {**form.cleaned_data}
        return end_items(case_id=case.pk, actor=request.user, item_ids=told.pop("items"), **told)

    return act_page(
        request,
        case,
        form,
        carry_out,
        done="The items have ended, and the parties are told.",
        closed=_why_ended(case),
        context={
            "title": f"End items of case {case.number}",
            "lead": (
                "As the parties told by mail, fax or phone: the treatment was authorized, settled or withdrawn. With "
                "the last open item the case ends, and the parties get a notice (8 CCR 9792.10.6(a))."
            ),
            "submit": "End these items",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ENDING_DECIDE)
def dismiss(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ENDING_DECIDE)
    form = DismissalForm(request.POST if request.method == "POST" else None)
    reason = form.data.get("reason", "") if form.is_bound else ""
    notice = compose_notice(case, NoticeKind.DISMISSED, on=clock.today(), reason=known_reason(reason))
    return act_page(
        request,
        case,
        form,
        lambda: dismiss_case(
            case_id=case.pk,
            actor=request.user,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            free_text=form.cleaned_data["free_text"],
        ),
        done=f"Case {case.number} is dismissed, and the parties are told.",
        closed=why_closed(case, CaseEvent.DISMISS),
        context={
            "title": f"Dismiss case {case.number}",
            "lead": "After its assignment the case was found ineligible. No determination is made.",
            "submit": "Dismiss the case",
            "notice": notice,
            "shown": known_reason(reason),
        },
    )


def _awaited(case: Case) -> dict[str, Any]:
    """What others told first and the claims administrator is to report, as the form takes it."""
    told = next(iter(reports_awaited(case)), None)
    if told is None:
        return {}
    items = [str(item.pk) for item in told.items.all()]
    code = told.reason.code if told.reason else told.kind
    return {"reason_code": code, "items": items, "happened_on": told.happened_on}


def _why_ended(case: Case) -> str:
    return why_closed(case, CaseEvent.WITHDRAW, CaseEvent.TERMINATE)


def _why_decided(told: EndingReport) -> str:
    if told.decided_at is None:
        return ""
    return f"The report was {'confirmed' if told.is_confirmed else 'refused'} on {pacific(told.decided_at)}."


def _ending_preview(case: Case, told: EndingReport) -> object:
    withdrawn = told.kind == EndingKind.EMPLOYEE_WITHDREW
    kind = NoticeKind.WITHDRAWN if withdrawn else NoticeKind.TERMINATED
    return compose_notice(
        case,
        kind,
        on=clock.today(),
        items=list(told.items.all()),
        ended_because=f"{lower_first(told.words)}, on {told.happened_on:%m/%d/%Y}",
    )
