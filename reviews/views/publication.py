"""Public copies of served letters: what has none, what the leak test found, redaction, approval, withdrawal."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import storage
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from reviews.enums import PublicationState
from reviews.forms.publication import KeepForm, RedactionForm, WithdrawForm
from reviews.forms.refusal import add_refusal
from reviews.models import Letter, PublicCopy
from reviews.selectors.publication import (
    compared_parts,
    findings_of,
    public_copies,
    redactions_of,
    unpublished_letters,
)
from reviews.selectors.rarity import rarities_of
from reviews.services.publication import (
    approve_copy,
    confirm_hit,
    propose_copy,
    record_copy_access,
    redact_certain,
    redact_words,
    undo_redaction,
    withdraw_copy,
)
from reviews.views.letter import PDF_POLICY

_STATES = {
    "work": [PublicationState.PROPOSED, PublicationState.REFUSED],
    "published": [PublicationState.APPROVED],
    "withdrawn": [PublicationState.WITHDRAWN],
}


@require_safe
@requires(Action.PUBLICATION_VIEW)
def publication_queue(request: AuthenticatedRequest) -> HttpResponse:
    """Served letters without a public copy; with `?show=`, the copies in work, published, or withdrawn."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    show = request.GET.get("show", "")
    may_edit = request.user.can(Action.PUBLICATION_EDIT)
    if show in _STATES:
        copies = public_copies().filter(state__in=_STATES[show])
        page = keyset_page(copies, field="proposed_at", descending=show != "work", after=after, before=before)
        return render(request, "reviews/publication/queue.html", {"page": page, "show": show, "may_edit": may_edit})
    waiting = keyset_page(unpublished_letters(), field="rendered_at", after=after, before=before)
    return render(request, "reviews/publication/queue.html", {"page": waiting, "show": "", "may_edit": may_edit})


@require_POST
@requires(Action.PUBLICATION_EDIT)
def publication_propose(request: AuthenticatedRequest, letter_id: int) -> HttpResponse:
    """Makes the copy, tests it, and shows what was found."""
    if not Letter.objects.filter(pk=letter_id).exists():
        raise Http404
    copy = propose_copy(letter_id=letter_id, actor=request.user)
    return redirect("reviews:publication-detail", copy_id=copy.pk)


@require_safe
@requires(Action.PUBLICATION_VIEW)
def publication_detail(request: AuthenticatedRequest, copy_id: int) -> HttpResponse:
    copy = _find(copy_id)
    record_copy_access(copy=copy, actor=request.user, how="view")
    return _page(request, copy)


@xframe_options_sameorigin
@csp_override(PDF_POLICY)
@require_safe
@requires(Action.PUBLICATION_VIEW)
def publication_pdf(request: AuthenticatedRequest, copy_id: int) -> FileResponse:
    """The copy as it would leave, or left; the bytes were checked against their digest."""
    copy = _find(copy_id)
    note = partial(record_copy_access, copy=copy, actor=request.user, how="download")
    handle = storage.open_noted(copy.sha256, note)
    return FileResponse(handle, filename=f"{copy.case.number}_public.pdf", content_type="application/pdf")


@require_POST
@requires(Action.PUBLICATION_EDIT)
def publication_redact(request: AuthenticatedRequest, copy_id: int) -> HttpResponse:
    copy = _find(copy_id)
    form = RedactionForm(request.POST, places=[part.place for part in compared_parts(copy)])
    if form.is_valid():
        try:
            redact_words(copy_id=copy.pk, actor=request.user, **form.cleaned_data)
        except DomainError as error:
            return _page(request, copy, redaction=form, status=add_refusal(form, error))
        messages.success(request, "Taken out. The leak test ran again.")
        return redirect("reviews:publication-detail", copy_id=copy.pk)
    return _page(request, copy, redaction=form, status=422)


