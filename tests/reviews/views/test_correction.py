"""Pages of a letter's life after its signature: the way out, corrections, appeals."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, PartyRole
from cases.models import Case, Party
from imr.accounts.enums import Role
from imr.core import clock
from imr.core.words import mmddyyyy, pacific
from reviews.letters.correction import places_of
from reviews.models import Appeal, Correction, Delivery, Determination, Dispatch
from reviews.selectors.dispatch import days_of_service
from reviews.selectors.snapshot import snapshot_of
from reviews.services.dispatch import release_letter
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.letters import make_signable, serve

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def _filled(determination: Determination) -> dict[str, str]:
    """The form as it is shown."""
    return {place.key: place.text for place in places_of(snapshot_of(determination).letter)}


def test_letter_on_its_way_is_taken_back_and_its_addresses_completed(client_of: ClientOf) -> None:
    administrator, made = make_user(Role.ADMINISTRATOR), make_signable()
    client, letter = client_of(administrator), made.letter()
    employee = Party.objects.get(case=made.case, role=PartyRole.EMPLOYEE)
    Party.objects.filter(pk=employee.pk).update(city="")
    case_page = reverse("cases:case-detail", args=[made.case.pk])
    asked = client.post(reverse("reviews:letter-release"), {"letter": [letter.pk]}).content.decode()
    assert "Injured worker: the address has no city." in asked
    address_page = reverse("reviews:service-address", args=[employee.pk])
    assert address_page in client.get(case_page).content.decode()
    shown = client.get(address_page)
    assert "100 Main Street" in shown.content.decode()
    given = {"address_line_1": "100 Main Street", "city": "", "state": "CA", "zip_code": "9370"}
    refused = client.post(address_page, given).content.decode()
    assert "Enter the city." in refused
    assert "ZIP code of 5 or 9 digits" in refused
    assert client.post(address_page, {**given, "city": "Fresno", "zip_code": "93701"}).status_code == 302

    days = days_of_service()
    dispatch = release_letter(letter_id=letter.pk, actor=administrator, service_on=days.following, without_check=True)
    page = client.get(case_page).content.decode()
    assert f"It leaves on {mmddyyyy(days.following)}" in page
    back_page = reverse("reviews:dispatch-take-back", args=[dispatch.pk])
    assert back_page in page
    assert back_page in client.get(reverse("reviews:dispatch-list")).content.decode()
    assert client.post(back_page, {"reason": " "}).status_code == 422
    assert client.post(back_page, {"reason": "A wrong year."}).status_code == 302
    assert client.post(back_page, {"reason": "A wrong year."}).status_code == 409
    late = client.get(back_page)
    assert late.status_code == 409
    assert "The letter was taken back on" in late.content.decode()
    assert Dispatch.objects.get().taken_back_at is not None

    served = serve(letter, administrator)
    mailed = Delivery.objects.get(dispatch=served.dispatch, role=PartyRole.EMPLOYEE)
    returned = reverse("reviews:delivery-failed", args=[mailed.pk])
    assert returned in client.get(case_page).content.decode()
    when = mmddyyyy(clock.today())
    client.post(returned, {"failed_on": when, "note": "Moved, left no address."})
    if mailed.sent_on <= clock.today():
        assert "It is on record that this copy came back on" in client.get(returned).content.decode()
        assert "Moved, left no address." in client.get(case_page).content.decode()
    # The parties are told that it was served, and nothing of how.
    told = client_of(made.case.created_by).get(case_page).content.decode()
    assert "Served" in told
    assert "Service of the letter" not in told


def test_correction_goes_from_the_form_to_the_medical_director(client_of: ClientOf) -> None:
    administrator, director = make_user(Role.ADMINISTRATOR), make_user(Role.MEDICAL_DIRECTOR)
    served = make_signable().served(administrator)
    client, page = client_of(administrator), reverse("reviews:correction-propose", args=[served.determination_id])
    assert page in client.get(reverse("cases:case-detail", args=[served.case_id])).content.decode()
    given = {**_filled(served.determination), "reason": "The age was wrong."}
    assert client.get(page).status_code == 200
    unchanged = client.post(page, given)
    assert unchanged.status_code == 422
    assert "Nothing is changed yet." in unchanged.content.decode()
    bad = client.post(page, {**given, "date_of_injury": "13/45/2025", "item_1_rationale": ""}).content.decode()
    assert "There is no such day." in bad
    changed = {**given, "clinical_case_summary": given["clinical_case_summary"].replace("54", "45")}
    shown = client.post(page, changed).content.decode()
    assert "What changes (1)" in shown
    assert "[removed: </span>54-year-old" in shown
    assert "[added: </span>45-year-old" in shown
    assert not Correction.objects.exists()
    assert client.post(page, {**changed, "propose": "1"}).status_code == 302

    correction = Correction.objects.get()
    detail = reverse("reviews:correction-detail", args=[correction.pk])
    own = client.get(detail).content.decode()
    assert "Take the correction back" in own
    assert "Approve the correction" not in own
    asked = client_of(director)
    assert detail in asked.get(reverse("reviews:quality-queue")).content.decode()
    decided = {"act": "approve", "snapshot_sha256": correction.snapshot_sha256, "password": "wrong"}
    assert asked.post(detail, decided).status_code == 403
    assert asked.post(detail, {"act": "refuse", "note": ""}).status_code == 422
    assert asked.post(detail, {}).status_code == 422
    assert client.post(detail, {**decided, "password": PASSWORD}).status_code == 403
    assert asked.post(detail, {**decided, "password": PASSWORD}).status_code == 302
    assert Determination.objects.filter(corrects=served.determination_id).count() == 1
    late = client.post(detail, {"act": "withdraw", "note": ""})
    assert late.status_code == 409
    assert "This correction was approved meanwhile." in late.content.decode()
    assert "Write why not." not in late.content.decode()
    case_page = asked.get(reverse("cases:case-detail", args=[served.case_id])).content.decode()
    assert "Correction approved" in case_page
    assert client_of(make_user(Role.AUDITOR)).get(detail).status_code == 403
    reviewer = served.determination.signed_by
    signed = client_of(reviewer).get(reverse("reviews:workspace", args=[served.determination.assignment_id]))
    corrected = Determination.objects.get(corrects=served.determination_id)
    assert f"corrected on {pacific(corrected.signed_at)}" in signed.content.decode()
    assert signed.context["signed"] == served.determination


def test_appeal_is_recorded_decided_and_reviewed_again(client_of: ClientOf) -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    served = make_signable().served(administrator)
    client, when = client_of(administrator), mmddyyyy(clock.today())
    pages = {
        name: reverse(f"reviews:{name}", args=[served.case_id])
        for name in ("appeal-record", "appeal-decide", "review-reopen")
    }
    case_page = reverse("cases:case-detail", args=[served.case_id])
    appeal = {"filed_on": when, "appellant": "employee", "ground": "fact", "note": "The wrong shoulder."}
    assert client.post(pages["appeal-record"], {**appeal, "ground": "mood"}).status_code == 422
    early = {"outcome": "denied", "decided_on": when, "note": "No."}
    assert client.post(pages["appeal-decide"], early).status_code == 409
    for name in ("appeal-decide", "review-reopen"):
        closed = client.get(pages[name])
        assert closed.status_code == 409
        assert "The case has been “" in closed.content.decode()
    for name, given, status in (
        ("appeal-record", appeal, CaseStatus.APPEALED),
        ("appeal-decide", {"outcome": "reversed", "decided_on": when, "note": "Reversed."}, CaseStatus.REMANDED),
        ("review-reopen", {"reason": "By order of the board."}, CaseStatus.READY_FOR_REVIEW),
    ):
        assert pages[name] in client.get(case_page).content.decode()
        assert client.get(pages[name]).status_code == 200
        assert client.post(pages[name], given).status_code == 302
        assert Case.objects.get(pk=served.case_id).status == status
    assert Appeal.objects.get().outcome == "reversed"
    correct = client.get(reverse("reviews:correction-propose", args=[served.determination_id]))
    assert correct.status_code == 409
    assert "This is not the letter in force" in correct.content.decode()
    page = client.get(case_page).content.decode()
    assert "Set aside on appeal" in page
    assert reverse("reviews:letter-download", args=[served.pk]) in page
