"""Reading people and organizations."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Lower, NullIf

from imr.accounts.enums import Action, OrganizationKind, Role, Scope
from imr.accounts.models import Organization, User

SORTS: Final = {"name": "sort_name", "role": "role", "organization": "organization__name", "added": "created_at"}


def people_visible_to(viewer: User) -> QuerySet[User]:
    """The people `viewer` may look at; programs stand under the API tokens instead."""
    people = User.objects.select_related("organization").exclude(role=Role.API_CLIENT)
    match viewer.scope(Action.PEOPLE_VIEW):
        case Scope.ANY:
            return people
        case Scope.ORGANIZATION:
            return people.filter(organization_id=viewer.organization_id)
        case _:
            return people.none()


def organizations_visible_to(viewer: User) -> QuerySet[Organization]:
    """The organizations `viewer` may look at."""
    match viewer.scope(Action.PEOPLE_VIEW):
        case Scope.ANY:
            return Organization.objects.all()
        case Scope.ORGANIZATION:
            return Organization.objects.filter(pk=viewer.organization_id)
        case _:
            return Organization.objects.none()


def claims_administrators() -> QuerySet[Organization]:
    """The organizations that file applications."""
    return Organization.objects.filter(kind=OrganizationKind.CLAIMS_ADMINISTRATOR)


# What stands for a reviewer's address toward those who may not know it.
_CODE: Final = Concat(Value("Expert reviewer #"), Cast("pk", CharField()), output_field=CharField())


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What a list of people is narrowed to; empty values narrow nothing."""

    words: str = ""
    role: str = ""
    organization: Organization | None = None
    is_active: bool | None = None


def people_found(viewer: User, wanted: PersonFilter) -> QuerySet[User]:
    """The visible people that match, with `sort_name`.

    Who may not know the reviewers neither finds nor sorts them by their addresses.
    """
    people = people_visible_to(viewer)
    knows = viewer.can(Action.REVIEWER_IDENTITY_VIEW)
    address: Any = (
        F("email")
        if knows
        else Case(When(role=Role.REVIEWER, then=_CODE), default=F("email"), output_field=CharField())
    )
    people = people.annotate(
        sort_name=Lower(
            Coalesce(NullIf("full_name", Value("")), address, output_field=CharField()), output_field=CharField()
        )
    )
    for word in wanted.words.split()[:8]:
        match = Q(full_name__icontains=word) | Q(email__icontains=word)
        people = people.filter(match if knows else match & ~Q(role=Role.REVIEWER))
    if wanted.role:
        people = people.filter(role=wanted.role)
    if wanted.organization is not None:
        people = people.filter(organization=wanted.organization)
    if wanted.is_active is not None:
        people = people.filter(is_active=wanted.is_active)
    return people
