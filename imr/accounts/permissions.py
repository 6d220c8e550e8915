"""The decision shape of every permission question, and the decorator that closes a page by default."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse

from imr.accounts.enums import STAFF_ROLES, Action, OrganizationKind, Role, Scope
from imr.accounts.models import Organization, User
from imr.core.errors import NotAllowedError
from imr.core.views import signed_out_while_typing, typed_words


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an act is allowed; `reason` is a sentence for the person when it is not."""

    allowed: bool
    reason: str = ""

    def require(self) -> None:
        """Raise `NotAllowedError` with the reason unless allowed."""
        if not self.allowed:
            raise NotAllowedError(self.reason or "You may not do this.")


ALLOWED = Decision(True)


def refused(reason: str) -> Decision:
    return Decision(False, reason)


class AuthenticatedRequest(HttpRequest):
    """A request whose user is signed in, for typing of views."""

    user: User


PUBLIC_MARK = "imr_public"
ACTION_MARK = "imr_action"


def public[**P, R: HttpResponseBase](view: Callable[P, R]) -> Callable[P, R]:
    """Declare that anybody may ask for this page."""
    setattr(view, PUBLIC_MARK, True)
    view.login_required = False  # type: ignore[attr-defined]
    return view


def requires[**P, R: HttpResponseBase](
    *actions: Action,
) -> Callable[
    [Callable[Concatenate[AuthenticatedRequest, P], R]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Close a page to everybody whose role may carry out none of `actions`.

    Signed-out people are sent to sign in; others get 403 with words. Which objects are in reach is the
    selector's business (`visible_to`).
    """

    def decorate(
        view: Callable[Concatenate[AuthenticatedRequest, P], R],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not user.is_authenticated:
                return _sign_in_first(request)
            if not any(user.can(action) for action in actions):
                raise NotAllowedError(
                    f"Your role ({user.get_role_display()}) does not include: {actions[0].label.lower()}."
                )
            return view(cast("AuthenticatedRequest", request), *args, **kwargs)

        setattr(wrapper, ACTION_MARK, actions)
        return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", wrapper)

    return decorate


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Trigger"] = "imr:signed-out"
        return response
    if request.headers.get("Accept") == "application/json" or "Tus-Resumable" in request.headers:
        # A script cannot follow to a page; the person signs in elsewhere and goes on.
        words = "Your session has ended. Sign in again in another tab, then go on here."
        return JsonResponse({"ok": False, "code": "signed_out", "message": words}, status=401)
    if typed_words(request):
        # The place of a form that only takes answers is no place to come back to.
        return signed_out_while_typing(request, reverse("accounts:sign-in"))
    response = redirect_to_login(request.get_full_path())
    if getattr(request, "session_ended", False):
        response["Location"] += "&ended=1"
    return response


def may_manage(actor: User, person: User) -> Decision:
    """Close and reopen an account.

    Managers reach the claims people of their organization; administrators, claims people and reviewers of all;
    operators, everybody. Nobody their own account.
    """
    if actor.pk == person.pk:
        return refused("You may not close or reopen your own account. Ask somebody else who manages people.")
    if person.role == Role.API_CLIENT:
        return refused("This is a program's account. Revoke its API token instead.")
    if actor.scope(Action.PEOPLE_MANAGE) is not None:
        if actor.role == Role.OPERATOR or person.role not in STAFF_ROLES:
            return ALLOWED
        return refused("Accounts of the IMR organization's staff are managed by operators.")
    if actor.can(Action.COLLEAGUES_MANAGE) and person.is_claims and actor.is_same_organization(person):
        return ALLOWED
    return refused("Your role does not include managing this person.")


def assignable_roles(actor: User, person: User) -> tuple[Role, ...]:
    """The roles that `actor` may give to `person`, the present one included; empty when none may be given.

    Claims roles change within claims roles; staff roles within staff roles and by operators only; reviewers
    keep theirs, since another role would tell their name. Nobody changes their own role.
    """
    if not may_manage(actor, person).allowed or person.role == Role.REVIEWER:
        return ()
    if person.is_claims:
        return (Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER)
    if actor.role == Role.OPERATOR:
        return (Role.ADMINISTRATOR, Role.MEDICAL_DIRECTOR, Role.AUDITOR, Role.OPERATOR)
    return ()


def may_change_role(actor: User, person: User, role: str) -> Decision:
    """Give `person` another role."""
    if actor.pk == person.pk:
        return refused("Nobody may change their own role. Somebody else has to do it.")
    if role in assignable_roles(actor, person):
        return ALLOWED
    return refused("You may not give this role to this person.")


def invitable_roles(actor: User, organization: Organization) -> tuple[Role, ...]:
    """The roles to which `actor` may invite people of `organization`."""
    claims = (Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER)
    scope = actor.scope(Action.PEOPLE_INVITE)
    if scope == Scope.ANY:
        if organization.kind == OrganizationKind.CLAIMS_ADMINISTRATOR:
            return claims
        return (Role.REVIEWER, Role.ADMINISTRATOR, Role.MEDICAL_DIRECTOR, Role.AUDITOR, Role.OPERATOR)
    if scope == Scope.ORGANIZATION and actor.organization_id == organization.pk:
        return claims
    return ()


def may_see_email(viewer: User, person: User) -> bool:
    """A reviewer's address names the person, so it is shown to those alone who may know who reviews."""
    return person.role != Role.REVIEWER or viewer.pk == person.pk or viewer.can(Action.REVIEWER_IDENTITY_VIEW)


def shown_name(viewer: User, person: User) -> str:
    """What `viewer` reads where `person` is meant."""
    if person.role != Role.REVIEWER:
        return person.display_name
    return person.email if may_see_email(viewer, person) else f"{person.display_name} #{person.pk}"
