"""Reading API tokens."""

from django.db.models import QuerySet

from imr.accounts.enums import Action, Scope
from imr.accounts.models import ApiToken, User


def tokens_visible_to(viewer: User) -> QuerySet[ApiToken]:
    """The tokens of the viewer's organization, when the role includes them."""
    tokens = ApiToken.objects.select_related("principal", "created_by")
    match viewer.scope(Action.TOKENS_MANAGE):
        case Scope.ANY:
            return tokens
        case Scope.ORGANIZATION:
            return tokens.filter(principal__organization_id=viewer.organization_id)
        case _:
            return tokens.none()
