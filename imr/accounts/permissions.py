"""The decision shape of every permission question, and the decorator that closes a page by default."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.core.errors import NotAllowedError


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

    user: User  # type: ignore[assignment]


PUBLIC_MARK = "imr_public"
ACTION_MARK = "imr_action"


def public[**P, R: HttpResponseBase](view: Callable[P, R]) -> Callable[P, R]:
    """Declare that anybody may ask for this page."""
    setattr(view, PUBLIC_MARK, True)
    view.login_required = False  # type: ignore[attr-defined]
    return view


def requires[**P, R: HttpResponseBase](
    action: Action,
) -> Callable[
    [Callable[Concatenate[AuthenticatedRequest, P], R]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Close a page to everybody whose role may not carry out `action`.

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
            if not user.can(action):
                raise NotAllowedError(
                    f"Your role ({user.get_role_display()}) does not include: {action.label.lower()}."
                )
            return view(cast("AuthenticatedRequest", request), *args, **kwargs)

        setattr(wrapper, ACTION_MARK, action)
        return cast("Any", wrapper)

    return decorate


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Trigger"] = "imr:signed-out"
        return response
    return redirect_to_login(request.get_full_path())
