"""The reviewer register: list, file, entry, credentials, verification log, CV."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.paginator import Paginator
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.pdf_intake import inspect_pdf
from imr.core.storage import open_verified
from reviews.forms import reviewer as forms
from reviews.forms.refusal import add_refusal
from reviews.models import Reviewer
from reviews.permissions import may_edit_register
from reviews.selectors import register as selectors
from reviews.selectors.own_file import coming_absences, open_proposals
from reviews.selectors.register import ReviewerFile
from reviews.selectors.reviewer import visible_to
from reviews.services import credential as credentials
from reviews.services import reviewer as service

PAGE_SIZE: Final = 25


@require_safe
@requires(Action.REVIEWER_LIST)
def reviewer_list(request: AuthenticatedRequest) -> HttpResponseBase:
    form = forms.RegisterFilterForm(request.GET)
    rows = selectors.register(request.user, form.wanted())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    service.record_register_view(actor=request.user, count=len(page.object_list))
    context = {
        "form": form,
        "page": page,
        "total": len(rows),
        "is_filtered": any(request.GET.get(name) for name in ("q", "specialty", "state", "standing")),
        "may_edit": may_edit_register(request.user).allowed,
        "proposals": open_proposals(request.user).count(),
    }
    return render(request, "reviews/reviewer/list.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Action.REVIEWER_IDENTITY_VIEW)
def reviewer_detail(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    file = _file(request, pk)
    service.record_identity_view(reviewer_id=pk, actor=request.user)
    context = {
        "file": file,
        "reviewer": file.reviewer,
        "may_edit": may_edit_register(request.user).allowed,
        "absences": coming_absences(file.reviewer),
        "proposals": open_proposals(request.user).filter(reviewer=file.reviewer),
    }
    return render(request, "reviews/reviewer/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_EDIT)
def reviewer_create(request: AuthenticatedRequest) -> HttpResponseBase:
    form = forms.NewReviewerForm(request.POST if request.method == "POST" else None)
    created: list[Reviewer] = []
    status = _carry_out(
        request,
        form,
        lambda: created.append(
            service.create_reviewer(actor=request.user, user_id=form.cleaned_data["user"].pk, entry=form.entry())
        ),
    )
    if created:
        code = created[0].code
        messages.success(
            request, f"The register has the entry {code}. Add licenses and certifications, then verify them."
        )
        return redirect("reviews:reviewer-detail", pk=created[0].pk)
    context = {
        "form": form,
        "has_accounts": selectors.accounts_without_entry().exists(),
        "may_invite": request.user.can(Action.PEOPLE_INVITE),
    }
    return render(request, "reviews/reviewer/create.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_EDIT)
def reviewer_edit(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    reviewer = _reviewer(request, pk)
    start = forms.EditReviewerForm.values_of(reviewer, selectors.identity_of(reviewer))
    form = forms.EditReviewerForm(request.POST if request.method == "POST" else None, initial=start)
    return _act(
        request,
        reviewer,
        form,
        lambda: service.edit_reviewer(
            reviewer_id=pk, actor=request.user, version=form.cleaned_data["version"], entry=form.entry()
        ),
        title="Change the entry",
        submit="Save",
        done="The entry is saved.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_EDIT)
def reviewer_active(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """Takes the reviewer out of service, or back in."""
    reviewer = _reviewer(request, pk)
    to_active = not reviewer.is_active
    form = forms.ActiveForm(request.POST if request.method == "POST" else None, initial={"version": reviewer.version})
    return _act(
        request,
        reviewer,
        form,
        lambda: service.set_reviewer_active(
            reviewer_id=pk,
            actor=request.user,
            version=form.cleaned_data["version"],
            is_active=to_active,
            reason=form.cleaned_data["reason"],
        ),
        title="Activate the entry" if to_active else "Deactivate the entry",
        lead="The reviewer can be offered cases again."
        if to_active
        else "The reviewer is offered no more cases. What was done stays on record. You can activate the entry again.",
        submit="Activate" if to_active else "Deactivate",
        done="The entry is active." if to_active else "The entry is deactivated.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_EDIT)
def license_save(request: AuthenticatedRequest, pk: int, license_id: int | None = None) -> HttpResponseBase:
    reviewer = _reviewer(request, pk)
    held = _of(reviewer.licenses.filter(pk=license_id).first()) if license_id is not None else None
    start = {"version": reviewer.version, **(forms.LicenseForm.values_of(held) if held else {})}
    form = forms.LicenseForm(request.POST if request.method == "POST" else None, initial=start)
    return _act(
        request,
        reviewer,
        form,
        lambda: credentials.save_license(
            reviewer_id=pk,
            actor=request.user,
            version=form.cleaned_data["version"],
            entry=form.entry(),
            license_id=license_id,
        ),
        title="Change the license" if held else "Add a license",
        submit="Save license",
        done="The license is saved.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_EDIT)
def certification_save(request: AuthenticatedRequest, pk: int, certification_id: int | None = None) -> HttpResponseBase:
    reviewer = _reviewer(request, pk)
    held = _of(reviewer.certifications.filter(pk=certification_id).first()) if certification_id is not None else None
    start = {"version": reviewer.version, **(forms.CertificationForm.values_of(held) if held else {})}
    form = forms.CertificationForm(request.POST if request.method == "POST" else None, initial=start)
    return _act(
        request,
        reviewer,
        form,
        lambda: credentials.save_certification(
            reviewer_id=pk,
            actor=request.user,
            version=form.cleaned_data["version"],
            entry=form.entry(),
            certification_id=certification_id,
        ),
        title="Change the certification" if held else "Add a certification",
        submit="Save certification",
        done="The certification is saved.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_EDIT)
def affiliation_save(request: AuthenticatedRequest, pk: int, affiliation_id: int | None = None) -> HttpResponseBase:
    reviewer = _reviewer(request, pk)
    held = _of(reviewer.affiliations.filter(pk=affiliation_id).first()) if affiliation_id is not None else None
    start = {"version": reviewer.version, **(forms.AffiliationForm.values_of(held) if held else {})}
    form = forms.AffiliationForm(request.POST if request.method == "POST" else None, initial=start)
    return _act(
        request,
        reviewer,
        form,
        lambda: credentials.save_affiliation(
            reviewer_id=pk,
            actor=request.user,
            version=form.cleaned_data["version"],
            entry=form.entry(),
            affiliation_id=affiliation_id,
        ),
        title="Change the affiliation" if held else "Add an affiliation",
        lead="From now on the name is compared with the parties of every case before it is offered.",
        submit="Save affiliation",
        done="The affiliation is saved.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_EDIT)
def verification_create(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    reviewer = _reviewer(request, pk)
    form = forms.VerificationForm(
        reviewer,
        request.POST if request.method == "POST" else None,
        initial={"subject": request.GET.get("subject", "")},
    )
    return _act(
        request,
        reviewer,
        form,
        lambda: credentials.record_verification(reviewer_id=pk, actor=request.user, entry=form.entry()),
        title="Record a verification",
        lead="An entry of the log stays. If you make a mistake, record another verification after it.",
        submit="Record verification",
        done="The verification is in the log.",
    )


@require_safe
@requires(Action.REVIEWER_IDENTITY_VIEW)
def reviewer_cv(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """The CV as a download; it is on record before the first byte."""
    reviewer = _reviewer(request, pk)
    if not reviewer.cv_sha256:
        raise Http404("There is no CV on file.")
    service.record_cv_download(reviewer=reviewer, actor=request.user)
    return cv_response(reviewer.cv_sha256, f"{reviewer.code}_cv.pdf")


def cv_response(sha256: str, name: str) -> HttpResponseBase:
    """The stored PDF as a download that runs nothing."""
    response = FileResponse(open_verified(sha256), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEWER_EDIT)
def reviewer_cv_upload(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    reviewer = _reviewer(request, pk)
    posted = request.method == "POST"
    form = forms.CVForm(
        request.POST if posted else None, request.FILES if posted else None, initial={"version": reviewer.version}
    )

    def store() -> None:
        upload: TemporaryUploadedFile = form.cleaned_data["file"]
        inspect_pdf(Path(upload.temporary_file_path()))
        service.store_cv(
            reviewer_id=pk,
            actor=request.user,
            version=form.cleaned_data["version"],
            chunks=upload.chunks(),
            name=upload.name or "",
        )

    return _act(
        request,
        reviewer,
        form,
        store,
        title="Replace the CV" if reviewer.cv_sha256 else "Upload the CV",
        submit="Upload",
        done="The CV is on file.",
        is_multipart=True,
    )


def _act(
    request: AuthenticatedRequest,
    reviewer: Reviewer,
    form: Form,
    carry_out: Callable[[], object],
    *,
    done: str,
    **context: Any,
) -> HttpResponse:
    """A page with one form that does one thing; what the service refuses is shown beside the fields."""
    status = _carry_out(request, form, carry_out)
    back_url = reverse("reviews:reviewer-detail", args=[reviewer.pk])
    if status == 303:
        messages.success(request, done)
        return redirect(back_url)
    context = {"reviewer": reviewer, "form": form, "back_url": back_url, **context}
    return render(request, "reviews/reviewer/act.html", context, status=status)


def _carry_out(request: AuthenticatedRequest, form: Form, carry_out: Callable[[], object]) -> int:
    """200 for a form that is only shown, 303 when it was done, else the status of the refusal."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return 422
    try:
        carry_out()
    except DomainError as error:
        return add_refusal(form, error)
    return 303


def _reviewer(request: AuthenticatedRequest, pk: int) -> Reviewer:
    reviewer = visible_to(request.user).filter(pk=pk).first()
    if reviewer is None:
        raise Http404("There is no such reviewer.")
    return reviewer


def _file(request: AuthenticatedRequest, pk: int) -> ReviewerFile:
    file = selectors.reviewer_file(request.user, pk)
    if file is None:
        raise Http404("There is no such reviewer.")
    return file


def _of[M](held: M | None) -> M:
    if held is None:
        raise Http404("There is no such credential.")
    return held
