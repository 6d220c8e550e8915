"""Organizations: who files and who reviews."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, transaction

from imr.accounts.enums import Action, OrganizationKind
from imr.accounts.models import Organization, User
from imr.accounts.permissions import refused
from imr.core import acts
from imr.core.errors import ConflictError

FIELDS: Final = ("name", "address_line_1", "address_line_2", "city", "state", "zip_code", "phone", "fax")


@transaction.atomic
def create_organization(*, actor: User, values: Mapping[str, Any]) -> Organization:
    """A new claims administrator with the `FIELDS` of `values`."""
    _require(actor)
    with _name_once():
        organization = Organization.objects.create(
            kind=OrganizationKind.CLAIMS_ADMINISTRATOR, **{name: values.get(name, "") for name in FIELDS}
        )
    acts.record(action="organization_created", actor=actor, object_type="organization", object_id=organization.pk)
    return organization


@transaction.atomic
def edit_organization(*, actor: User, organization: Organization, values: Mapping[str, Any]) -> Organization:
    """The organization has the `FIELDS` of `values`; the record says which of them changed."""
    _require(actor)
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    changed = [name for name in FIELDS if name in values and getattr(organization, name) != values[name]]
    for name in changed:
        setattr(organization, name, values[name])
    if changed:
        with _name_once():
            organization.save(update_fields=changed)
        acts.record(
            action="organization_edited",
            actor=actor,
            object_type="organization",
            object_id=organization.pk,
            detail={"fields": changed},
        )
    return organization


def _require(actor: User) -> None:
    if not actor.can(Action.ORGANIZATION_EDIT):
        refused("Your role does not include editing organizations.").require()


@contextmanager
def _name_once() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        message = "There is an organization with this name already."
        raise ConflictError(message, fields={"name": [message]}) from error
