"""An organization's address book and its presets: the parties and answers that it would enter again and again."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from cases.enums import PRESET_ROLES, PartyRole
from cases.exceptions import GoneError
from cases.models import AddressEntry, Case, FilingPreset, Party
from cases.services.draft import PARTY_FIELDS
from imr.accounts.models import Organization, User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError

PRESET_FIELDS = ("review_type", "service_method", *(role.value for role in PRESET_ROLES))


@transaction.atomic
def add_entry(*, actor: User, organization: Organization, role: PartyRole, answers: Mapping[str, Any]) -> AddressEntry:
    """The entry stands in the organization's book. Raises `ConflictError` when that name is there already."""
    entry = AddressEntry(organization=organization, role=role, created_by=actor)
    _write(entry, answers)
    _record(actor, "address.add", entry)
    return entry


@transaction.atomic
def edit_entry(*, actor: User, entry_id: int, answers: Mapping[str, Any]) -> AddressEntry:
    """The entry has the new answers; applications keep what they were filed with. Raises as `add_entry`."""
    entry = _lock(entry_id)
    _write(entry, answers)
    _record(actor, "address.edit", entry)
    return entry


@transaction.atomic
def remove_entry(*, actor: User, entry_id: int) -> None:
    """The entry is offered no more, and presets that named it go on without it."""
    entry = _lock(entry_id)
    entry.removed_at, entry.removed_by = clock.now(), actor
    entry.save(update_fields=["removed_at", "removed_by"])
    for role in PRESET_ROLES:
        FilingPreset.objects.filter(**{role.value: entry}).update(**{role.value: None})
    _record(actor, "address.remove", entry)


@transaction.atomic
def keep_party(*, actor: User, case: Case, role: PartyRole) -> AddressEntry | None:
    """The party of the draft stands in its organization's book, as it is there now; None when it has no name.

    An entry of the same name and city is brought up to date instead of doubled.
    """
    party = Party.objects.filter(case=case, role=role).first()
    if party is None or not (party.last_name or party.firm_name):
        return None
    known = AddressEntry.objects.filter(
        organization=case.organization,
        role=role,
        removed_at__isnull=True,
        first_name__iexact=party.first_name,
        last_name__iexact=party.last_name,
        firm_name__iexact=party.firm_name,
        city__iexact=party.city,
    ).first()
    answers = {name: getattr(party, name) for name in PARTY_FIELDS}
    if known is not None:
        return edit_entry(actor=actor, entry_id=known.pk, answers=answers)
    return add_entry(actor=actor, organization=case.organization, role=role, answers=answers)


def note_use(*, entry: AddressEntry) -> None:
    """The entry is among those that were used last."""
    AddressEntry.objects.filter(pk=entry.pk).update(used_at=clock.now())


@transaction.atomic
def save_preset(
    *,
    actor: User,
    organization: Organization,
    name: str,
    answers: Mapping[str, Any],
    preset: FilingPreset | None = None,
) -> FilingPreset:
    """The preset is there under that name. Raises `ConflictError` when another one of the organization has it."""
    row = preset or FilingPreset(organization=organization, created_by=actor)
    row.name = name
    for field in PRESET_FIELDS:
        if field in answers:
            setattr(row, field, answers[field])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        words = "There is a preset with this name already. Choose another name, or change that one."
        raise ConflictError(words, code="name_taken", fields={"name": [words]}) from error
    record(action="preset.save", actor=actor, object_type="preset", object_id=row.pk)
    return row


@transaction.atomic
def remove_preset(*, actor: User, preset: FilingPreset) -> None:
    """The preset is gone; applications that began with it stay as they are."""
    record(action="preset.remove", actor=actor, object_type="preset", object_id=preset.pk)
    FilingPreset.objects.filter(pk=preset.pk).delete()


def _lock(entry_id: int) -> AddressEntry:
    entry = AddressEntry.objects.select_for_update().filter(pk=entry_id, removed_at__isnull=True).first()
    if entry is None:
        raise GoneError("This entry was removed from the address book meanwhile.")
    return entry


def _write(entry: AddressEntry, answers: Mapping[str, Any]) -> None:
    for name in PARTY_FIELDS:
        if name in answers:
            setattr(entry, name, answers[name])
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        words = "This name stands in the address book already, in the same city. Change that entry instead."
        field = "last_name" if entry.last_name else "firm_name"
        raise ConflictError(words, code="entry_known", fields={field: [words]}) from error


def _record(actor: User, action: str, entry: AddressEntry) -> None:
    record(action=action, actor=actor, object_type="address", object_id=entry.pk, detail={"role": entry.role})
