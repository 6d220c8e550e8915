"""People: finding them, closing and reopening accounts, changing roles."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from imr.accounts.enums import Action, Role, Scope
from imr.accounts.forms.person import PersonFilterForm, RoleForm
from imr.accounts.models import User
from imr.accounts.permissions import (
    AuthenticatedRequest,
    assignable_roles,
    may_manage,
    may_see_email,
    requires,
    shown_name,
)
from imr.accounts.selectors.invitation import open_invitations
from imr.accounts.selectors.person import people_found, people_visible_to
from imr.accounts.services import person as service
from imr.core import clock
from imr.core.paging import keyset_page

MANAGE: Final = (Action.PEOPLE_MANAGE, Action.COLLEAGUES_MANAGE)


def list_heading(viewer: User) -> str:
    """What the list of people is called toward `viewer`."""
    return "People" if viewer.scope(Action.PEOPLE_VIEW) == Scope.ANY else "Colleagues"


@requires(Action.PEOPLE_VIEW)
@require_safe
def person_list(request: AuthenticatedRequest) -> HttpResponseBase:
    viewer = request.user
    form = PersonFilterForm(viewer, request.GET)
    field, descending = form.order()
    page = keyset_page(
        people_found(viewer, form.wanted()),
        field=field,
        descending=descending,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(
        request,
        "accounts/person_list.html",
        {
            "form": form,
            "heading": list_heading(viewer),
            "is_wide": viewer.scope(Action.PEOPLE_VIEW) == Scope.ANY,
            "page": page,
            "people": [
                {"person": person, "name": shown_name(viewer, person), "has_email": may_see_email(viewer, person)}
                for person in page.rows
            ],
            "is_filtered": any(request.GET.get(name) for name in ("q", "role", "organization", "state")),
            "can_invite": viewer.can(Action.PEOPLE_INVITE),
            "invitations": [
                {"invitation": invitation, "has_ended": invitation.expires_at <= clock.now()}
                for invitation in open_invitations(viewer)[:100]
            ],
        },
        status=422 if form.errors else 200,
    )


@requires(Action.PEOPLE_VIEW)
@require_safe
def person_detail(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    person = _person(request, pk)
    return _detail(request, person, RoleForm(request.user, person))


@requires(*MANAGE)
@require_POST
def person_role(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    person = _person(request, pk)
    form = RoleForm(request.user, person, request.POST)
    asked = request.POST.get("role", "")
    if not form.is_valid() and asked not in Role.values:
        return _detail(request, person, form, status=422)
    # A role that exists but is not this person's to give is refused, and recorded, by the service.
    person = service.change_role(actor=request.user, person=person, role=Role(asked))
    messages.success(request, f"The role is {person.get_role_display()} now. The person has to sign in again.")
    return redirect("accounts:person-detail", pk=pk)


@requires(*MANAGE)
@require_POST
def person_deactivate(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    service.deactivate_person(actor=request.user, person=_person(request, pk))
    messages.success(request, "The account is closed, and the person is signed out everywhere.")
    return redirect("accounts:person-detail", pk=pk)


@requires(*MANAGE)
@require_POST
def person_reactivate(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    service.reactivate_person(actor=request.user, person=_person(request, pk))
    messages.success(request, "The account is open again.")
    return redirect("accounts:person-detail", pk=pk)


def _person(request: AuthenticatedRequest, pk: int) -> User:
    return get_object_or_404(people_visible_to(request.user), pk=pk)


def _detail(request: AuthenticatedRequest, person: User, form: RoleForm, status: int = 200) -> HttpResponseBase:
    viewer = request.user
    decision = may_manage(viewer, person)
    return render(
        request,
        "accounts/person_detail.html",
        {
            "person": person,
            "heading": list_heading(viewer),
            "name": shown_name(viewer, person),
            "has_email": may_see_email(viewer, person),
            "can_manage": decision.allowed,
            "reason": decision.reason if any(viewer.can(action) for action in MANAGE) else "",
            "role_form": form if assignable_roles(viewer, person) else None,
        },
        status=status,
    )
