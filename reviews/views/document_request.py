"""Asking for records that a review lacks; the staff's answer; records received."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.selectors.case import visible_to as cases_visible_to
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from reviews.enums import RequestStatus
from reviews.forms.document_request import AnswerForm, AskForm, ReceivedForm
from reviews.forms.refusal import add_refusal
from reviews.selectors.document_request import open_request, requests_of, requests_visible_to, waiting_requests
from reviews.selectors.workspace import items_under_review
from reviews.services import document_request as service
from reviews.views.act import act_page
from reviews.views.workspace_page import find_assignment


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEW_WRITE)
def request_ask(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """The reviewer's requests of this case, and the form for one more while none is open."""
    assignment = find_assignment(request, assignment_id)
    items = list(items_under_review(assignment.case_id))
    form = AskForm(items, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.ask_for_records(
                    assignment_id=assignment.pk,
                    actor=request.user,
                    words=form.cleaned_data["words"],
                    item_ids=form.cleaned_data["items"],
                )
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, "The IMR organization sees what is missing. You can go on meanwhile.")
                return redirect("reviews:workspace", assignment.pk)
    asked = requests_of(assignment)
    context = {
        "assignment": assignment,
        "case": assignment.case,
        "form": form,
        "asked": asked,
        "open": open_request(assignment),
    }
    return render(request, "reviews/workspace/records_request.html", context, status=status)


@require_POST
@requires(Action.REVIEW_WRITE)
def request_withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    found = requests_visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such request.")
    try:
        service.withdraw_request(request_id=pk, actor=request.user)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "The request is taken back.")
    return redirect("reviews:request-ask", found.assignment_id)


@require_safe
@requires(Action.NOTICE_SERVE)
def request_queue(request: AuthenticatedRequest) -> HttpResponse:
    """Requests that the staff have not answered, the longest waiting first."""
    page = keyset_page(
        waiting_requests(),
        field="asked_at",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "reviews/assignment/requests.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.NOTICE_SERVE)
def request_answer(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Passes the request on to the parties, in words that the staff may change, or says why not."""
    found = requests_visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such request.")
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"words": found.words})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            words = form.cleaned_data["words"]
            passed = request.POST.get("answer") == "pass-on"
            try:
                if passed:
                    service.pass_on_request(request_id=pk, actor=request.user, words=words)
                else:
                    service.decline_request(request_id=pk, actor=request.user, answer=words)
            except DomainError as error:
                status = add_refusal(form, error)
                found.refresh_from_db()
            else:
                messages.success(
                    request,
                    "The parties see the request with its due date." if passed else "The reviewer reads your answer.",
                )
                return redirect("cases:case-detail", found.assignment.case_id)
    context = {
        "found": found,
        "case": found.assignment.case,
        "items": found.items.order_by("position"),
        "form": form,
        "is_open": found.status == RequestStatus.ASKED,
    }
    return render(request, "reviews/assignment/request.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.NOTICE_SERVE)
def documents_receive(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """Documents received, or the review goes on without them."""
    case = cases_visible_to(request.user, action=Action.NOTICE_SERVE).filter(pk=case_id).first()
    if case is None:
        raise Http404("There is no such case.")
    form = ReceivedForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        case,
        form,
        lambda: service.receive_documents(case_id=case.pk, actor=request.user, note=form.cleaned_data["note"]),
        done="The case is back with its reviewer, who has been told.",
        context={
            "title": "Documents received",
            "lead": "The case goes back to its reviewer and the clock of the parties ends. Use this also when nothing "
            "came and the review has to go on. Documents are added on the page of the case.",
            "submit": "Documents received",
        },
    )
