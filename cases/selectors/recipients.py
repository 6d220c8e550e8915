"""Who of a claims administrator gets mail about a case."""

from cases.models import Case
from imr.accounts.enums import Role
from imr.accounts.models import User


def claims_people_of(case: Case) -> list[str]:
    """The address of whoever filed the case, while that person works there; else those of its claims managers."""
    filer = case.created_by
    is_person = filer.is_active and filer.is_claims and filer.role != Role.API_CLIENT
    if is_person and filer.organization_id == case.organization_id:
        return [filer.email]
    managers = User.objects.filter(organization_id=case.organization_id, role=Role.CLAIMS_MANAGER, is_active=True)
    return list(managers.order_by("pk").values_list("email", flat=True))
