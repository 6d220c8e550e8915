"""The short opinion of a colleague: asked for by staff, given by a reviewer who does not learn who signed."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.views.document import FRAMED_CSP, document_response, wants_copy
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import DomainError
from reviews.enums import ColleagueStatus
from reviews.forms.assignment import AcceptForm
from reviews.forms.colleague import AskColleagueForm, DeclineOpinionForm, OpinionForm
from reviews.forms.refusal import add_refusal
from reviews.models import ColleagueOpinion, Determination, Reviewer
from reviews.permissions import may_read_for_opinion
from reviews.selectors.assignment import case_facts, visible_to
from reviews.selectors.colleague import (
    answers_of,
    colleagues_for,
    files_before_author,
    opinions_asked,
    opinions_wanted_of,
    records_before_author,
    why_over,
)
from reviews.selectors.quality import BEING_READ
from reviews.selectors.snapshot import snapshot_of
from reviews.services import colleague as service
from reviews.services.reviewer import record_register_view


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGNMENT_MAKE)
def colleague_ask(request: AuthenticatedRequest, determination_id: int) -> HttpResponse:
    """The colleagues who may be asked about a signed determination, and what was asked and said so far."""
    determination = _determination(request, determination_id)
    form = AskColleagueForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                asked = service.ask_colleague(
                    determination_id=determination.pk,
                    reviewer_id=form.cleaned_data["reviewer"],
                    actor=request.user,
                    question=form.cleaned_data["question"],
                )
            except Reviewer.DoesNotExist:
                form.add_error(None, "Choose a reviewer of the list.")
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, f"{asked.reviewer.code} is asked.")
                return redirect(request.path)
    may_ask = determination.voided_at is None and determination.case.status in BEING_READ
    colleagues = colleagues_for(determination) if may_ask else []
    if colleagues:
        record_register_view(actor=request.user, count=len(colleagues))
    context = {
        "determination": determination,
        "case": determination.case,
        "form": form,
        "asked": opinions_asked(determination),
        "colleagues": colleagues,
        "may_ask": may_ask,
        "may_quality": request.user.can(Action.QUALITY_PASS),
        "back_url": reverse("reviews:assignment-create", args=[determination.case_id]),
    }
    return render(request, "reviews/colleague/ask.html", context, status=status)


@require_POST
@requires(Action.ASSIGNMENT_MAKE)
def colleague_withdraw(request: AuthenticatedRequest, determination_id: int, opinion_id: int) -> HttpResponse:
    """The colleague is no longer asked."""
    determination = _determination(request, determination_id)
    get_object_or_404(opinions_asked(determination), pk=opinion_id)
    try:
        service.withdraw_opinion(opinion_id=opinion_id, actor=request.user)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "The request is taken back.")
    return redirect("reviews:colleague-ask", determination.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGNMENT_ANSWER)
def colleague_opinion(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """First the attestation, then the determination without its author, and agree or disagree beside each item."""
    opinion = _own(request, pk)
    answer = request.POST.get("answer", "") if request.method == "POST" else ""
    forms: dict[str, Any] = {
        "attest": AcceptForm(request.POST if answer == "attest" else None),
        "opinion": OpinionForm(
            request.POST if answer == "opinion" else None, items=snapshot_of(opinion.determination).letter.items
        ),
        "decline": DeclineOpinionForm(request.POST if answer == "decline" else None),
    }
    status = 200
    if request.method == "POST":
        form: Form | None = forms.get(answer)
        status = 422
        if form is not None and form.is_valid():
            try:
                _act(request, opinion, answer, forms)
            except DomainError as error:
                status = add_refusal(form, error)
                opinion = _own(request, pk)
            else:
                return redirect("reviews:colleague-opinion", opinion.pk)
    return _opinion_page(request, opinion, forms, status)


@require_safe
@csp_override(FRAMED_CSP)
@requires(Action.ASSIGNMENT_ANSWER)
def colleague_record(request: AuthenticatedRequest, pk: int, document_id: int) -> HttpResponseBase:
    """A record that lay before the author, for reading only; each opening is on record."""
    opinion = _own(request, pk)
    may_read_for_opinion(request.user, opinion).require()
    paper = get_object_or_404(files_before_author(opinion.determination), pk=document_id)
    return document_response(
        paper,
        inline=True,
        wants_copy=wants_copy(request),
        note=lambda: service.record_opinion_view(opinion=opinion, actor=request.user, document=paper),
    )


def _act(request: AuthenticatedRequest, opinion: ColleagueOpinion, answer: str, forms: dict[str, Any]) -> None:
    who: dict[str, Any] = {"opinion_id": opinion.pk, "actor": request.user}
    if answer == "attest":
        service.attest_for_opinion(**who, **forms["attest"].answers())
    elif answer == "opinion":
        said = {position: service.ItemVerdict(*words) for position, words in forms["opinion"].answers().items()}
        service.answer_colleague(**who, verdicts=said)
        messages.success(request, "Thank you. Your opinion is with the IMR organization.")
    else:
        service.decline_opinion(**who, **forms["decline"].cleaned_data)
        messages.success(request, "Thank you for telling us.")


def _opinion_page(
    request: AuthenticatedRequest, opinion: ColleagueOpinion, forms: dict[str, Any], status: int
) -> HttpResponse:
    reading = may_read_for_opinion(request.user, opinion)
    over = why_over(opinion, clock.now())
    may_attest = not over and opinion.status == ColleagueStatus.ASKED
    context: dict[str, Any] = {
        "asked": opinion,
        "case": opinion.determination.case,
        "facts": case_facts(opinion.determination.case) if may_attest else None,
        "may_read": reading.allowed,
        "may_attest": may_attest,
        "may_answer": reading.allowed or may_attest,
        "closed": over or reading.reason,
        "answers": answers_of(opinion),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    if reading.allowed:
        snapshot = snapshot_of(opinion.determination)
        context["letter"] = snapshot.letter
        context["rows"] = [(item, *forms["opinion"].item_fields(item.position)) for item in snapshot.letter.items]
        context["records"] = records_before_author(opinion.determination, snapshot)
        service.record_opinion_view(opinion=opinion, actor=request.user)
    return render(request, "reviews/colleague/opinion.html", context, status=status)


def _own(request: AuthenticatedRequest, pk: int) -> ColleagueOpinion:
    return get_object_or_404(opinions_wanted_of(request.user), pk=pk)


def _determination(request: AuthenticatedRequest, pk: int) -> Determination:
    found = Determination.objects.select_related("case").filter(pk=pk).first()
    visible = visible_to(request.user, action=Action.ASSIGNMENT_MAKE)
    if found is None or not visible.filter(pk=found.assignment_id).exists():
        raise Http404("There is no such determination.")
    return found
