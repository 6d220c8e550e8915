"""Taking over from the UR decision letter, and the pre-check."""

from collections.abc import Callable

import pytest
from django.test import Client

from cases.enums import DocumentKind
from cases.models import Application, Case, DisputedItem, Document, DocumentPage, DocumentReading, URDecision
from cases.services import reference
from imr.accounts.models import User
from tests.factories.accounts import Cast
from tests.factories.cases import make_document, make_draft

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]

TEXT = """Date of Determination: 03/06/2026

Claim Number: WC-2024-00815

MRI of the lumbar spine - DENIED

Physical therapy, 12 sessions: modified to 6 sessions
"""


def letter_in(case: Case, text: str = TEXT) -> Document:
    document = make_document(case, kind=DocumentKind.UR_DECISION)
    DocumentReading.objects.create(document=document, pages_read=1, text_pages=1)
    DocumentPage.objects.create(document=document, number=1, text=text)
    return document


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_draft(cast.claims, is_complete=False)


def url_of(document: Document) -> str:
    return f"/cases/{document.case_id}/application/documents/{document.pk}/read/"


def test_nothing_is_taken_over_by_looking(cast: Cast, client_of: Browser, case: Case) -> None:
    letter = letter_in(case)
    response = client_of(cast.claims).get(url_of(letter))
    assert "03/06/2026" in response.text
    assert "MRI of the lumbar spine" in response.text
    assert "modified to 6 sessions" in response.text
    assert Application.objects.get(case=case).steps == {}
    assert not DisputedItem.objects.filter(case=case).exists()


def test_what_is_chosen_is_typed_into_its_step_and_not_answered(cast: Cast, client_of: Browser, case: Case) -> None:
    letter = letter_in(case)
    data = {"ur-decision__decided_on": "0", "claim__claim_number": "", "items": ["1"]}
    response = client_of(cast.claims).post(url_of(letter), data, follow=True)
    assert "Open each step, check it and save it" in response.text
    steps = Application.objects.get(case=case).steps
    assert steps["ur-decision"]["typed"]["decided_on"] == "03/06/2026"
    assert not steps["ur-decision"]["done"]
    assert "claim" not in steps
    assert URDecision.objects.get(case=case).decided_on is None
    item = DisputedItem.objects.get(case=case)
    assert (item.description, item.ur_outcome, item.authorized) == (
        "Physical therapy, 12 sessions",
        "modified",
        "6 sessions",
    )


def test_what_was_typed_before_stays_beside_it(cast: Cast, client_of: Browser, case: Case) -> None:
    browser = client_of(cast.claims)
    browser.post(f"/cases/{case.pk}/application/claim/save/", {"version": "1", "employer_firm_name": "Delta Orchards"})
    browser.post(url_of(letter_in(case)), {"claim__claim_number": "0"})
    typed = Application.objects.get(case=case).steps["claim"]["typed"]
    assert (typed["claim_number"], typed["employer_firm_name"]) == ("WC-2024-00815", "Delta Orchards")


def test_answer_that_differs_is_left_as_it_is_unless_chosen(cast: Cast, client_of: Browser, case: Case) -> None:
    Application.objects.filter(case=case).update(claim_number="OTHER-1")
    response = client_of(cast.claims).get(url_of(letter_in(case)))
    assert "Leave it as it is: OTHER-1" in response.text
    assert response.context["form"]["claim__claim_number"].initial == ""


@pytest.mark.parametrize("data", [{"ur-decision__decided_on": "7"}, {"items": ["99"]}, {"items": ["x"]}])
def test_choice_that_is_not_there_is_refused(
    cast: Cast, client_of: Browser, case: Case, data: dict[str, object]
) -> None:
    response = client_of(cast.claims).post(url_of(letter_in(case)), data)
    assert response.status_code == 422
    assert Application.objects.get(case=case).steps == {}


def test_letter_that_is_not_read_yet_says_so(cast: Cast, client_of: Browser, case: Case) -> None:
    document = make_document(case, kind=DocumentKind.UR_DECISION)
    assert "being read" in client_of(cast.claims).get(url_of(document)).text


def test_letter_without_facts_says_what_to_do(cast: Cast, client_of: Browser, case: Case) -> None:
    response = client_of(cast.claims).get(url_of(letter_in(case, "Nothing of note.")))
    assert "Nothing to take over" in response.text


def test_text_of_a_letter_is_shown_literally(cast: Cast, client_of: Browser, case: Case) -> None:
    response = client_of(cast.claims).get(url_of(letter_in(case, "<script>alert(1)</script> brace - DENIED")))
    assert "<script>alert(1)" not in response.text
    assert "&lt;script&gt;" in response.text


def test_other_documents_are_no_letters(cast: Cast, client_of: Browser, case: Case) -> None:
    document = make_document(case, kind=DocumentKind.MEDICAL_REPORT)
    assert client_of(cast.claims).get(url_of(document)).status_code == 404


def test_precheck_says_what_stands_in_the_way_and_until_when(cast: Cast, client_of: Browser) -> None:
    reference.load_legal_parameters()
    reference.load_holidays()
    case = make_draft(cast.claims)
    Application.objects.filter(case=case).update(signer="unsigned")
    response = client_of(cast.claims).get(f"/cases/{case.pk}/application/checks/")
    assert "Nobody has signed the application." in response.text
    assert "INE-SIG" in response.text
    assert "Can be put right until" in response.text
    assert "LC 4610.5(f)" in response.text
