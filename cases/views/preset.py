"""Presets: named beginnings of applications."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.forms.address import PresetForm
from cases.models import FilingPreset
from cases.selectors.address import presets_of
from cases.services.address import remove_preset, save_preset
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import ConflictError


@require_safe
@requires(Action.ADDRESS_BOOK)
def preset_list(request: AuthenticatedRequest) -> HttpResponseBase:
    return render(request, "cases/address/presets.html", {"presets": presets_of(request.user.organization)})


@require_http_methods(["GET", "POST"])
@requires(Action.ADDRESS_BOOK)
def preset_add(request: AuthenticatedRequest) -> HttpResponseBase:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@requires(Action.ADDRESS_BOOK)
def preset_edit(request: AuthenticatedRequest, preset_id: int) -> HttpResponseBase:
    return _edit(request, _preset(request, preset_id))


@require_http_methods(["GET", "POST"])
@requires(Action.ADDRESS_BOOK)
def preset_remove(request: AuthenticatedRequest, preset_id: int) -> HttpResponseBase:
    """Remove a preset, after a question."""
    preset = _preset(request, preset_id)
    if request.method == "POST":
        remove_preset(actor=request.user, preset=preset)
        messages.success(request, f"The preset “{preset.name}” is gone. Applications stay as they are.")
        return redirect("cases:preset-list")
    return render(request, "cases/address/preset_remove.html", {"preset": preset})


def _edit(request: AuthenticatedRequest, preset: FilingPreset | None) -> HttpResponseBase:
    organization = request.user.organization
    form = PresetForm(organization, request.POST if request.method == "POST" else None, preset=preset)
    if form.is_bound and form.is_valid():
        answers = dict(form.cleaned_data)
        name = answers.pop("name")
        try:
            save_preset(actor=request.user, organization=organization, name=name, answers=answers, preset=preset)
        except ConflictError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, f"The preset “{name}” is saved. Choose it when you file an application.")
            return redirect("cases:preset-list")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "cases/address/preset_form.html", {"form": form, "preset": preset}, status=status)


def _preset(request: AuthenticatedRequest, preset_id: int) -> FilingPreset:
    found = presets_of(request.user.organization).filter(pk=preset_id).first()
    if found is None:
        raise Http404
    return found
