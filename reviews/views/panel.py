"""More than one reviewer: the approval on file, the seats, and dissolving."""

from functools import partial
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Case
from cases.selectors.case import visible_to as cases_visible_to
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import words
from imr.core.errors import DomainError
from imr.core.pdf_intake import inspect_pdf
from imr.core.storage import open_noted
from reviews.forms.panel import DissolveForm, PanelForm
from reviews.forms.refusal import add_refusal
from reviews.models import Panel
from reviews.selectors.panel import panel_of_case, panels_for
from reviews.services.panel import dissolve_panel, record_approval_download, record_panel
from reviews.views.act import act_page


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGNMENT_MAKE)
def panel_record(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The approval is recorded once; after that the page of the seats is the one to go to."""
    case = _case(request, case_id)
    back_url = reverse("reviews:assignment-create", args=[case.pk])
    if request.method != "POST" and panel_of_case(case.pk, case.round) is not None:
        return redirect(back_url)
    form = PanelForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _record(request, case, form)
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, "The approval is on file. Choose a reviewer for each seat.")
                return redirect(back_url)
    context = {"case": case, "form": form, "back_url": back_url}
    return render(request, "reviews/panel/record.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGNMENT_MAKE)
def panel_dissolve(request: AuthenticatedRequest, panel_id: int) -> HttpResponse:
    panel = _panel(request, panel_id)
    form = DissolveForm(request.POST or None)
    return act_page(
        request,
        panel.case,
        form,
        lambda: dissolve_panel(panel_id=panel.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        done="The case has one reviewer again.",
        closed="" if panel.dissolved_at is None else f"The panel was dissolved on {words.pacific(panel.dissolved_at)}.",
        context={
            "title": f"Dissolve the panel of {panel.case.number}",
            "lead": "The approval stays on file. What a reviewer has written is kept.",
            "submit": "Dissolve the panel",
        },
    )


@require_safe
@requires(Action.ASSIGNMENT_MAKE)
def panel_approval(request: AuthenticatedRequest, panel_id: int) -> HttpResponseBase:
    """The approval as a download; it is on record before the first byte."""
    panel = _panel(request, panel_id)
    note = partial(record_approval_download, panel=panel, actor=request.user)
    response = FileResponse(open_noted(panel.approval_sha256, note), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{panel.case.number}_approval.pdf"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _record(request: AuthenticatedRequest, case: Case, form: PanelForm) -> None:
    fields: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if name != "approval"}
    upload: TemporaryUploadedFile = form.cleaned_data["approval"]
    inspect_pdf(Path(upload.temporary_file_path()))
    record_panel(case_id=case.pk, actor=request.user, chunks=upload.chunks(), name=upload.name or "", **fields)


def _case(request: AuthenticatedRequest, case_id: int) -> Case:
    case = cases_visible_to(request.user, action=Action.ASSIGNMENT_MAKE).filter(pk=case_id).first()
    if case is None:
        raise Http404
    return case


def _panel(request: AuthenticatedRequest, panel_id: int) -> Panel:
    panel = panels_for(request.user).filter(pk=panel_id).first()
    if panel is None:
        raise Http404
    return panel
