"""The address book and the presets of an organization."""

import pytest

from cases.enums import PartyRole
from cases.exceptions import GoneError
from cases.models import AddressEntry, FilingPreset, Party
from cases.selectors.address import book_of, entries_for, entry_of
from cases.services.address import add_entry, edit_entry, keep_party, note_use, remove_entry, save_preset
from imr.audit.models import Event
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_draft

pytestmark = pytest.mark.django_db

BELL = {"first_name": "Noah", "last_name": "Bell", "specialty": "Pain Medicine", "city": "Fresno"}
PHYSICIAN = PartyRole.REQUESTING_PHYSICIAN


def add_bell(cast: Cast, **more: str) -> AddressEntry:
    return add_entry(actor=cast.claims, organization=cast.claims.organization, role=PHYSICIAN, answers={**BELL, **more})


def test_entry_of_the_same_name_and_city_stands_once(cast: Cast) -> None:
    add_bell(cast)
    with pytest.raises(ConflictError) as refused:
        add_bell(cast, first_name="NOAH")
    assert "stands in the address book already" in refused.value.fields["last_name"][0]
    assert add_bell(cast, city="Modesto").pk
    add_entry(actor=cast.away_claims, organization=cast.away_claims.organization, role=PHYSICIAN, answers=BELL)


def test_removed_entry_is_offered_no_more_and_leaves_presets(cast: Cast) -> None:
    entry = add_bell(cast)
    organization = cast.claims.organization
    preset = save_preset(
        actor=cast.claims, organization=organization, name="Bell", answers={"requesting_physician": entry}
    )
    remove_entry(actor=cast.claims, entry_id=entry.pk)
    assert list(entries_for(organization, PHYSICIAN)) == []
    assert entry_of(organization, PHYSICIAN, str(entry.pk)) is None
    assert FilingPreset.objects.get(pk=preset.pk).requesting_physician_id is None
    with pytest.raises(GoneError):
        edit_entry(actor=cast.claims, entry_id=entry.pk, answers=BELL)
    add_bell(cast)


def test_party_of_a_draft_is_kept_once_and_brought_up_to_date(cast: Cast) -> None:
    case = make_draft(cast.claims)
    kept = keep_party(actor=cast.claims, case=case, role=PHYSICIAN)
    assert kept is not None
    Party.objects.filter(case=case, role=PHYSICIAN).update(fax="(916) 555-0199")
    again = keep_party(actor=cast.claims, case=case, role=PHYSICIAN)
    assert again is not None
    assert (again.pk, again.fax) == (kept.pk, "(916) 555-0199")
    assert keep_party(actor=cast.claims, case=case, role=PartyRole.ATTORNEY) is None


def test_entries_used_last_come_first_and_only_those_of_the_organization(cast: Cast) -> None:
    first, second = add_bell(cast), add_bell(cast, last_name="Zamora")
    organization = cast.claims.organization
    assert list(entries_for(organization, PHYSICIAN)) == [first, second]
    note_use(entry=second)
    assert list(entries_for(organization, PHYSICIAN)) == [second, first]
    assert list(entries_for(cast.away_claims.organization, PHYSICIAN)) == []


@pytest.mark.parametrize("key", ["", "0", "-1", "9" * 5000, "٣", "1 OR 1=1"])
def test_key_of_no_entry_is_none(cast: Cast, key: str) -> None:
    assert entry_of(cast.claims.organization, PHYSICIAN, key) is None


def test_book_is_searched_by_every_word(cast: Cast) -> None:
    entry = add_bell(cast, firm_name="Valley Spine Clinic")
    assert list(book_of(cast.claims, q="valley bell")) == [entry]
    assert list(book_of(cast.claims, q="valley nobody")) == []
    assert list(book_of(cast.claims, role=PartyRole.EMPLOYER)) == []
    assert list(book_of(cast.away_claims)) == []


def test_name_of_a_preset_is_taken_once_in_an_organization(cast: Cast) -> None:
    organization = cast.claims.organization
    save_preset(actor=cast.claims, organization=organization, name="Regular", answers={})
    with pytest.raises(ConflictError, match="preset with this name"):
        save_preset(actor=cast.claims, organization=organization, name="REGULAR", answers={})
    save_preset(actor=cast.away_claims, organization=cast.away_claims.organization, name="Regular", answers={})


def test_changes_are_on_record_without_names(cast: Cast) -> None:
    entry = add_bell(cast)
    event = Event.objects.get(action="address.add")
    assert (event.object_id, event.actor_id) == (entry.pk, cast.claims.pk)
    assert "Bell" not in str(event.detail)
