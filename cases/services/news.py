"""Telling people by mail what happened in a case; `imr.accounts.rules.mails` has the words."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from cases.models import Case
from imr.accounts.enums import MailEvent, Role
from imr.accounts.models import User
from imr.accounts.selectors.mail import wants_all_cases
from imr.accounts.services.mail import tell

PEOPLE_OF_CLAIMS = frozenset({Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER})


def claims_people(case: Case) -> list[User]:
    """Who follows the case at the claims administrator: who filed it, and who wants to hear of every case.

    Where that is nobody (filed by a program or by staff, or the account was closed), the organization's managers.
    """
    filer = User.objects.filter(
        pk=case.created_by_id,
        organization=case.organization_id,
        is_active=True,
        role__in=PEOPLE_OF_CLAIMS,
    )
    people = list(filer | wants_all_cases(case.organization_id))
    if people:
        return people
    managers = User.objects.filter(organization=case.organization_id, is_active=True, role=Role.CLAIMS_MANAGER)
    return list(managers)


def staff_people(case: Case) -> list[User]:
    """Whose work the case is at the IMR organization: the analyst who took it, otherwise every administrator."""
    analyst = User.objects.filter(pk=case.analyst_id or 0, is_active=True, role=Role.ADMINISTRATOR)
    return list(analyst) or administrators()


def administrators() -> list[User]:
    """Every administrator with an open account."""
    return list(User.objects.filter(is_active=True, role=Role.ADMINISTRATOR))


def tell_of_case(
    case: Case,
    event: MailEvent,
    *,
    people: Iterable[User],
    key: str,
    subject_id: int | None = None,
    due_at: datetime | None = None,
    path: str = "",
) -> None:
    """Each of `people` is told of the event `key` in this case, once; the mail leads to the case, or to `path`."""
    tell(
        people=people,
        event=event,
        key=key,
        path=path or reverse("cases:case-detail", args=[case.pk]),
        case_id=case.pk,
        case_number=case.number,
        subject_id=subject_id,
        due_at=due_at,
    )
