"""Who may carry out an operation: the one table of roles, asked for each method."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from imr.accounts.enums import Action, Role
from imr.accounts.models import User
from imr.core.errors import NotAllowedError


class ActionPermission(IsAuthenticated):
    """Open to roles that may carry out the act of the request's method; a method without an act does not exist.

    Expert reviewers work on the pages; only operations that say so are open to them.
    """

    actions: Mapping[str, Action] = MappingProxyType({})
    is_for_reviewers = False

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method not in self.actions:
            raise MethodNotAllowed(method)
        user = cast("User", request.user)
        if user.role == Role.REVIEWER and not self.is_for_reviewers:
            raise NotAllowedError("Expert reviewers work on the pages; this part of the API is not open to them.")
        if not user.can(self.actions[method]):
            raise NotAllowedError(
                f"Your role ({user.get_role_display()}) does not include: {self.actions[method].label.lower()}."
            )
        return True


def allow(*, reviewers: bool = False, **actions: Action) -> type[ActionPermission]:
    """The permission of a view: the act that each of its methods carries out."""
    return type(
        "Allow",
        (ActionPermission,),
        {"actions": MappingProxyType(actions), "is_for_reviewers": reviewers},
    )
