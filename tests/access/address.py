"""Objects of the address book, the presets and the copying of cases."""

from cases.enums import PartyRole
from cases.models import AddressEntry, FilingPreset
from cases.services.address import add_entry, save_preset
from imr.accounts.enums import Role
from imr.accounts.models import User
from tests.access.cases import CLAIMS, MISSING, NOBODY
from tests.access.objects import Objects, Reach, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

OWN_PEOPLE: dict[Role, Reach] = {Role.CLAIMS_STAFF: "own", Role.CLAIMS_MANAGER: "own"}


@objects_for("cases:address-edit", "cases:address-remove")
def entry(cast: Cast) -> Objects:
    return Objects(
        kwargs={"entry_id": _entry(cast.claims).pk},
        foreign={"entry_id": _entry(cast.away_claims).pk},
        missing={"entry_id": NOBODY},
        reach=OWN_PEOPLE,
    )


@objects_for("cases:address-add")
def kind_of_entry(cast: Cast) -> Objects:
    """A kind of party is nobody's; what is not a kind is missing for everybody."""
    return Objects(
        kwargs={"role": "employer"},
        foreign={"role": "employee"},
        missing={"role": "nobody"},
        reach=OWN_PEOPLE,
    )


@objects_for("cases:preset-edit", "cases:preset-remove")
def preset(cast: Cast) -> Objects:
    return Objects(
        kwargs={"preset_id": _preset(cast.claims).pk},
        foreign={"preset_id": _preset(cast.away_claims).pk},
        missing={"preset_id": NOBODY},
        reach=OWN_PEOPLE,
    )


@objects_for("cases:filing-copy")
def case_to_copy(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={**CLAIMS, Role.ADMINISTRATOR: "any"},
    )


def _entry(user: User) -> AddressEntry:
    return add_entry(
        actor=user, organization=user.organization, role=PartyRole.EMPLOYER, answers={"firm_name": "Delta Orchards"}
    )


def _preset(user: User) -> FilingPreset:
    return save_preset(actor=user, organization=user.organization, name="Regular", answers={"review_type": "regular"})
