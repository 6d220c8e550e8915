"""The organization's address book: list, add, change, remove."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import ADDRESS_BOOK_ROLES, PartyRole
from cases.forms.address import AddressFilterForm, AddressForm
from cases.models import AddressEntry
from cases.selectors.address import book_of
from cases.services.address import add_entry, edit_entry, remove_entry
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import ConflictError
from imr.core.paging import keyset_page


@require_safe
@requires(Action.ADDRESS_BOOK)
def address_list(request: AuthenticatedRequest) -> HttpResponseBase:
    form = AddressFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {"role": "", "q": ""}
    entries = book_of(request.user, role=chosen["role"], q=chosen["q"])
    page = keyset_page(
        entries.none() if form.errors else entries,
        field="sort_name",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"form": form, "page": page, "roles": ADDRESS_BOOK_ROLES}
    return render(request, "cases/address/list.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.ADDRESS_BOOK)
def address_add(request: AuthenticatedRequest, role: str) -> HttpResponseBase:
    which = _role(role)
    form = AddressForm(which, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            entry = add_entry(
                actor=request.user, organization=request.user.organization, role=which, answers=form.cleaned_data
            )
        except ConflictError as error:
            _show(form, error)
        else:
            messages.success(request, f"{entry} is in the address book.")
            return redirect("cases:address-list")
    return _form(request, form, which, None)


@require_http_methods(["GET", "POST"])
@requires(Action.ADDRESS_BOOK)
def address_edit(request: AuthenticatedRequest, entry_id: int) -> HttpResponseBase:
    entry = _entry(request, entry_id)
    which = PartyRole(entry.role)
    form = AddressForm(which, request.POST if request.method == "POST" else None, entry=entry)
    if form.is_bound and form.is_valid():
        try:
            saved = edit_entry(actor=request.user, entry_id=entry.pk, answers=form.cleaned_data)
        except ConflictError as error:
            _show(form, error)
        else:
            messages.success(request, f"{saved} is saved. Applications keep the address that they were filed with.")
            return redirect("cases:address-list")
    return _form(request, form, which, entry)


@require_http_methods(["GET", "POST"])
@requires(Action.ADDRESS_BOOK)
def address_remove(request: AuthenticatedRequest, entry_id: int) -> HttpResponseBase:
    """Remove an entry, after a question."""
    entry = _entry(request, entry_id)
    if request.method == "POST":
        remove_entry(actor=request.user, entry_id=entry.pk)
        messages.success(request, f"{entry} is no longer in the address book.")
        return redirect("cases:address-list")
    return render(request, "cases/address/remove.html", {"entry": entry})


def _role(slug: str) -> PartyRole:
    for role in ADDRESS_BOOK_ROLES:
        if role.value == slug:
            return role
    raise Http404


def _entry(request: AuthenticatedRequest, entry_id: int) -> AddressEntry:
    entry = book_of(request.user).filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    return entry


def _show(form: AddressForm, error: ConflictError) -> None:
    """What another entry stands in the way of, beside its field."""
    for name, words in (error.fields or {"__all__": [error.message]}).items():
        form.add_error(name if name in form.fields else None, words)


def _form(
    request: AuthenticatedRequest, form: AddressForm, role: PartyRole, entry: AddressEntry | None
) -> HttpResponseBase:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "cases/address/form.html", {"form": form, "role": role, "entry": entry}, status=status)
