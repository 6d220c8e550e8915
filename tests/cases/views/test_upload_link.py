"""The pages about one-time links: for people of the case, and for somebody who is not signed in."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case, Document, UploadLink
from cases.services.transitions import transition_case
from cases.services.upload_link import link_path, revoke_upload_link
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, uploads
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_pdf, upload_file
from tests.factories.upload_links import make_link, sent, use_link

type ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    """The tests of this page come from one address and share a minute."""
    settings.IMR_UPLOAD_LINKS_PER_MINUTE = 10_000


def answers(**fields: Any) -> dict[str, Any]:
    """What a medical office fills in."""
    return {
        "sender_name": "Ada Lindqvist",
        "sender_role": "physician",
        "file_1": upload_file("Sandoval MRI.pdf", make_pdf(mark="mri")),
        "kind_1": "medical_report",
        **fields,
    }


def plain(body: bytes) -> str:
    """The page without what differs from one request to the next."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"|nonce="[^"]+"', "", body.decode())


def test_link_is_shown_once_and_listed(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    client = client_of(cast.claims)
    url = reverse("cases:upload-link-list", args=[case.pk])
    assert url in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    asked = {
        "recipient_name": "Noah Bell, MD",
        "recipient_role": "physician",
        "kinds": ["medical_report", "rfa"],
        "last_day": clock.today().strftime("%m/%d/%Y"),
        "max_files": "2",
    }
    shown = client.post(url, asked).content.decode()
    found = re.search(r'value="(http://testserver/cases/send/\?key=([^"]+))"', shown)
    assert found is not None
    assert Client().get(found[1]).status_code == 200
    later = client.get(url).content.decode()
    assert found[2] not in later
    assert "Noah Bell, MD" in later
    assert "Noah Bell, MD" in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert Event.objects.filter(action="upload_link.viewed", actor=cast.claims).exists()


def test_missing_answers_are_named_and_the_others_kept(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    url = reverse("cases:upload-link-list", args=[case.pk])
    answer = client_of(cast.claims).post(url, {"recipient_name": "Noah Bell, MD", "last_day": "01/02/2020"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose what is asked for." in text
    assert 'value="Noah Bell, MD"' in text
    assert not UploadLink.objects.exists()


def test_claims_people_do_not_read_who_of_the_staff_made_a_link(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    link = make_link(case, cast.administrator).link
    url = reverse("cases:upload-link-list", args=[case.pk])
    text = client_of(cast.claims).get(url).content.decode()
    assert cast.administrator.display_name not in text
    revoke = reverse("cases:upload-link-revoke", args=[case.pk, link.pk])
    assert revoke not in text
    assert client_of(cast.claims).post(revoke).status_code == 403
    assert revoke in client_of(cast.administrator).get(url).content.decode()
    assert client_of(cast.administrator).post(revoke).status_code == 302


def test_page_behind_the_link_says_nothing_of_the_worker_and_changes_nothing(db: None) -> None:
    made = make_link(make_case())
    case, client = made.link.case, Client()
    before = UploadLink.objects.filter(pk=made.link.pk).values().get()
    for _ in range(2):
        answer = client.get(link_path(made.secret))
        assert client.head(link_path(made.secret)).status_code == 200
    text = answer.content.decode()
    for said in (str(case.number), case.organization.name, "Valley Spine Clinic", "Medical report"):
        assert said in text
    for told in ("Sandoval", "Lumbago", "Personal Trainer", case.application.claim_number, "Delta Orchards"):
        assert told not in text
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert UploadLink.objects.filter(pk=made.link.pk).values().get() == before


def test_links_that_do_not_work_look_all_the_same(db: None) -> None:
    case = make_case()
    expired, revoked = make_link(case), make_link(case)
    UploadLink.objects.filter(pk=expired.link.pk).update(expires_at=clock.now())
    revoke_upload_link(link_id=revoked.link.pk, actor=case.created_by)
    ended = make_link(make_case())
    transition_case(case_id=ended.link.case_id, event=CaseEvent.WITHDRAW, actor=None)
    bodies = set()
    for secret in ("", "unknown", expired.secret, revoked.secret, ended.secret):
        for answer in (Client().get(link_path(secret)), Client().post(link_path(secret), answers())):
            assert answer.status_code == 404
            bodies.add(plain(answer.content))
    assert len(bodies) == 1


def test_submission_gives_a_receipt_and_uses_the_link_up(db: None) -> None:
    made = make_link(make_case())
    client = Client()
    answer = client.post(link_path(made.secret), answers())
    document = Document.objects.get(upload_link=made.link)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert f"{made.link.case.number}-L1" in text
    assert document.sha256 in text
    assert "Sandoval" not in text
    again = client.get(link_path(made.secret))
    assert (again.status_code, document.sha256 in again.content.decode()) == (200, True)
    second = client.post(link_path(made.secret), answers(file_1=upload_file("b.pdf", make_pdf(mark="b"))))
    assert second.status_code == 409
    assert "nothing of what you sent just now was kept" in second.content.decode()
    assert Document.objects.filter(upload_link=made.link).count() == 1


def test_receipt_is_gone_with_the_last_day(db: None) -> None:
    made = make_link(make_case())
    use_link(made.link)
    UploadLink.objects.filter(pk=made.link.pk).update(expires_at=clock.now())
    assert Client().get(link_path(made.secret)).status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sender_name": ""}, "Enter your name."),
        ({"kind_1": ""}, "Select what file 1 is."),
        ({"file_1": ""}, "Choose at least one file."),
        ({"kind_1": "diagnostic_report"}, "Select a valid choice"),
        ({"file_1": upload_file("notes.pdf", b"GIF89a plainly a picture")}, "This is not a PDF"),
        ({"file_1": upload_file("CM26-0000999.pdf", make_pdf(mark="x"))}, "speaks of case CM26-0000999"),
    ],
)
def test_refusals_stand_beside_the_field_and_nothing_typed_is_lost(
    db: None, changed: dict[str, Any], words: str
) -> None:
    made = make_link(make_case())
    answer = Client().post(link_path(made.secret), answers(sender_role="employee_side", **changed))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert re.search(r'value="employee_side"[^>]*checked', text)
    assert not Document.objects.filter(upload_link=made.link).exists()


def test_file_chosen_twice_leaves_the_link_open_and_says_where(db: None) -> None:
    made = make_link(make_case())
    twice = answers(file_2=upload_file("other.pdf", make_pdf(mark="mri")), kind_2="other")
    shown = Client().post(link_path(made.secret), twice)
    assert shown.status_code == 422
    assert "This is the same file as file 1." in shown.content.decode()
    assert not Document.objects.filter(upload_link=made.link).exists()
    other = answers(file_2=upload_file("other.pdf", make_pdf(mark="ct")), kind_2="other")
    assert Client().post(link_path(made.secret), other).status_code == 200


@pytest.mark.parametrize("name", ["cases:upload-link-list", "cases:cover-sheet-list"])
def test_ended_case_does_not_say_what_to_ask_for(cast: Cast, client_of: ClientOf, name: str) -> None:
    case = make_case(CaseStatus.WITHDRAWN, user=cast.claims)
    shown = client_of(cast.claims).get(reverse(name, args=[case.pk])).content.decode()
    assert "This case takes no more documents." in shown
    assert "Say who is asked" not in shown
    assert "Select what the paper is" not in shown


def test_number_of_another_case_in_the_name_needs_a_tick(db: None) -> None:
    made = make_link(make_case())
    file = upload_file("CM26-0000999.pdf", make_pdf(mark="x"))
    asked = Client().post(link_path(made.secret), answers(file_1=file))
    assert 'type="checkbox" name="is_name_confirmed"' in asked.content.decode()
    file.seek(0)
    taken = Client().post(link_path(made.secret), answers(file_1=file, is_name_confirmed="on"))
    assert taken.status_code == 200


def test_too_large_files_are_never_read(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    made = make_link(make_case())
    answer = Client().post(link_path(made.secret), answers())
    assert answer.status_code == 422
    assert "Sandoval MRI.pdf: " in answer.content.decode()
    assert not Document.objects.filter(upload_link=made.link).exists()


def test_form_of_another_site_is_refused(db: None) -> None:
    made = make_link(make_case())
    assert Client(enforce_csrf_checks=True).post(link_path(made.secret), answers()).status_code == 403


def test_guessing_is_slowed_down(db: None, settings: Any) -> None:
    settings.IMR_UPLOAD_LINKS_PER_MINUTE = 1
    # Two tries fit into one minute of the clock in the first or the second pair.
    statuses = [Client(REMOTE_ADDR="192.0.2.77").get(link_path("guess")).status_code for _ in range(4)]
    assert statuses.count(429) >= 2


def test_list_does_not_ask_more_questions_for_more_links(
    cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    case: Case = make_case(user=cast.claims)
    client, url = client_of(cast.claims), reverse("cases:upload-link-list", args=[case.pk])
    use_link(make_link(case).link)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(2):
        use_link(make_link(case).link, sent(make_pdf(mark=f"more {number}")))
    with django_assert_max_num_queries(len(one)):
        client.get(url)
