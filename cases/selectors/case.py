"""Reading cases. Every page, file and API operation starts from `visible_to`."""

from django.db.models import Q, QuerySet

from cases.enums import CaseStatus
from cases.models import Case
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User


def visible_to(user: User, *, action: Action = Action.CASE_VIEW) -> QuerySet[Case]:
    """The cases that exist for `user` under `action`; everything else is a 404.

    Claims people see their organization's, drafts included. People of the IMR organization see submitted cases and
    their own drafts. A reviewer sees nothing here: cases assigned to one are found by `reviews.selectors`.
    """
    scope = user.scope(action)
    if scope == Scope.ORGANIZATION:
        return Case.objects.filter(organization_id=user.organization_id)
    if scope == Scope.ANY:
        return Case.objects.filter(~Q(status=CaseStatus.DRAFT) | Q(created_by=user))
    if scope == Scope.OWN:
        return Case.objects.filter(created_by=user)
    return Case.objects.none()
