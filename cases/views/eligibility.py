"""Eligibility, the notice of assignment, and the completeness of the records."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from cases.enums import CaseEvent, IneligibilityReason, NoticeKind
from cases.forms.notice import AssignmentNoticeForm, SentIneligibilityForm
from cases.forms.staff import EligibilityForm, ReasonForm
from cases.selectors.detail import case_detail
from cases.selectors.eligibility import case_checks
from cases.selectors.notice import compose_notice
from cases.services.eligibility import (
    consent_to_review,
    find_eligible,
    find_ineligible,
    resume_deferred,
    reverse_ineligibility,
)
from cases.services.records import complete_records, record_notice_served
from cases.views.act import act_page, known_reason
from cases.views.case import find_case
from cases.views.closed import why_closed
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def eligible(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    found = case_checks(case, today=clock.today())
    form = EligibilityForm(
        list(case.items.all()),
        request.POST if request.method == "POST" else None,
        refused=found.proposal.refused if found.proposal.is_settled and not found.proposal.reason else None,
    )
    return act_page(
        request,
        case,
        form,
        lambda: find_eligible(
            case_id=case.pk, actor=request.user, items=form.decisions(), note=form.cleaned_data["note"]
        ),
        done=f"Case {case.number} is eligible. Next, the notice of assignment goes out.",
        context={
            "title": f"Find case {case.number} eligible",
            "detail": case_detail(case, user=request.user),
            "found": found,
        },
        template="cases/eligible.html",
        closed=why_closed(case, CaseEvent.FIND_ELIGIBLE),
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def ineligible(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    return _refusal(request, case_id, defers=False)


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def defer(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    return _refusal(request, case_id, defers=True)


def _refusal(request: AuthenticatedRequest, case_id: int, *, defers: bool) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    found = case_checks(case, today=clock.today())
    proposed = IneligibilityReason.LIABILITY.value if defers else found.proposal.reason or ""
    form = SentIneligibilityForm(
        request.POST if request.method == "POST" else None, initial={"reason": proposed, "note": ""}
    )
    reason = known_reason(form.data.get("reason", "")) if form.is_bound else proposed
    is_deferral = reason == IneligibilityReason.LIABILITY
    kind = NoticeKind.DEFERRED if is_deferral else NoticeKind.INELIGIBLE
    return act_page(
        request,
        case,
        form,
        lambda: find_ineligible(
            case_id=case.pk,
            actor=request.user,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            free_text=form.cleaned_data["free_text"],
        ),
        done=f"The finding on case {case.number} is recorded, and the parties are told.",
        closed=why_closed(case, CaseEvent.FIND_INELIGIBLE, CaseEvent.DEFER),
        context={
            "title": f"Defer case {case.number}" if defers else f"Find case {case.number} ineligible",
            "lead": (
                "The whole case ends with this finding; disputed liability (INE-LIAB) puts it on hold instead. "
                "To refuse only some items, find the case eligible and mark those items."
            ),
            "submit": "Defer and send the notice" if is_deferral else "Find ineligible and send the notice",
            "notice": compose_notice(case, kind, on=clock.today(), reason=reason) if reason else None,
            "shown": reason,
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def consent(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        case,
        form,
        lambda: consent_to_review(case_id=case.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        closed=why_closed(case, CaseEvent.CONSENT_TO_REVIEW),
        done=f"Case {case.number} is eligible. Next, the notice of assignment goes out.",
        context={
            "title": f"Consent to the review of case {case.number}",
            "lead": (
                "The claims administrator agrees to the review although liability is disputed "
                "(8 CCR 9792.10.3(d)). Write who agreed, when and how."
            ),
            "submit": "Record the consent",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def reverse_finding(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        case,
        form,
        lambda: reverse_ineligibility(case_id=case.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        closed=why_closed(case, CaseEvent.REVERSE_INELIGIBILITY),
        done=f"Case {case.number} is eligible. Next, the notice of assignment goes out.",
        context={
            "title": f"Reverse the finding on case {case.number}",
            "lead": (
                "On new information before an appeal is filed or its time ends, or as the WCAB orders "
                "(8 CCR 9792.10.3(f)). The refused items become eligible."
            ),
            "submit": "Reverse the finding",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def resume(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        case,
        form,
        lambda: resume_deferred(case_id=case.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        done=f"Case {case.number} is in eligibility review again.",
        closed=why_closed(case, CaseEvent.RESUME),
        context={
            "title": f"Resume case {case.number}",
            "lead": "The dispute about liability is resolved, and eligibility is decided anew (8 CCR 9792.10.3(d)).",
            "submit": "Resume",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.NOTICE_SERVE)
def notice(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.NOTICE_SERVE)
    form = AssignmentNoticeForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        case,
        form,
        lambda: record_notice_served(
            case_id=case.pk,
            actor=request.user,
            method=form.cleaned_data["method"],
            served_at=form.served_at(),
            free_text=form.cleaned_data["free_text"],
        ),
        done="The notice is recorded as served on every party; the record deadline runs from it.",
        closed=why_closed(case, CaseEvent.SERVE_NOARFI),
        context={
            "notice": compose_notice(case, NoticeKind.ASSIGNMENT, on=clock.today()),
            "title": f"Record the notice of assignment for case {case.number}",
            "lead": (
                "The notice of assignment and request for information goes to the parties as shown below. "
                "The deadline for records runs from its service (8 CCR 9792.10.4(b), 9792.10.5)."
            ),
            "submit": "Record notice",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.NOTICE_SERVE)
def records_complete(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.NOTICE_SERVE)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].required = False
    form.fields["reason"].label = "Remark for the file"
    return act_page(
        request,
        case,
        form,
        lambda: complete_records(case_id=case.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        done=f"Case {case.number} is ready for review.",
        closed=why_closed(case, CaseEvent.COMPLETE_RECORDS),
        context={
            "title": f"Records complete for case {case.number}",
            "lead": "The case goes to the assignment queue, and the time to decide runs from now (LC 4610.6(d)).",
            "submit": "Records complete",
        },
    )
