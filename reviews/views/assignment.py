"""Assigning a case, taking it back, and the reviewer's answer to an offer."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import CaseStatus
from cases.models import Case
from cases.selectors.case import visible_to as cases_visible_to
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import DomainError
from imr.core.paging import Page, keyset_page
from reviews.enums import OPEN_ASSIGNMENTS, AssignmentStatus, LookPlace
from reviews.forms.assignment import AcceptForm, CandidateFilterForm, DeclineForm, OfferForm, RecallForm
from reviews.forms.refusal import add_refusal
from reviews.models import Assignment, Reviewer
from reviews.permissions import may_answer_offer
from reviews.selectors import assignment as selectors
from reviews.selectors.candidates import candidates_for, name_of, seed_of
from reviews.selectors.document_request import waiting_requests
from reviews.selectors.message import unread_by_staff
from reviews.selectors.offer import is_unanswered, stalled
from reviews.selectors.panel import free_seat, panel_of_case, seats_of
from reviews.services import assignment as service
from reviews.services.look import note_look
from reviews.services.panel import BEFORE_SIGNATURE
from reviews.services.reviewer import record_register_view


@require_safe
@requires(Action.ASSIGNMENT_MAKE)
def assignment_queue(request: AuthenticatedRequest) -> HttpResponseBase:
    page: Page[Case] = keyset_page(
        selectors.assignment_queue(request.user),
        field="queue_key",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "stalled": stalled(clock.now()),
        "asked": waiting_requests().count(),
        "unread": unread_by_staff().count(),
    }
    return render(request, "reviews/assignment/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGNMENT_MAKE)
def assignment_create(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """The candidates for a case with the reasons for and against each; posting offers the case to one."""
    case = cases_visible_to(request.user, action=Action.ASSIGNMENT_MAKE).filter(pk=case_id).first()
    if case is None:
        raise Http404("There is no such case.")
    form = OfferForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                offer = service.offer_assignment(
                    case_id=case.pk, reviewer_id=form.cleaned_data["reviewer"], actor=request.user
                )
            except Reviewer.DoesNotExist:
                form.add_error(None, "Choose a reviewer of the list.")
            except DomainError as error:
                status = add_refusal(form, error)
                case.refresh_from_db()
            else:
                messages.success(
                    request, f"Case {case.number} is offered to {name_of(offer.reviewer)} ({offer.reviewer.code})."
                )
                return redirect("reviews:assignment-queue")
    return render(request, "reviews/assignment/create.html", _choice(request, case, form), status=status)


def _choice(request: AuthenticatedRequest, case: Case, form: OfferForm) -> dict[str, object]:
    filters = CandidateFilterForm(request.GET)
    specialty = filters.cleaned_data["specialty"] if filters.is_valid() else ""
    panel = panel_of_case(case.pk, case.round)
    seats = seats_of(panel) if panel else []
    open_one = None if panel else selectors.open_assignment(case)
    may_offer = free_seat(case) is not None and case.status in (
        service.SEATING if panel else {CaseStatus.READY_FOR_REVIEW}
    )
    seated = {seat.assignment.reviewer_id for seat in seats if seat.assignment}
    found = candidates_for(case, specialty=specialty) if may_offer else []
    found = [one for one in found if one.reviewer.pk not in seated]
    if found:
        record_register_view(actor=request.user, count=len(found))
    return {
        "case": case,
        "form": form,
        "filters": filters,
        "specialty": specialty,
        "may_offer": may_offer,
        "open_assignment": open_one,
        "open_name": name_of(open_one.reviewer) if open_one else "",
        "facts": selectors.case_facts(case),
        "fit": [one for one in found if one.is_fit],
        "barred": [one for one in found if not one.is_fit],
        "past": selectors.assignments_of_case(case),
        "seed": seed_of(case),
        "panel": panel,
        "seats": seats,
        "signed": selectors.signed_determination(case),
        "checks_quality": request.user.can(Action.QUALITY_PASS),
        "may_record_panel": panel is None and case.status in BEFORE_SIGNATURE,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGNMENT_MAKE)
def assignment_recall(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """Asks for the reason, then takes the case back."""
    assignment = selectors.visible_to(request.user, action=Action.ASSIGNMENT_MAKE).filter(pk=pk).first()
    if assignment is None:
        raise Http404("There is no such assignment.")
    form = RecallForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.recall_assignment(assignment_id=pk, actor=request.user, reason=form.cleaned_data["reason"])
            except DomainError as error:
                status = add_refusal(form, error)
                assignment.refresh_from_db()
            else:
                messages.success(
                    request, f"Case {assignment.case.number} is back in the assignment queue. A draft is kept."
                )
                return redirect("reviews:assignment-create", case_id=assignment.case_id)
    context = {
        "assignment": assignment,
        "case": assignment.case,
        "name": name_of(assignment.reviewer),
        "form": form,
        "is_open": assignment.status in OPEN_ASSIGNMENTS,
        "back_url": reverse("reviews:assignment-create", args=[assignment.case_id]),
    }
    return render(request, "reviews/assignment/recall.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGNMENT_ANSWER)
def assignment_offer(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """What the reviewer may know before accepting; the answer accepts, or declines where it must.

    An answer that declines for good is asked about once more.
    """
    assignment = _own(request, pk)
    if assignment.status == AssignmentStatus.ACCEPTED:
        return redirect("reviews:workspace", pk)
    note_look(assignment_id=pk, place=LookPlace.CASE)
    answer = request.POST.get("answer", "")
    accepting = request.method == "POST" and answer != "decline"
    form = AcceptForm(request.POST if accepting else None)
    decline = DeclineForm(request.POST if request.method == "POST" and not accepting else None)
    status = 200
    if request.method == "POST":
        status = 422
        asked = form if accepting else decline
        if answer == "back" and form.is_valid():
            status = 200
        elif accepting and form.is_valid() and form.stands_against and request.POST.get("confirmed") != "yes":
            return render(
                request, "reviews/assignment/offer_confirm.html", {"assignment": assignment, "form": form}, status=200
            )
        elif asked.is_valid():
            try:
                ended = (
                    service.accept_assignment(assignment_id=pk, actor=request.user, **form.answers())
                    if accepting
                    else service.decline_assignment(assignment_id=pk, actor=request.user, **decline.answers())
                )
            except DomainError as error:
                status = add_refusal(asked, error)
                assignment.refresh_from_db()
            else:
                return _answered(request, ended)
    context = {
        "assignment": assignment,
        "case": assignment.case,
        "facts": selectors.case_facts(assignment.case),
        "form": form,
        "decline": decline,
        "is_open": may_answer_offer(request.user, assignment).allowed and assignment.case.status in service.SEATING,
        "is_over": is_unanswered(assignment, clock.now()),
        "panel": panel_of_case(assignment.case_id, assignment.round),
    }
    return render(request, "reviews/assignment/offer.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGNMENT_ANSWER)
def assignment_return(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """The reviewer gives an accepted case back, because of a conflict found in the records or another reason."""
    assignment = _own(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.decline_assignment(assignment_id=pk, actor=request.user, **form.answers())
            except DomainError as error:
                status = add_refusal(form, error)
                assignment.refresh_from_db()
            else:
                messages.success(
                    request, f"Case {assignment.case.number} is given back. Its records are closed; your draft is kept."
                )
                return redirect("reviews:worklist")
    context = {
        "assignment": assignment,
        "case": assignment.case,
        "form": form,
        "is_open": assignment.status == AssignmentStatus.ACCEPTED,
    }
    return render(request, "reviews/assignment/return.html", context, status=status)


def _answered(request: AuthenticatedRequest, assignment: Assignment) -> HttpResponseBase:
    if assignment.status == AssignmentStatus.ACCEPTED:
        messages.success(request, "You accepted the case. Its records are open to you now.")
        return redirect("reviews:workspace", assignment.pk)
    messages.success(
        request,
        f"Case {assignment.case.number} is declined ({assignment.get_decline_reason_display().lower()}). "
        "Thank you for telling us.",
    )
    return redirect("reviews:worklist")


def _own(request: AuthenticatedRequest, pk: int) -> Assignment:
    assignment = selectors.visible_to(request.user).filter(pk=pk).select_related("case", "reviewer").first()
    if assignment is None:
        raise Http404("There is no such assignment.")
    return assignment
