"""Cases and letters as the checks want them."""

from datetime import date

import pytest

from cases.enums import ItemEligibility, PartyRole
from cases.models import Application, DisputedItem, Party
from reviews.rules.checks.run import check_determination
from reviews.selectors.check import checked_draft, signed_determinations
from tests.factories.checks import alarms
from tests.factories.letters import make_signable

pytestmark = pytest.mark.django_db

LEFT = "The left knee is stable. The MRI is not medically necessary."


def test_draft_and_signed_determination_are_checked_with_what_the_case_knows() -> None:
    signable = make_signable(
        items=[{"description": "MRI of the right knee"}, {"description": "Gym membership"}],
        findings={1: {"rationale": LEFT}},
    )
    case = signable.case
    Application.objects.filter(case=case).update(claim_number="WC-1")
    Party.objects.update_or_create(
        case=case, role=PartyRole.EMPLOYEE, defaults={"first_name": "Dana", "last_name": "Okafor"}
    )
    draft = checked_draft(signable.assignment, date(2026, 1, 2))
    assert draft.request_items == ("MRI of the right knee", "Gym membership")
    assert "WC-1" in draft.claim_numbers
    assert "Dana Okafor" in draft.names
    assert alarms(check_determination(draft)) == ["side"]

    determination = signable.sign()
    ((signed, checked),) = signed_determinations([str(case.number)])
    assert signed == determination
    assert checked.items == draft.items
    assert not list(signed_determinations(["CM26-9999999"]))


def test_item_left_out_of_the_letter_is_found_by_its_case() -> None:
    signable = make_signable(items=[{"description": "MRI of the right knee"}])
    determination = signable.sign()
    DisputedItem.objects.create(
        case=signable.case, position=7, description="Sling", eligibility=ItemEligibility.ELIGIBLE
    )
    ((_, checked),) = signed_determinations()
    (missing,) = [finding for finding in check_determination(checked) if finding.code == "items_differ"]
    assert (missing.quote, missing.message) == ("Sling", "This item is not in the letter.")
    assert determination.case == signable.case
