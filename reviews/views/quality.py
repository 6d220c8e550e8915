"""The medical director's quality check: read the letter, pass it or return it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.enums import CaseEvent, CaseStatus
from cases.workflow import TRANSITIONS
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from reviews.forms.letter import ReturnForm
from reviews.models import Determination
from reviews.selectors.correction import corrections_to_decide
from reviews.selectors.letter import letter_status, quality_queue, snapshot_of
from reviews.services.determination import pass_determination, return_for_correction


@require_safe
@requires(Action.QUALITY_PASS)
def quality_list(request: AuthenticatedRequest) -> HttpResponse:
    page = keyset_page(
        quality_queue(), field="signed_at", after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    corrections = corrections_to_decide()[:100]
    return render(request, "reviews/quality/queue.html", {"page": page, "corrections": corrections})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.QUALITY_PASS)
def quality_detail(request: AuthenticatedRequest, determination_id: int) -> HttpResponse:
    """The letter beside its facts; the form returns it for correction."""
    determination = _find(determination_id)
    form = ReturnForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return_for_correction(
                    determination_id=determination.pk, actor=request.user, reason=form.cleaned_data["reason"]
                )
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                messages.success(request, f"Case {determination.case.number} is back with its reviewer.")
                return redirect("reviews:quality-queue")
    return render(
        request,
        "reviews/quality/detail.html",
        {
            "determination": determination,
            "case": determination.case,
            "letter": snapshot_of(determination).letter,
            "status": letter_status(case=determination.case, user=request.user),
            "form": form,
            "may_return": determination.voided_at is None
            and CaseStatus(determination.case.status) in TRANSITIONS[CaseEvent.RETURN_FOR_CORRECTION].sources,
        },
        status=status,
    )


@require_POST
@requires(Action.QUALITY_PASS)
def quality_pass(request: AuthenticatedRequest, determination_id: int) -> HttpResponse:
    determination = _find(determination_id)
    pass_determination(determination_id=determination.pk, actor=request.user)
    messages.success(request, f"Case {determination.case.number} passed. Its letter can be released.")
    return redirect("reviews:quality-queue")


def _find(determination_id: int) -> Determination:
    found = Determination.objects.select_related("case").filter(pk=determination_id).first()
    if found is None:
        raise Http404
    return found
