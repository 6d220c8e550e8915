"""Completing the address that a letter is mailed to."""

from collections.abc import Mapping

from django.db import transaction

from cases.models import Party
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record


@transaction.atomic
def set_service_address(*, party_id: int, actor: User, address: Mapping[str, str]) -> Party:
    """The party has this address from now on; letters that were served before keep the one they were mailed to.

    `address` maps the address fields of `Party` to their values. The audit record names the fields, not the values.
    """
    party = Party.objects.get(pk=party_id)
    lock_case(party.case_id)
    party = Party.objects.select_for_update(of=("self",)).get(pk=party_id)
    changed = [name for name, value in address.items() if getattr(party, name) != value]
    if changed:
        Party.objects.filter(pk=party.pk).update(**{name: address[name] for name in changed})
        record(
            action="party.address",
            actor=actor,
            object_type="case",
            object_id=party.case_id,
            case_id=party.case_id,
            detail={"role": party.role, "fields": sorted(changed)},
        )
        party.refresh_from_db()
    return party
