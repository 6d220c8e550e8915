"""Organizations and people for tests."""

from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from imr.accounts.enums import CLAIMS_ROLES, OrganizationKind, Role
from imr.accounts.models import Organization, User

PASSWORD = "correct horse battery staple"

_numbers = count(1)


@cache
def _password_hash() -> str:
    return make_password(PASSWORD)


def make_organization(**fields: Any) -> Organization:
    """A claims administrator unless `kind` says otherwise."""
    number = next(_numbers)
    return Organization.objects.create(
        **{"name": f"Claims Administrator {number}", "kind": OrganizationKind.CLAIMS_ADMINISTRATOR, **fields}
    )


def imr_organization() -> Organization:
    """The one IMR organization."""
    found = Organization.objects.filter(kind=OrganizationKind.IMR_ORGANIZATION).first()
    return found or make_organization(name="Example IMR Organization", kind=OrganizationKind.IMR_ORGANIZATION)


def build_user(role: Role, organization: Organization, **fields: Any) -> User:
    """An unsaved person whose password is `PASSWORD`; a program has none."""
    number = next(_numbers)
    nameless = role in {Role.REVIEWER, Role.API_CLIENT}
    return User(
        **{
            "role": role,
            "organization": organization,
            "email": f"{role.value}-{number}@example.org",
            "full_name": "" if nameless else f"{role.label} {number}",
            "password": make_password(None) if role == Role.API_CLIENT else _password_hash(),
            **fields,
        }
    )


def make_user(role: Role = Role.CLAIMS_STAFF, organization: Organization | None = None, **fields: Any) -> User:
    """A saved person; without `organization` a new claims administrator, for IMR roles the IMR organization."""
    if organization is None:
        organization = make_organization() if role in CLAIMS_ROLES else imr_organization()
    user = build_user(role, organization, **fields)
    user.save(force_insert=True)
    return user


@dataclass(frozen=True, slots=True)
class Cast:
    """One person per role, and a second set for what must stay apart.

    `home` and `away` are claims administrators; people without a prefix belong to `home` or to the IMR organization.
    """

    imr: Organization
    home: Organization
    away: Organization
    claims: User
    colleague: User
    manager: User
    api_client: User
    away_claims: User
    away_manager: User
    away_api_client: User
    reviewer: User
    other_reviewer: User
    administrator: User
    other_administrator: User
    medical_director: User
    auditor: User
    operator: User

    @property
    def people(self) -> dict[Role, User]:
        """The one who stands for each role."""
        return {
            Role.CLAIMS_STAFF: self.claims,
            Role.CLAIMS_MANAGER: self.manager,
            Role.REVIEWER: self.reviewer,
            Role.ADMINISTRATOR: self.administrator,
            Role.MEDICAL_DIRECTOR: self.medical_director,
            Role.AUDITOR: self.auditor,
            Role.OPERATOR: self.operator,
            Role.API_CLIENT: self.api_client,
        }


def make_cast() -> Cast:
    """All the people of a test, in two statements' time."""
    imr, home, away = imr_organization(), make_organization(), make_organization()
    people = {
        "claims": build_user(Role.CLAIMS_STAFF, home),
        "colleague": build_user(Role.CLAIMS_STAFF, home),
        "manager": build_user(Role.CLAIMS_MANAGER, home),
        "api_client": build_user(Role.API_CLIENT, home),
        "away_claims": build_user(Role.CLAIMS_STAFF, away),
        "away_manager": build_user(Role.CLAIMS_MANAGER, away),
        "away_api_client": build_user(Role.API_CLIENT, away),
        "reviewer": build_user(Role.REVIEWER, imr),
        "other_reviewer": build_user(Role.REVIEWER, imr),
        "administrator": build_user(Role.ADMINISTRATOR, imr),
        "other_administrator": build_user(Role.ADMINISTRATOR, imr),
        "medical_director": build_user(Role.MEDICAL_DIRECTOR, imr),
        "auditor": build_user(Role.AUDITOR, imr),
        "operator": build_user(Role.OPERATOR, imr),
    }
    User.objects.bulk_create(people.values())
    return Cast(imr=imr, home=home, away=away, **people)
