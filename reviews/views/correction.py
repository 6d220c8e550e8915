"""Correcting a served letter: proposing with a view of what changes, and deciding."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.views.closed import closed_page
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from reviews.enums import CorrectionStatus
from reviews.forms.correction import ApprovalForm, CorrectionForm, RefusalForm
from reviews.forms.refusal import add_refusal
from reviews.letters.correction import changes_between
from reviews.models import Correction, Determination
from reviews.selectors.correction import changes_of, marked, why_not_correctable
from reviews.selectors.snapshot import snapshot_of
from reviews.services.correction import (
    approve_correction,
    propose_correction,
    refuse_correction,
    withdraw_correction,
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.CORRECTION_PROPOSE)
def correction_propose(request: AuthenticatedRequest, determination_id: int) -> HttpResponse:
    """The letter's texts in a form; the changes are shown word by word before they are proposed."""
    determination = Determination.objects.select_related("case").filter(pk=determination_id).first()
    if determination is None:
        raise Http404
    if request.method != "POST" and (why := why_not_correctable(determination)):
        return closed_page(request, determination.case, title="Correct the letter", why=why)
    letter = snapshot_of(determination).letter
    form = CorrectionForm(request.POST or None, letter)
    status, changes = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = 200
            changes = [change for _, change in changes_between(letter, form.texts())]
            if not changes:
                form.add_error(None, "Nothing is changed yet. Change the words that are wrong.")
                status = 422
            elif "propose" in request.POST:
                try:
                    proposed = propose_correction(
                        determination_id=determination.pk,
                        actor=request.user,
                        texts=form.texts(),
                        reason=form.cleaned_data["reason"],
                    )
                except DomainError as error:
                    status = add_refusal(form, error)
                else:
                    messages.success(request, "The correction waits for the medical director.")
                    return redirect("reviews:correction-detail", proposed.pk)
    return render(
        request,
        "reviews/correction/propose.html",
        {"form": form, "case": determination.case, "determination": determination, "changes": marked(changes)},
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.CORRECTION_PROPOSE)
def correction_detail(request: AuthenticatedRequest, correction_id: int) -> HttpResponse:
    """What changes, why, and the decision; a second person approves or refuses."""
    correction = (
        Correction.objects.select_related("case", "proposed_by", "decided_by", "determination")
        .filter(pk=correction_id)
        .first()
    )
    if correction is None:
        raise Http404
    is_open = correction.status == CorrectionStatus.PROPOSED
    wanted = request.POST.get("act", "") if is_open else ""
    approval = ApprovalForm(
        request.POST if wanted == "approve" else None, initial={"snapshot_sha256": correction.snapshot_sha256}
    )
    refusal = RefusalForm(request.POST if wanted in ("refuse", "withdraw") else None)
    status = 200
    if request.method == "POST" and not is_open:
        # The page has no form any more, so nothing is asked for.
        status = 409
        messages.warning(request, f"This correction was {correction.get_status_display().lower()} meanwhile.")
    elif request.method == "POST":
        status = 422
        form = approval if wanted == "approve" else refusal
        if form.is_valid():
            try:
                done = _decide(request, correction, wanted, form.cleaned_data)
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, done)
                return redirect(reverse("cases:case-detail", args=[correction.case_id]))
    is_own = correction.proposed_by_id == request.user.pk
    return render(
        request,
        "reviews/correction/detail.html",
        {
            "correction": correction,
            "case": correction.case,
            "changes": marked(changes_of(correction)),
            "approval": approval,
            "refusal": refusal,
            "may_decide": is_open and not is_own and request.user.can(Action.CORRECTION_DECIDE),
            "may_withdraw": is_open and (is_own or not request.user.can(Action.CORRECTION_DECIDE)),
        },
        status=status,
    )


def _decide(request: AuthenticatedRequest, correction: Correction, wanted: str, given: dict[str, str]) -> str:
    if wanted == "approve":
        approve_correction(
            correction_id=correction.pk,
            actor=request.user,
            password=given["password"],
            snapshot_sha256=given["snapshot_sha256"],
        )
        return "The correction is approved. The new version is being made; release it to have it served."
    if wanted == "refuse":
        refuse_correction(correction_id=correction.pk, actor=request.user, note=given["note"])
        return "The correction is refused. The letter stays as it is."
    withdraw_correction(correction_id=correction.pk, actor=request.user, note=given["note"])
    return "The correction is taken back. The letter stays as it is."
