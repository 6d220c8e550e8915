"""The pages that amend a filed application, without a script."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DraftStep
from cases.models import AmendmentDraft, Application, ApplicationVersion, Case, DisputedItem
from imr.accounts.models import User
from imr.audit.models import Event
from tests.cases.forms.test_filing_forms import item
from tests.factories.accounts import Cast
from tests.factories.amendments import amend, part_form, version_of_application
from tests.factories.cases import make_case

type ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def at(name: str, *args: object) -> str:
    return reverse(f"cases:{name}", args=args)


def test_application_is_amended_from_the_page_of_the_case_and_shows_both_versions(
    cast: Cast, client_of: ClientOf
) -> None:
    case = make_case(user=cast.claims, items=2)
    number = Application.objects.get(case=case).claim_number
    client = client_of(cast.claims)
    page = at("amend", case.pk)
    assert page in client.get(at("case-detail", case.pk)).content.decode()
    assert "Nothing is changed yet" in client.get(page).content.decode()

    part = at("amend-part", case.pk, "claim")
    assert f'value="{number}"' in client.get(part).content.decode()
    assert client.post(part, part_form(case, DraftStep.CLAIM, claim_number="WC-77"))["Location"] == page
    second = case.items.get(position=2)
    assert client.post(at("amend-remove", case.pk, f"item-{second.pk}")).status_code == 302
    new = at("amend-part", case.pk, "item-new-1")
    form = {**item(description="MRI of the knee"), "version": "9", "editor": "e", "on_file": "99"}
    assert client.post(new, form)["Location"] == page
    shown = client.get(page).content.decode()
    for words in (number, "WC-77", "To be removed", "MRI of the knee", "That moment stays"):
        assert words in shown
    assert Application.objects.get(case=case).claim_number == number
    # A colleague prepares for herself.
    assert "Nothing is changed yet" in client_of(cast.colleague).get(page).content.decode()

    refused = client.post(page, {"reason": ""})
    assert (refused.status_code, "Write why the application is amended" in refused.content.decode()) == (422, True)
    filed = client.post(page, {"reason": "Two digits were reversed."}, follow=True).content.decode()

    assert "It is version 2 of the application" in filed
    for words in ("Two digits were reversed.", number, "WC-77", "Version 1", "counts as filed on"):
        assert words in filed
    assert [row.description for row in case.items.all()][1] == "MRI of the knee"
    assert not AmendmentDraft.objects.exists()
    assert "The application was amended on" in client.get(at("case-detail", case.pk)).content.decode()
    assert "Application amended" in client.get(at("case-detail", case.pk)).content.decode()
    assert Event.objects.filter(action="amendment.viewed", case_id=case.pk).exists()


def test_wrong_words_stay_and_say_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    client, part = client_of(cast.claims), at("amend-part", case.pk, "claim")
    answer = client.post(part, part_form(case, DraftStep.CLAIM, date_of_injury="02/30/2011"))
    assert answer.status_code == 422
    assert "02/30/2011" in answer.content.decode()
    # Kept although it is wrong, named on the overview, and not filed.
    assert "02/30/2011" in client.get(part).content.decode()
    page = client.post(at("amend", case.pk), {"reason": "x"})
    assert page.status_code == 422
    assert "There is no such day" in page.content.decode()
    assert client.post(at("amend-undo", case.pk, "claim")).status_code == 302
    assert "02/30/2011" not in client.get(part).content.decode()
    assert client.post(part, {"claim_number": "7"}).status_code == 400


def test_text_without_measure_stays_on_the_page_and_is_not_kept(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    client, part, words = client_of(cast.claims), at("amend-part", case.pk, "employee"), "lorem " * 25_000
    form = part_form(case, DraftStep.EMPLOYEE, address_line_1=words)
    answer = client.post(part, form)
    assert (answer.status_code, words.strip() in answer.content.decode()) == (422, True)
    assert "more text than an amendment can hold" in answer.content.decode()
    saved = client.post(at("amend-part-save", case.pk, "employee"), form)
    assert (saved.status_code, saved.content.decode()[:9]) == (422, "Not saved")
    assert not AmendmentDraft.objects.exclude(steps={}).exists()


def test_words_save_themselves_and_two_pages_do_not_overwrite_each_other(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    client, save = client_of(cast.claims), at("amend-part-save", case.pk, "claim")
    answer = client.post(save, part_form(case, DraftStep.CLAIM, claim_number="half"))
    assert "Saved at" in answer.content.decode()
    stale = client.post(save, {**part_form(case, DraftStep.CLAIM, claim_number="other"), "editor": "second"})
    assert stale.status_code == 409
    part = at("amend-part", case.pk, "claim")
    both = client.post(part, {**part_form(case, DraftStep.CLAIM, claim_number="other"), "editor": "second"})
    assert both.status_code == 409
    assert b"half" in both.content
    assert b"other" in both.content
    assert client.post(at("amend-reason-save", case.pk), {"reason": "Because"}).content == b"Kept."
    assert "Because" in client.get(at("amend", case.pk)).content.decode()
    client.post(at("amend-discard", case.pk))
    assert not AmendmentDraft.objects.exists()


def test_part_that_somebody_amended_meanwhile_is_compared_first(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    client, part, page = client_of(cast.claims), at("amend-part", case.pk, "claim"), at("amend", case.pk)
    client.post(part, part_form(case, DraftStep.CLAIM, claim_number="MINE"))
    amend(case, cast.colleague, claim_number="THEIRS", reason="From the file.")

    refused = client.post(page, {"reason": "Mine is right."})

    assert refused.status_code == 409
    for words in ("Amended meanwhile by somebody else", "THEIRS", "MINE", "From the file.", "Mine is right."):
        assert words in refused.content.decode()
    assert Application.objects.get(case=case).claim_number == "THEIRS"
    both = client.get(part).content.decode()
    assert "was amended by somebody else" in both
    sent = part_form(case, DraftStep.CLAIM, claim_number="MINE") | {"version": "9"}
    assert sent["on_file"] == str(version_of_application(case))
    assert client.post(part, sent)["Location"] == page
    assert client.post(page, {"reason": "Mine is right."}).status_code == 302
    assert Application.objects.get(case=case).claim_number == "MINE"


def test_item_that_was_removed_meanwhile_keeps_its_words(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims, items=2)
    second = case.items.get(position=2)
    client, part = client_of(cast.claims), at("amend-part", case.pk, f"item-{second.pk}")
    form = {**item(description="Words of mine"), "version": "1", "editor": "e", "on_file": "99"}
    client.post(part, form)
    DisputedItem.objects.filter(pk=second.pk).delete()
    assert client.get(part).status_code == 404
    assert "You had typed: Words of mine" in client.get(at("amend", case.pk)).content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (CaseStatus.IN_REVIEW, "with an expert reviewer"),
        (CaseStatus.DETERMINED, "determination is signed"),
        (CaseStatus.WITHDRAWN, "can no longer be amended"),
    ],
)
def test_closed_case_says_why(cast: Cast, client_of: ClientOf, status: CaseStatus, words: str) -> None:
    case = make_case(status, user=cast.claims)
    client = client_of(cast.claims)
    for page in (at("amend", case.pk), at("amend-part", case.pk, "claim")):
        answer = client.get(page)
        assert (answer.status_code, words in answer.content.decode()) == (409, True)
    assert at("amend", case.pk) not in client.get(at("case-detail", case.pk)).content.decode()
    assert client.post(at("amend-part", case.pk, "claim"), part_form(case, DraftStep.CLAIM)).status_code == 409
    assert client.post(at("amend-part-save", case.pk, "claim"), part_form(case, DraftStep.CLAIM)).status_code == 409


def test_unknown_parts_are_not_there_and_new_items_need_an_open_eligibility(cast: Cast, client_of: ClientOf) -> None:
    case, other = make_case(user=cast.claims), make_case(CaseStatus.ELIGIBLE, user=cast.claims)
    client = client_of(cast.claims)
    foreign = other.items.get().pk
    for slug in ("documents", "items", "item-0", f"item-{foreign}", "item-new-x", "item-new-123", "nonsense"):
        assert client.get(at("amend-part", case.pk, slug)).status_code == 404, slug
    assert client.get(at("amend-part", other.pk, "item-new-1")).status_code == 409
    assert client.post(at("amend-remove", other.pk, f"item-{foreign}")).status_code == 409
    overview = client.get(at("amend", other.pk)).content.decode()
    assert "it can be consolidated with this case" in overview
    assert "Add an item" not in overview


def test_type_of_review_becomes_expedited_by_a_certification_alone(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    client, part = client_of(cast.claims), at("amend-part", case.pk, "review-type")
    answer = client.post(part, part_form(case, DraftStep.REVIEW_TYPE, review_type="expedited"))
    assert answer.status_code == 422
    assert "certification" in answer.content.decode()
    assert client.post(at("amend", case.pk), {"reason": "x"}).status_code == 422


def test_administrator_looks_at_eligibility_after_an_amendment(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ELIGIBLE, user=cast.claims)
    amend(case, cast.claims, DraftStep.UR_DECISION, is_conditional=True)
    client, look = client_of(cast.administrator), at("amendment-look", case.pk, 2)
    for page in (at("intake-queue"), at("case-detail", case.pk), at("amendment-list", case.pk)):
        assert look in client.get(page).content.decode()
    assert look not in client_of(cast.claims).get(at("amendment-list", case.pk)).content.decode()
    assert client.post(look, {"note": ""}).status_code == 422
    client.post(look, {"note": "The letter says otherwise."})
    assert ApplicationVersion.objects.get(number=2).look_note == "The letter says otherwise."
    assert "The letter says otherwise." in client.get(at("amendment-list", case.pk)).content.decode()
    assert client.get(look).status_code == 409
    assert client.get(at("amendment-look", case.pk, 7)).status_code == 404


def test_claims_people_do_not_read_who_of_the_organization_amended(cast: Cast, client_of: ClientOf) -> None:
    case: Case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    amend(case, cast.administrator, claim_number="WC-1")
    shown = client_of(cast.claims).get(at("amendment-list", case.pk)).content.decode()
    assert cast.administrator.display_name not in shown
    assert "IMR organization" in shown