@require_POST
@requires(Action.PUBLICATION_EDIT)
def publication_redact_certain(request: AuthenticatedRequest, copy_id: int) -> HttpResponse:
    """Every certain finding at once."""
    copy = _find(copy_id)
    redact_certain(copy_id=copy.pk, actor=request.user)
    messages.success(request, "Taken out. The leak test ran again.")
    return redirect("reviews:publication-detail", copy_id=copy.pk)


@require_POST
@requires(Action.PUBLICATION_EDIT)
def publication_undo(request: AuthenticatedRequest, copy_id: int, position: int) -> HttpResponse:
    copy = _find(copy_id)
    undo_redaction(copy_id=copy.pk, actor=request.user, position=position)
    messages.success(request, "Put back. The leak test ran again.")
    return redirect("reviews:publication-detail", copy_id=copy.pk)


@require_POST
@requires(Action.PUBLICATION_EDIT)
def publication_keep(request: AuthenticatedRequest, copy_id: int) -> HttpResponse:
    copy = _find(copy_id)
    form = KeepForm(request.POST, auto_id="keep_%s")
    if form.is_valid():
        try:
            confirm_hit(copy_id=copy.pk, actor=request.user, **form.cleaned_data)
        except DomainError as error:
            return _page(request, copy, keep=form, status=add_refusal(form, error))
        messages.success(request, "Kept, with your reason on record.")
        return redirect("reviews:publication-detail", copy_id=copy.pk)
    return _page(request, copy, keep=form, status=422)


@require_POST
@requires(Action.PUBLICATION_APPROVE)
def publication_approve(request: AuthenticatedRequest, copy_id: int) -> HttpResponse:
    copy = _find(copy_id)
    approve_copy(copy_id=copy.pk, actor=request.user, sha256=request.POST.get("sha256", ""))
    messages.success(request, f"The public copy of case {copy.case.number} is published.")
    return redirect("reviews:publication-detail", copy_id=copy.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PUBLICATION_EDIT)
def publication_withdraw(request: AuthenticatedRequest, copy_id: int) -> HttpResponse:
    copy = _find(copy_id)
    form = WithdrawForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                withdraw_copy(copy_id=copy.pk, actor=request.user, reason=form.cleaned_data["reason"])
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, f"The public copy of case {copy.case.number} is withdrawn.")
                return redirect("reviews:publication-queue")
    return render(request, "reviews/publication/withdraw.html", {"copy": copy, "form": form}, status=status)


def _find(copy_id: int) -> PublicCopy:
    copy = public_copies().filter(pk=copy_id).first()
    if copy is None:
        raise Http404
    return copy


def _page(
    request: AuthenticatedRequest,
    copy: PublicCopy,
    *,
    redaction: RedactionForm | None = None,
    keep: KeepForm | None = None,
    status: int = 200,
) -> HttpResponse:
    parts = compared_parts(copy)
    findings = findings_of(copy)
    may_edit = request.user.can(Action.PUBLICATION_EDIT)
    can_edit = may_edit and copy.approved_at is None and copy.withdrawn_at is None
    typed = keep["key"].value() if keep else None
    rows = [
        (
            finding,
            keep
            if keep and finding.key == typed
            else KeepForm(initial={"key": finding.key}, auto_id=f"keep{place}_%s"),
        )
        for place, finding in enumerate(findings)
    ]
    return render(
        request,
        "reviews/publication/detail.html",
        {
            "copy": copy,
            "parts": parts,
            "rows": rows,
            "rarities": rarities_of(copy) if copy.withdrawn_at is None else [],
            "certain_count": sum(finding.is_certain for finding in findings),
            "open_count": sum(finding.is_open for finding in findings),
            "redactions": list(enumerate(redactions_of(copy))),
            "redaction": redaction or RedactionForm(places=[part.place for part in parts]),
            "keep": keep,
            "can_edit": can_edit,
            "may_edit": may_edit,
            "may_approve": request.user.can(Action.PUBLICATION_APPROVE),
            "is_own": copy.edited_by_id == request.user.pk,
        },
        status=status,
    )
