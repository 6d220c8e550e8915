"""Beginning applications, and filling steps in from the address book."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.enums import PartyRole
from cases.models import AddressEntry, Application, Case, Party
from cases.services.address import add_entry, save_preset
from imr.accounts.models import User
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_draft

pytestmark = pytest.mark.django_db

PHYSICIAN = PartyRole.REQUESTING_PHYSICIAN
FULL = {
    "first_name": "Noah",
    "last_name": "Bell",
    "specialty": "Pain Medicine",
    "address_line_1": "1 Clinic Way",
    "city": "Fresno",
    "state": "CA",
    "zip_code": "93701",
    "phone": "(559) 555-0177",
}
Browser = Callable[[User], Client]


def entry_of(user: User) -> AddressEntry:
    return add_entry(actor=user, organization=user.organization, role=PHYSICIAN, answers=FULL)


def test_earlier_case_that_is_not_there_is_said_beside_the_field(cast: Cast, client_of: Browser) -> None:
    make_case(user=cast.away_claims)
    response = client_of(cast.claims).post("/cases/new/", {"earlier": "CM26-9999999"})
    assert response.status_code == 422
    assert "No submitted case of yours has this number" in response.text
    assert "CM26-9999999" in response.text
    assert Case.objects.filter(organization=cast.claims.organization).count() == 0


def test_foreign_case_is_no_earlier_case(cast: Cast, client_of: Browser) -> None:
    theirs = make_case(user=cast.away_claims)
    response = client_of(cast.claims).post("/cases/new/", {"earlier": theirs.number})
    assert response.status_code == 422


def test_preset_and_earlier_case_together_are_refused(cast: Cast, client_of: Browser) -> None:
    preset = save_preset(
        actor=cast.claims, organization=cast.claims.organization, name="Usual", answers={"review_type": "regular"}
    )
    source = make_case(user=cast.claims)
    response = client_of(cast.claims).post("/cases/new/", {"preset": preset.pk, "earlier": source.number})
    assert response.status_code == 422
    assert "not with both" in response.text


def test_preset_of_others_is_refused(cast: Cast, client_of: Browser) -> None:
    theirs = save_preset(
        actor=cast.away_claims,
        organization=cast.away_claims.organization,
        name="Theirs",
        answers={"review_type": "regular"},
    )
    save_preset(
        actor=cast.claims, organization=cast.claims.organization, name="Usual", answers={"review_type": "regular"}
    )
    response = client_of(cast.claims).post("/cases/new/", {"preset": theirs.pk})
    assert response.status_code == 422
    assert "Theirs" not in response.text


def test_copy_leads_to_the_task_list_of_the_new_application(cast: Cast, client_of: Browser) -> None:
    source = make_case(user=cast.claims)
    response = client_of(cast.claims).post(f"/cases/{source.pk}/copy/", {}, follow=True)
    assert f"copied from {source.number}" in response.text
    assert Application.objects.get(copied_from=source).case.is_draft


def test_filling_in_keeps_what_else_was_typed_and_saves_nothing_as_an_answer(cast: Cast, client_of: Browser) -> None:
    case, entry = make_draft(cast.claims, is_complete=False), entry_of(cast.claims)
    browser = client_of(cast.claims)
    url = f"/cases/{case.pk}/application/physician/"
    data = {"version": "1", "editor": "e", "last_name": "Be", f"book_{PHYSICIAN}": str(entry.pk), "fill": PHYSICIAN}
    response = browser.post(url, data, follow=True)
    assert "Filled in from the address book: Noah Bell" in response.text
    assert 'value="1 Clinic Way"' in response.text
    assert not Party.objects.filter(case=case, role=PHYSICIAN).exists()


def test_save_of_the_page_before_that_arrives_after_filling_in_is_refused(cast: Cast, client_of: Browser) -> None:
    case, entry = make_draft(cast.claims, is_complete=False), entry_of(cast.claims)
    browser, url = client_of(cast.claims), f"/cases/{case.pk}/application/physician/"
    page = {"version": "1", "editor": "page-one", "last_name": "Be"}
    assert browser.post(f"{url}save/", page).status_code == 200
    browser.post(url, {**page, f"book_{PHYSICIAN}": str(entry.pk), "fill": PHYSICIAN})
    assert browser.post(f"{url}save/", {**page, "typed_at": "5"}).status_code == 409
    assert Application.objects.get(case=case).steps["physician"]["typed"]["last_name"] == "Bell"


def test_filling_in_the_attorney_answers_that_there_is_one(cast: Cast, client_of: Browser) -> None:
    case = make_draft(cast.claims, is_complete=False)
    lawyer = add_entry(
        actor=cast.claims,
        organization=cast.claims.organization,
        role=PartyRole.ATTORNEY,
        answers={"last_name": "Ruiz", "firm_name": "Ruiz Law"},
    )
    response = client_of(cast.claims).post(
        f"/cases/{case.pk}/application/representative/",
        {"version": "1", "has_designee": "no", "book_attorney": str(lawyer.pk), "fill": "attorney"},
        follow=True,
    )
    form = response.context["form"]
    assert (form["has_attorney"].value(), form["attorney_last_name"].value()) == ("yes", "Ruiz")
    assert form["has_designee"].value() == "no"


@pytest.mark.parametrize("chosen", ["", "0", "x", "9" * 60])
def test_filling_in_without_a_choice_says_what_to_do(cast: Cast, client_of: Browser, chosen: str) -> None:
    case = make_draft(cast.claims, is_complete=False)
    entry_of(cast.claims)
    response = client_of(cast.claims).post(
        f"/cases/{case.pk}/application/physician/",
        {"version": "1", "last_name": "Typed", f"book_{PHYSICIAN}": chosen, "fill": PHYSICIAN},
        follow=True,
    )
    assert "Select an entry of the address book first" in response.text
    assert 'value="Typed"' in response.text


def test_entry_of_others_fills_nothing(cast: Cast, client_of: Browser) -> None:
    case, theirs = make_draft(cast.claims, is_complete=False), entry_of(cast.away_claims)
    response = client_of(cast.claims).post(
        f"/cases/{case.pk}/application/physician/",
        {"version": "1", f"book_{PHYSICIAN}": str(theirs.pk), "fill": PHYSICIAN},
        follow=True,
    )
    assert "1 Clinic Way" not in response.text


def test_role_that_the_step_does_not_have_is_not_found(cast: Cast, client_of: Browser) -> None:
    case = make_draft(cast.claims, is_complete=False)
    response = client_of(cast.claims).post(
        f"/cases/{case.pk}/application/physician/", {"version": "1", "fill": "employer"}
    )
    assert response.status_code == 404


def test_saved_party_is_kept_when_ticked(cast: Cast, client_of: Browser) -> None:
    case = make_draft(cast.claims, is_complete=False)
    url = f"/cases/{case.pk}/application/physician/"
    response = client_of(cast.claims).post(url, {"version": "1", **FULL, f"keep_{PHYSICIAN}": "on"})
    assert response.status_code == 302
    entry = AddressEntry.objects.get(organization=cast.claims.organization)
    assert (entry.role, entry.display_name, entry.phone) == (PHYSICIAN, "Noah Bell", "(559) 555-0177")


def test_book_and_presets_say_what_is_wrong_and_keep_what_was_typed(cast: Cast, client_of: Browser) -> None:
    browser = client_of(cast.claims)
    response = browser.post("/cases/addresses/add/employer/", {"firm_name": "", "city": "Fresno"})
    assert response.status_code == 422
    assert "Enter the employer’s name." in response.text
    assert 'value="Fresno"' in response.text
    assert browser.post("/cases/presets/add/", {"name": "Empty"}).status_code == 422
    assert browser.get("/cases/addresses/?role=nobody").status_code == 400


def test_list_costs_the_same_with_one_and_three_entries(cast: Cast, client_of: Browser) -> None:
    browser = client_of(cast.claims)
    entry_of(cast.claims)
    browser.get("/cases/addresses/")
    counts = []
    for names in ([], ["Adler", "Zamora"]):
        for name in names:
            add_entry(
                actor=cast.claims,
                organization=cast.claims.organization,
                role=PHYSICIAN,
                answers={**FULL, "last_name": name},
            )
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/cases/addresses/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
