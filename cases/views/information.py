"""Requests for information: answered by the claims administrator, watched and closed by administrators."""

from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import CaseStatus
from cases.forms.following import InformationAnswerForm
from cases.forms.notice import AnswerForm
from cases.models import InformationRequest
from cases.rules.documents import TAKES_DOCUMENTS
from cases.selectors.deadline import latest_deadline
from cases.selectors.information import (
    answer_due_at,
    enclosures,
    open_requests,
    request_state,
    requests_of,
)
from cases.services.information import answer_information, receive_information
from cases.views.act import act_page
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import clock
from imr.core.paging import keyset_page


@require_safe
@requires(Action.ELIGIBILITY_DECIDE)
def queue(request: AuthenticatedRequest) -> HttpResponse:
    """Requests that wait for an answer, or for somebody who reads it; the first due first."""
    page = keyset_page(
        open_requests(), field="due_at", after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    now = clock.now()
    lines = []
    for row in page.rows:
        state, kind = request_state(
            is_complete=row.is_complete,  # type: ignore[attr-defined]
            has_answers=row.answer_count > 0,  # type: ignore[attr-defined]
            is_closed=False,
            is_overdue=row.expired_at is not None or now > row.due_at,
        )
        lines.append({"request": row, "state": state, "kind": kind})
    return render(request, "cases/information/queue.html", {"page": page, "lines": lines})


@require_http_methods(["GET", "POST"])
@requires(Action.INFORMATION_ANSWER)
def answer(request: AuthenticatedRequest, case_id: int, request_id: int) -> HttpResponse:
    """What is asked, until when, and the answer of the claims administrator."""
    case = find_case(request, case_id, Action.INFORMATION_ANSWER)
    asked = InformationRequest.objects.filter(case=case, pk=request_id).first()
    if asked is None:
        raise Http404
    told = next(one for one in requests_of(case) if one.request.pk == asked.pk)
    _note_view(request, asked)
    form = InformationAnswerForm(
        request.POST if request.method == "POST" else None, initial={"token": uuid4(), "is_complete": "yes"}
    )
    return act_page(
        request,
        case,
        form,
        lambda: answer_information(request_id=asked.pk, actor=request.user, **form.cleaned_data),
        done="Your answer is on record, and the IMR organization sees it.",
        closed="" if told.is_answerable else f"This request takes no answer any more: {told.state.lower()}.",
        context={
            "title": f"Answer the request for information in case {case.number}",
            "told": told,
            "due_at": answer_due_at(asked),
            "is_late": asked.expired_at is not None or clock.now() > answer_due_at(asked),
            "has_clock": latest_deadline(case, "information") is not None,
            "enclosures": list(enclosures(asked, request.user)),
            "may_add": CaseStatus(case.status) in TAKES_DOCUMENTS and request.user.can(Action.DOCUMENT_UPLOAD),
        },
        template="cases/information/answer.html",
    )


@require_http_methods(["GET", "POST"])
@requires(Action.ELIGIBILITY_DECIDE)
def receive(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The request is closed, and eligibility review goes on."""
    case = find_case(request, case_id, Action.ELIGIBILITY_DECIDE)
    told = next(iter(requests_of(case)), None)
    if told:
        _note_view(request, told.request)
    initial = {"answer": "As answered here."} if told and any(one.is_complete for one in told.answers) else None
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    return act_page(
        request,
        case,
        form,
        lambda: receive_information(case_id=case.pk, actor=request.user, answer=form.cleaned_data["answer"]),
        done=f"Case {case.number} is in eligibility review again.",
        context={"title": f"Information received for case {case.number}", "told": told},
        template="cases/information/receive.html",
    )


def _note_view(request: AuthenticatedRequest, asked: InformationRequest) -> None:
    """Whoever reads the question and its answers is on record."""
    if request.method != "POST":
        record(
            action="information.viewed",
            actor=request.user,
            object_type="informationrequest",
            object_id=asked.pk,
            case_id=asked.case_id,
        )
