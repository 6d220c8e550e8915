"""Staff: changes of their file that reviewers ask for."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from reviews.enums import ProposalStatus
from reviews.forms.own_file import DecideForm
from reviews.forms.refusal import add_refusal
from reviews.models import FileProposal
from reviews.permissions import may_edit_register
from reviews.selectors.own_file import changes_of, open_proposals, proposals_of
from reviews.services.proposal import adopt_proposal, refuse_proposal
from reviews.services.reviewer import record_cv_download
from reviews.views.reviewer import cv_response


@require_safe
@requires(Action.REVIEWER_LIST)
def proposal_list(request: AuthenticatedRequest) -> HttpResponse:
    page = keyset_page(
        open_proposals(request.user),
        field="proposed_at",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "reviews/reviewer/proposals.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_LIST)
def proposal_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """What is on file beside what is asked for; posting adopts or refuses."""
    proposal = _find(request, pk)
    form = DecideForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        may_edit_register(request.user).require()
        status = 422
        if form.is_valid():
            decide = adopt_proposal if request.POST.get("answer") == "adopt" else refuse_proposal
            try:
                decide(actor=request.user, proposal_id=proposal.pk, note=form.cleaned_data["note"])
            except DomainError as error:
                status = add_refusal(form, error)
                proposal.refresh_from_db()
            else:
                adopted = decide is adopt_proposal
                messages.success(
                    request,
                    "The file holds the change. Verify a new or changed credential before it counts."
                    if adopted
                    else "The change is not adopted; the reviewer reads why.",
                )
                return redirect("reviews:reviewer-detail", pk=proposal.reviewer_id)
    context = {
        "proposal": proposal,
        "changes": changes_of(proposal),
        "form": form,
        "may_decide": may_edit_register(request.user).allowed and proposal.status == ProposalStatus.PROPOSED,
    }
    return render(request, "reviews/reviewer/proposal.html", context, status=status)


@require_safe
@requires(Action.REVIEWER_IDENTITY_VIEW)
def proposal_cv(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    proposal = _find(request, pk)
    if not proposal.cv_sha256:
        raise Http404("There is no file.")
    record_cv_download(reviewer=proposal.reviewer, actor=request.user)
    return cv_response(proposal.cv_sha256, f"{proposal.reviewer.code}_cv_proposed.pdf")


def _find(request: AuthenticatedRequest, pk: int) -> FileProposal:
    proposal = proposals_of(request.user).filter(pk=pk).first()
    if proposal is None:
        raise Http404("There is no such change.")
    return proposal
