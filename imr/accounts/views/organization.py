"""Organizations: list, add, edit."""

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from imr.accounts.enums import Action
from imr.accounts.forms.organization import OrganizationForm
from imr.accounts.models import Organization
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.accounts.selectors.person import organizations_visible_to
from imr.accounts.services import organization as service
from imr.core.errors import ConflictError
from imr.core.paging import keyset_page


@requires(Action.ORGANIZATION_EDIT)
@require_safe
def organization_list(request: AuthenticatedRequest) -> HttpResponseBase:
    page = keyset_page(
        organizations_visible_to(request.user),
        field="name",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "accounts/organization_list.html", {"page": page})


@requires(Action.ORGANIZATION_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def organization_create(request: AuthenticatedRequest) -> HttpResponseBase:
    form = OrganizationForm(None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            created = service.create_organization(actor=request.user, values=form.cleaned_data)
        except ConflictError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, f"{created.name} is added. Invite its first manager now.")
            return redirect("accounts:organization-list")
    return _form(request, form, None)


@requires(Action.ORGANIZATION_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def organization_edit(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    organization = get_object_or_404(organizations_visible_to(request.user), pk=pk)
    form = OrganizationForm(organization, request.POST or None, initial=model_to_dict(organization))
    if request.method == "POST" and form.is_valid():
        try:
            service.edit_organization(actor=request.user, organization=organization, values=form.cleaned_data)
        except ConflictError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, "The organization is saved.")
            return redirect("accounts:organization-list")
    return _form(request, form, organization)


def _form(request: AuthenticatedRequest, form: OrganizationForm, organization: Organization | None) -> HttpResponseBase:
    return render(
        request,
        "accounts/organization_form.html",
        {"form": form, "organization": organization},
        status=422 if form.errors else 200,
    )
