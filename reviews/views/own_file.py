"""A reviewer's own entry in the register: the file as it stands, changes asked for, absences, the attestation."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.act import act_page
from imr.core.errors import DomainError
from imr.core.pdf_intake import inspect_pdf
from reviews.enums import ProposalKind
from reviews.forms.own_file import FORMS, AbsenceForm, AttestForm, LimitForm
from reviews.forms.refusal import add_refusal
from reviews.forms.reviewer import CertificationForm, LicenseForm
from reviews.models import Certification, License
from reviews.selectors import own_file as selectors
from reviews.selectors.own_file import OwnFile, absence_of, coming_absences, proposals_of
from reviews.selectors.reviewer import reviewer_of
from reviews.services import availability, proposal
from reviews.services.reviewer import record_cv_download
from reviews.views.reviewer import cv_response


@require_safe
@requires(Action.REVIEWER_FILE_OWN)
def own_file(request: AuthenticatedRequest) -> HttpResponse:
    """The file as the rules see it today, and the changes asked for."""
    return render(request, "reviews/own/file.html", {"file": selectors.own_file(request.user)})


@require_safe
@requires(Action.REVIEWER_FILE_OWN)
def own_cv(request: AuthenticatedRequest) -> HttpResponseBase:
    reviewer = reviewer_of(request.user)
    if reviewer is None or not reviewer.cv_sha256:
        messages.info(request, "There is no CV on file yet.")
        return redirect("reviews:own-file")
    record_cv_download(reviewer=reviewer, actor=request.user)
    return cv_response(reviewer.cv_sha256, f"{reviewer.code}_cv.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_FILE_OWN)
def own_attest(request: AuthenticatedRequest) -> HttpResponse:
    """Years and weekly hours of active practice, declared again."""
    file = selectors.own_file(request.user)
    if file is None:
        # The page says who adds the entry.
        return redirect("reviews:own-file")
    start = {"years": file.reviewer.years_in_practice, "hours": file.reviewer.hours_per_week}
    form = AttestForm(request.POST if request.method == "POST" else None, initial=start)

    def attest() -> None:
        data = form.cleaned_data
        availability.attest_practice(actor=request.user, years=data["years"], hours=data["hours"])

    return _act(
        request,
        form,
        attest,
        title="Attest your active practice",
        lead="Every letter says that its reviewer has been in active clinical practice for more than five years and "
        "is at least 24 hours a week now. Your declaration holds for one year.",
        submit="Attest",
        done="Your attestation is on file.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_FILE_OWN)
def own_propose(request: AuthenticatedRequest, kind: str) -> HttpResponse:
    """Asks for a change of the file: of one credential, or for a new one."""
    if kind not in ProposalKind.values:
        raise Http404("There is no such part of the file.")
    file = _file(request)
    what = ProposalKind(kind)
    held = _subject(file, what, request.GET.get("of", ""))
    posted = request.method == "POST"
    form = FORMS[what](request.POST if posted else None, request.FILES if posted else None, initial=_start(held))

    def propose() -> None:
        data = form.cleaned_data
        chunks, name = _upload(data.get("file"))
        proposal.propose_change(
            actor=request.user,
            kind=what,
            entry=form.entry() if isinstance(form, LicenseForm | CertificationForm) else None,
            subject_id=held.pk if held else None,
            note=data["note"],
            file=chunks,
            file_name=name,
        )

    return _act(
        request,
        form,
        propose,
        title=f"Propose a change: {what.label.lower() if what != ProposalKind.CV else 'CV'}",
        lead="The IMR organization verifies it first. Until then your file stays as it is.",
        submit="Propose the change",
        done="Your change waits for the IMR organization.",
        is_multipart=what == ProposalKind.CV,
    )


@require_POST
@requires(Action.REVIEWER_FILE_OWN)
def own_proposal_withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    if not proposals_of(request.user).filter(pk=pk).exists():
        raise Http404("There is no such change.")
    try:
        proposal.withdraw_proposal(actor=request.user, proposal_id=pk)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "The change is taken back.")
    return redirect("reviews:own-file")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_FILE_OWN)
def own_availability(request: AuthenticatedRequest) -> HttpResponse:
    """Absences to come, and the form for one more."""
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                availability.add_absence(actor=request.user, **form.cleaned_data)
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, "No new case is offered to you on these days. Cases you have stay with you.")
                return redirect("reviews:own-availability")
    return _availability(request, form, LimitForm(), status)


@require_POST
@requires(Action.REVIEWER_FILE_OWN)
def own_limit(request: AuthenticatedRequest) -> HttpResponse:
    form = LimitForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            availability.set_own_limit(actor=request.user, limit=form.cleaned_data["limit"])
        except DomainError as error:
            status = add_refusal(form, error)
        else:
            messages.success(request, "The most cases at once are saved.")
            return redirect("reviews:own-availability")
    return _availability(request, AbsenceForm(), form, status)


@require_POST
@requires(Action.REVIEWER_FILE_OWN)
def own_absence_end(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    if absence_of(request.user, pk) is None:
        raise Http404("There is no such absence.")
    availability.end_absence(actor=request.user, absence_id=pk)
    messages.success(request, "The absence has ended. Cases can be offered to you again.")
    return redirect("reviews:own-availability")


def _availability(request: AuthenticatedRequest, form: AbsenceForm, limit: LimitForm, status: int) -> HttpResponse:
    file = selectors.own_file(request.user)
    if file is not None and not limit.is_bound:
        limit.initial["limit"] = file.reviewer.own_limit
    context = {
        "file": file,
        "absences": coming_absences(file.reviewer) if file else [],
        "form": form,
        "limit_form": limit,
    }
    return render(request, "reviews/own/availability.html", context, status=status)


def _act(
    request: AuthenticatedRequest, form: Form, carry_out: Callable[[], object], *, done: str, **context: Any
) -> HttpResponse:
    back_url = reverse("reviews:own-file")
    return act_page(
        request, form, carry_out, template="reviews/own/act.html", back_url=back_url, done=done, context=context
    )


def _file(request: AuthenticatedRequest) -> OwnFile:
    file = selectors.own_file(request.user)
    if file is None:
        raise Http404("The register has no entry for you yet.")
    return file


def _subject(file: OwnFile, kind: ProposalKind, asked: str) -> License | Certification | None:
    """The credential that the address names; one that is not the reviewer's does not exist."""
    if not asked:
        return None
    rows: Iterable[License | Certification] = ()
    if kind == ProposalKind.LICENSE:
        rows = [one.row for one in file.licenses]
    elif kind == ProposalKind.CERTIFICATION:
        rows = [one.row for one in file.certifications]
    for row in rows:
        if str(row.pk) == asked:
            return row
    raise Http404("There is no such credential.")


def _start(held: License | Certification | None) -> dict[str, Any]:
    if isinstance(held, License):
        return LicenseForm.values_of(held)
    return CertificationForm.values_of(held) if held is not None else {}


def _upload(upload: TemporaryUploadedFile | None) -> tuple[Iterable[bytes], str]:
    if upload is None:
        return (), ""
    inspect_pdf(Path(upload.temporary_file_path()))
    return upload.chunks(), upload.name or ""
