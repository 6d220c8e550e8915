"""Beginning an application: empty, from a preset, or from an earlier case."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.forms.address import BeginForm, CopyForm
from cases.forms.filing_items import StartForm
from cases.models import Case
from cases.selectors.address import earlier_case, presets_of
from cases.selectors.case import visible_to
from cases.selectors.draft import drafts_of
from cases.services.draft import create_draft
from cases.services.draft_start import start_from_case, start_from_preset
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_CREATE)
def start(request: AuthenticatedRequest) -> HttpResponseBase:
    """What is needed at hand, the drafts to go on with, and a new application."""
    user = request.user
    data = request.POST if request.method == "POST" else None
    form = BeginForm(presets_of(user.organization), data) if user.is_claims else StartForm(data)
    if data is not None and form.is_valid() and (case := _begin(request, form)) is not None:
        return redirect("cases:filing-tasks", case_id=case.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "cases/filing/start.html", {"form": form, "drafts": drafts_of(user)[:100]}, status=status)


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_CREATE)
def copy(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """A new application about the worker and claim of a submitted case."""
    source = (
        visible_to(request.user, action=Action.CASE_CREATE)
        .filter(pk=case_id, number__isnull=False)
        .select_related("organization")
        .first()
    )
    if source is None:
        raise Http404
    form = CopyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        case = start_from_case(actor=request.user, source=source, with_items=form.cleaned_data["with_items"])
        messages.success(request, f"Worker, claim and parties are copied from {source.number}.")
        return redirect("cases:filing-tasks", case_id=case.pk)
    return render(request, "cases/filing/copy.html", {"form": form, "source": source})


def _begin(request: AuthenticatedRequest, form: BeginForm | StartForm) -> Case | None:
    """The new application; None when the form names an earlier case that is not there, which it then says."""
    user, chosen = request.user, form.cleaned_data
    if isinstance(form, StartForm):
        return create_draft(actor=user, organization=chosen["organization"])
    if preset := chosen.get("preset"):
        return start_from_preset(actor=user, preset=preset)
    if chosen["earlier"]:
        source = earlier_case(user, chosen["earlier"])
        if source is None:
            form.add_error("earlier", "No submitted case of yours has this number. Check it, or leave it empty.")
            return None
        return start_from_case(actor=user, source=source, with_items=chosen["with_items"])
    return create_draft(actor=user)
