"""Applications that begin with a preset or an earlier case."""

import pytest

from cases.enums import DraftStep, PartyRole
from cases.models import Application, DisputedItem, Document, Party, URDecision
from cases.selectors.address import earlier_case
from cases.selectors.draft import read_draft
from cases.services.address import add_entry, save_preset
from cases.services.draft import create_draft
from cases.services.draft_start import start_from_case, start_from_preset
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db


def test_copy_takes_worker_claim_and_parties_and_leaves_what_belongs_to_the_dispute(cast: Cast) -> None:
    source = make_case(user=cast.claims)
    case = start_from_case(actor=cast.claims, source=source)
    old, new = Application.objects.get(case=source), Application.objects.get(case=case)
    assert (new.claim_number, new.date_of_injury) == (old.claim_number, old.date_of_injury)
    assert new.copied_from_id == source.pk
    for role in (PartyRole.EMPLOYEE, PartyRole.EMPLOYER, PartyRole.REQUESTING_PHYSICIAN):
        assert (
            Party.objects.get(case=case, role=role).display_name
            == Party.objects.get(case=source, role=role).display_name
        )
    assert (new.signer, new.signed_on, new.attested_by_name, new.review_type) == ("", None, "", "")
    assert URDecision.objects.get(case=case).decided_on is None
    assert not Document.objects.filter(case=case).exists()
    assert not DisputedItem.objects.filter(case=case).exists()
    draft = read_draft(case)
    assert draft.is_done(DraftStep.EMPLOYEE)
    assert not draft.is_done(DraftStep.SIGNATURE)


def test_copy_takes_items_without_what_was_decided_on_them(cast: Cast) -> None:
    source = make_case(user=cast.claims)
    DisputedItem.objects.filter(case=source).update(eligibility="ineligible", ineligibility_reason="INE-DUP")
    case = start_from_case(actor=cast.claims, source=source, with_items=True)
    old, new = DisputedItem.objects.get(case=source), DisputedItem.objects.get(case=case)
    assert (new.description, new.category_id, new.position) == (old.description, old.category_id, 1)
    assert (new.eligibility, new.ineligibility_reason) == ("pending", "")


def test_preset_fills_its_steps_and_no_others(cast: Cast) -> None:
    organization = cast.claims.organization
    bell = add_entry(
        actor=cast.claims,
        organization=organization,
        role=PartyRole.REQUESTING_PHYSICIAN,
        answers={"last_name": "Bell", "phone": "(559) 555-0177"},
    )
    lawyer = add_entry(
        actor=cast.claims, organization=organization, role=PartyRole.ATTORNEY, answers={"last_name": "Ruiz"}
    )
    preset = save_preset(
        actor=cast.claims,
        organization=organization,
        name="Usual",
        answers={"requesting_physician": bell, "attorney": lawyer, "review_type": "regular", "service_method": "mail"},
    )
    draft = read_draft(start_from_preset(actor=cast.claims, preset=preset))
    assert draft.parties[PartyRole.REQUESTING_PHYSICIAN].phone == "(559) 555-0177"
    assert draft.application.has_attorney is True
    assert draft.application.review_type == "regular"
    assert draft.ur_decision.service_method == "mail"
    done = {step for step in DraftStep if draft.is_done(step)}
    assert done == {DraftStep.PHYSICIAN, DraftStep.REPRESENTATIVE, DraftStep.REVIEW_TYPE}
    bell.refresh_from_db()
    assert bell.used_at is not None


def test_earlier_case_is_found_by_either_number_within_the_organization(cast: Cast) -> None:
    source = make_case(user=cast.claims)
    claim = Application.objects.get(case=source).claim_number
    assert source.number is not None
    assert earlier_case(cast.claims, source.number.lower()) == source
    assert earlier_case(cast.claims, claim) == source
    assert earlier_case(cast.away_claims, source.number) is None
    assert earlier_case(cast.claims, "no such number") is None


def test_person_who_files_is_the_contact_until_another_is_named(cast: Cast) -> None:
    cast.claims.full_name = "Ana María Ruiz"
    contact = Party.objects.get(case=create_draft(actor=cast.claims), role=PartyRole.CLAIMS_ADMINISTRATOR)
    assert (contact.first_name, contact.last_name, contact.email) == ("Ana María", "Ruiz", cast.claims.email)
    by_staff = create_draft(actor=cast.administrator, organization=cast.claims.organization)
    assert Party.objects.get(case=by_staff, role=PartyRole.CLAIMS_ADMINISTRATOR).last_name == ""
