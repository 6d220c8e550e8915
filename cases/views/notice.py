"""Downloading the notices of a case, and the acts that send one beside the findings on eligibility."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import CaseEvent, CaseStatus, NoticeKind
from cases.forms.notice import NoticeTextForm, QuestionForm
from cases.models import Case
from cases.selectors.notice import compose_notice, notice_for
from cases.services.information import request_information
from cases.services.records import find_records_insufficient
from cases.views.act import act_page
from cases.views.case import find_case
from cases.views.closed import why_closed, why_not_in
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import clock, storage


@require_safe
@requires(Action.NOTICE_VIEW)
def download(request: AuthenticatedRequest, case_id: int, notice_id: int) -> FileResponse | HttpResponse:
    """The notice as a PDF; back to the case while it is being made."""
    found = notice_for(request.user, case_id=case_id, notice_id=notice_id)
    if found is None:
        raise Http404
    if found.rendered_at is None:
        return redirect("cases:case-detail", case_id=case_id)
    record(
        action="notice.download", actor=request.user, object_type="notice", object_id=found.pk, case_id=found.case_id
    )
    response = FileResponse(storage.open_verified(found.pdf_sha256), content_type="application/pdf")
    response["Content-Length"] = str(found.pdf_size)
    name = f"{found.case.number}_{found.kind.replace('_', '-')}-notice.pdf"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def information_request(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        case,
        form,
        lambda: request_information(case_id=case.pk, actor=request.user, question=form.cleaned_data["question"]),
        done="The parties are asked; the time to answer runs.",
        closed=why_closed(case, CaseEvent.REQUEST_INFORMATION),
        context={
            "title": f"Request information for case {case.number}",
            "lead": "The case waits until the answer is here or its time has passed (8 CCR 9792.10.3(b), (c)).",
            "submit": "Send the request",
            "notice": _preview(case, NoticeKind.INFORMATION),
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.NOTICE_SERVE)
def records_insufficient(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.NOTICE_SERVE)
    form = NoticeTextForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        case,
        form,
        lambda: find_records_insufficient(
            case_id=case.pk, actor=request.user, free_text=form.cleaned_data["free_text"]
        ),
        done="The parties are asked for the records again.",
        closed=why_not_in(case, {CaseStatus.AWAITING_RECORDS, CaseStatus.INSUFFICIENT_RECORDS}),
        context={
            "title": f"Records of case {case.number} insufficient",
            "lead": (
                "The time for records has passed, and nothing has arrived on which a determination may rest "
                "(8 CCR 9792.10.6(b)(2)). In a case that waits already this asks once more."
            ),
            "submit": "Ask for the records again",
            "notice": _preview(case, NoticeKind.INSUFFICIENT_RECORDS),
        },
    )


def _preview(case: Case, kind: NoticeKind) -> object:
    return compose_notice(case, kind, on=clock.today())
