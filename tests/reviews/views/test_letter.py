"""Pages about letters, asked by the cast."""

import base64
import csv
import io
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.services.transitions import transition_case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, storage
from imr.core.errors import ConflictError
from imr.core.models import JobState, OutboxJob
from imr.core.words import mmddyyyy
from reviews.models import Dispatch, Letter, License
from reviews.selectors.dispatch import days_of_service
from reviews.services.determination import pass_determination
from reviews.services.dispatch import release_letter
from reviews.services.serving import serve_letter
from tests.factories.accounts import make_organization, make_user
from tests.factories.letters import Signable, make_signable, serve
from tests.factories.reviews import make_reviewer
from tests.poppler import pdftotext

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def _bytes(response: object) -> bytes:
    assert isinstance(response, FileResponse | StreamingHttpResponse)
    # The test client closes the response with the last piece.
    return b"".join(response.streaming_content)  # type: ignore[arg-type]


def _status(client: Client, url: str) -> int:
    response = client.get(url)
    if response.streaming:
        _bytes(response)
    return response.status_code


@pytest.fixture
def made() -> Signable:
    return make_signable()


def _people(made: Signable) -> dict[str, User]:
    return {
        "own claims": made.case.created_by,
        "other claims": make_user(Role.CLAIMS_STAFF, make_organization()),
        "reviewer": made.user,
        "other reviewer": make_user(Role.REVIEWER),
        "administrator": make_user(Role.ADMINISTRATOR),
        "director": make_user(Role.MEDICAL_DIRECTOR),
        "auditor": make_user(Role.AUDITOR),
        "operator": make_user(Role.OPERATOR),
    }


def test_download_before_and_after_release_by_everybody(made: Signable, client_of: ClientOf) -> None:
    letter = made.letter()
    url = reverse("reviews:letter-download", args=[letter.pk])
    people = _people(made)

    def answers() -> dict[str, int]:
        return {name: _status(client_of(user), url) for name, user in people.items()}

    staff = {"administrator": 200, "director": 200, "auditor": 200, "operator": 403}
    assert answers() == {"own claims": 404, "other claims": 404, "reviewer": 200, "other reviewer": 404, **staff}
    served = serve(letter, people["administrator"])
    # The parties get the letter as it was served, the reviewer keeps to the one that names nobody.
    assert answers() == {"own claims": 404, "other claims": 404, "reviewer": 200, "other reviewer": 404, **staff}
    url = reverse("reviews:letter-download", args=[served.pk])
    assert answers() == {"own claims": 200, "other claims": 404, "reviewer": 404, "other reviewer": 404, **staff}
    assert Client().get(url).status_code == 302


def test_letter_that_was_superseded_says_so_to_its_parties_alone(made: Signable, client_of: ClientOf) -> None:
    served = serve(made.letter(), make_user(Role.ADMINISTRATOR))
    Letter.objects.filter(pk=served.pk).update(superseded_at=timezone.now())
    url = reverse("reviews:letter-download", args=[served.pk])
    people = _people(made)
    answers = {name: _status(client_of(user), url) for name, user in people.items()}
    staff = {"administrator": 200, "director": 200, "auditor": 200, "operator": 403}
    assert answers == {"own claims": 410, "other claims": 404, "reviewer": 404, "other reviewer": 404, **staff}
    answer = client_of(people["own claims"]).get(url)
    page = answer.content.decode()
    # A page, with the policy of pages: that of a file would leave it without its style.
    assert "style-src 'self'" in answer["Content-Security-Policy"]
    assert f"Version 1 of the final determination letter of case {made.case.number}" in page
    assert f"was superseded on {mmddyyyy(clock.today())}" in page
    assert f'href="{reverse("cases:case-detail", args=[made.case.pk])}"' in page


def test_download_is_recorded_and_named(made: Signable, client_of: ClientOf) -> None:
    letter = made.letter()
    administrator = make_user(Role.ADMINISTRATOR)
    response = client_of(administrator).get(reverse("reviews:letter-download", args=[letter.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="{made.case.number}_final-determination.pdf"'
    assert _bytes(response).startswith(b"%PDF-")
    event = Event.objects.get(action="letter.download", object_id=letter.pk)
    assert event.actor == administrator
    assert event.detail["sha256"] == letter.sha256


def test_changed_file_is_never_served_or_released(made: Signable, client_of: ClientOf) -> None:
    letter = made.letter()
    storage.local_path(letter.sha256).write_bytes(b"%PDF-1.7 something else")
    administrator = make_user(Role.ADMINISTRATOR)
    client = client_of(administrator)
    assert client.get(reverse("reviews:letter-download", args=[letter.pk])).status_code == 500
    client.post(
        reverse("reviews:letter-release"),
        {"letter": [letter.pk], "confirmed": 1, "without_check": "on", "service_on": clock.today().isoformat()},
    )
    assert not Dispatch.objects.exists()
    assert not Event.objects.filter(action="letter.download").exists()


def test_release_asks_with_the_count_then_releases_each_on_its_own(client_of: ClientOf) -> None:
    first, second, third = make_signable(), make_signable(), make_signable()
    letters = [made.letter() for made in (first, second, third)]
    administrator = make_user(Role.ADMINISTRATOR)
    transition_case(case_id=second.case.pk, event=CaseEvent.WITHDRAW, actor=administrator)
    client = client_of(administrator)
    url = reverse("reviews:letter-release")
    ids = {"letter": [letter.pk for letter in letters]}

    asked = client.post(url, ids)
    assert "Release 3 letters?" in asked.content.decode()
    assert not Dispatch.objects.exists()

    words = f"I release 2 letters without the quality check: {first.case.number}, {third.case.number}"
    assert words in asked.content.decode()
    days = days_of_service()
    refused = client.post(url, {**ids, "confirmed": 3, "service_on": "2026-01-02"})
    assert refused.status_code == 422
    assert "Tick this box, or go back and leave these letters out." in refused.content.decode()
    assert "The day has changed since you opened this page." in refused.content.decode()
    assert not Dispatch.objects.exists()

    tomorrow = {"without_check": "on", "service_on": days.following.isoformat()}
    done = client.post(url, {**ids, "confirmed": 3, **tomorrow}, follow=True).content.decode()
    assert f"2 letters released, dated {mmddyyyy(days.following)}." in done
    assert f"{second.case.number}: withdrawn on" in done
    assert "the letter was not sent" in done
    assert {Case.objects.get(pk=made.case.pk).status for made in (first, third)} == {CaseStatus.QA}
    assert Event.objects.get(action="letter.release", case_id=first.case.pk).detail["passed"] is False
    assert set(Dispatch.objects.values_list("service_on", flat=True)) == {days.following}
    again = client.post(url, {"letter": [letters[0].pk], "confirmed": 1, **tomorrow}, follow=True).content.decode()
    assert "was released on" in again


def test_letter_that_passed_is_released_without_a_tick(made: Signable, client_of: ClientOf) -> None:
    letter, director = made.letter(), make_user(Role.MEDICAL_DIRECTOR)
    with pytest.raises(ConflictError, match="has not passed the quality check"):
        release_letter(letter_id=letter.pk, actor=director)
    pass_determination(determination_id=letter.determination_id, actor=director)
    client, url = client_of(director), reverse("reviews:letter-release")
    assert "without the quality check" not in client.post(url, {"letter": [letter.pk]}).content.decode()
    today = {"service_on": clock.today().isoformat()}
    assert client.post(url, {"letter": [letter.pk], "confirmed": 1, **today}).status_code == 302
    serve_letter(dispatch_id=Dispatch.objects.get().pk)
    assert Event.objects.get(action="case.issue").detail["passed"] is True


def test_nothing_ticked_and_unknown_ids_are_answered_in_words(client_of: ClientOf) -> None:
    client = client_of(make_user(Role.ADMINISTRATOR))
    for data in ({}, {"letter": ["999999999999999999999"]}, {"letter": ["x", "-1"]}):
        response = client.post(reverse("reviews:letter-release"), data)
        assert response.status_code == 422
        assert "There is a problem" in response.content.decode()
    for value in ("9" * 5_000, "1" * 40, "\u0663", "-1"):
        assert client.post(reverse("reviews:letter-zip"), {"letter": value}).status_code == 422
    too_many = client.post(reverse("reviews:letter-zip"), {"letter": [str(number) for number in range(501)]})
    assert too_many.status_code == 400
    assert "at most 500" in too_many.content.decode()


def test_zip_holds_each_letter_under_its_name(client_of: ClientOf) -> None:
    organization = make_organization(name="=Harbor, Claims")
    letters = [make_signable().letter(), *(make_signable(organization=organization).served() for _ in range(2))]
    response = client_of(make_user(Role.ADMINISTRATOR)).post(
        reverse("reviews:letter-zip"), {"letter": [letter.pk for letter in letters]}
    )
    archive = zipfile.ZipFile(io.BytesIO(_bytes(response)))
    assert archive.testzip() is None
    day = clock.today()
    names = [f"{letters[0].case.number}_final-determination.pdf"]
    names += [f"{letter.case.number}_uphold_{day:%Y-%m-%d}.pdf" for letter in letters[1:]]
    assert sorted(archive.namelist()) == sorted([*names, "index.csv", "index.html"])
    rows = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))
    assert [(row["File"], row["Sha256"]) for row in rows] == [
        (name, letter.sha256) for name, letter in zip(names, letters, strict=True)
    ]
    assert [row["State"] for row in rows] == ["Not served", "In force", "In force"]
    assert [row["Service date"] for row in rows] == ["", mmddyyyy(day), mmddyyyy(day)]
    assert rows[1]["Claims administrator"] == "'=Harbor, Claims"
    assert letters[1].sha256 in archive.read("index.html").decode()
    assert Event.objects.filter(action="letter.download", detail__how="zip").count() == 3


def test_status_turns_from_prepared_to_download(made: Signable, client_of: ClientOf) -> None:
    url = reverse("reviews:letter-status", args=[made.case.pk])
    client = client_of(made.user)
    assert "No letter yet" in client.get(url).content.decode()
    determination = made.sign()
    waiting = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "Being prepared" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "<html" not in waiting
    claims = client_of(made.case.created_by)
    assert "No letter yet" in claims.get(url).content.decode()
    OutboxJob.objects.update(state=JobState.FAILED, finished_at=determination.signed_at, problem="RenderError")
    assert "could not be made" in client.get(url).content.decode()


def test_status_shows_the_download_and_stops_asking(made: Signable, client_of: ClientOf) -> None:
    letter = made.letter()
    text = client_of(made.user).get(reverse("reviews:letter-status", args=[made.case.pk])).content.decode()
    assert reverse("reviews:letter-download", args=[letter.pk]) in text
    assert "every 2s" not in text


def test_preview_is_a_framed_pdf_for_reviewer_and_staff_only(made: Signable, client_of: ClientOf) -> None:
    url = reverse("reviews:letter-preview", args=[made.assignment.pk])
    response = client_of(made.user).get(url)
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    expected = {
        "own claims": 403,
        "other claims": 403,
        "reviewer": 200,
        "other reviewer": 404,
        "administrator": 200,
        "director": 200,
        "auditor": 403,
        "operator": 403,
    }
    assert {name: client_of(user).get(url).status_code for name, user in _people(made).items()} == expected
    assert Event.objects.filter(action="letter.preview").count() == 4


def test_failed_letter_is_shown_and_tried_again(made: Signable, client_of: ClientOf) -> None:
    determination = made.sign()
    job = OutboxJob.objects.get(name="reviews.render_letter")
    OutboxJob.objects.filter(pk=job.pk).update(
        state=JobState.FAILED, finished_at=determination.signed_at, problem="RenderError"
    )
    administrator = client_of(make_user(Role.ADMINISTRATOR))
    assert "Try again" in administrator.get(reverse("reviews:letter-queue")).content.decode()
    assert "RenderError" in administrator.get(reverse("reviews:job-list")).content.decode()
    administrator.post(reverse("reviews:job-retry", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.PENDING
    assert Event.objects.filter(action="job.retry", object_id=job.pk).exists()
    assert administrator.post(reverse("reviews:job-retry", args=[job.pk])).status_code == 409
    assert client_of(make_user(Role.AUDITOR)).get(reverse("reviews:job-list")).status_code == 200
    assert client_of(made.user).get(reverse("reviews:job-list")).status_code == 403


def test_quality_check_passes_and_returns(client_of: ClientOf) -> None:
    passed, returned = make_signable(), make_signable()
    letters = [passed.letter(), returned.letter()]
    director = client_of(make_user(Role.MEDICAL_DIRECTOR))
    queue = director.get(reverse("reviews:quality-queue")).content.decode()
    assert str(passed.case.number) in queue
    assert str(returned.case.number) in queue
    director.post(reverse("reviews:quality-pass", args=[letters[0].determination_id]))
    assert Case.objects.get(pk=passed.case.pk).status == CaseStatus.DETERMINED
    page = reverse("reviews:quality-detail", args=[letters[1].determination_id])
    assert director.post(page, {"reason": " "}).status_code == 422
    assert director.post(page, {"reason": "The year of the guideline is wrong."}).status_code == 302
    assert Case.objects.get(pk=returned.case.pk).status == CaseStatus.IN_REVIEW
    assert director.post(page, {"reason": "Again."}).status_code == 409
    void = director.get(reverse("reviews:letter-download", args=[letters[1].pk]))
    assert void["Content-Disposition"].endswith(f'"{returned.case.number}_final-determination_void.pdf"')
    assert _bytes(void)
    assert client_of(make_user(Role.ADMINISTRATOR)).get(page).status_code == 403


@pytest.mark.parametrize("name", ["letter-queue", "quality-queue", "letter-issued", "dispatch-list"])
def test_lists_take_the_same_queries_for_one_row_and_for_three(
    name: str, client_of: ClientOf, django_assert_num_queries: Callable[..., object]
) -> None:
    director = make_user(Role.MEDICAL_DIRECTOR)
    client = client_of(director)

    def add() -> None:
        letter = make_signable().letter()
        if name == "letter-issued":
            serve(letter, director)
        if name == "dispatch-list":
            release_letter(
                letter_id=letter.pk,
                actor=director,
                service_on=days_of_service().following,
                without_check=True,
            )

    def count() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"reviews:{name}")).status_code == 200
        return len(queries)

    add()
    count()
    one = count()
    add()
    add()
    assert count() == one


def test_nothing_that_claims_staff_receive_names_the_reviewer(client_of: ClientOf) -> None:
    """N1, N2, N8, N9: canaries of the reviewer in the page, the headers and every decoded stream of the letter."""
    identity = {
        "first_name": "Canaryfirst", "last_name": "Canarylast", "npi": "1999999984", "phone": "209-555-0147",
        "practice_name": "Canary Clinic",
    }  # fmt: skip
    reviewer = make_reviewer(
        make_user(Role.REVIEWER, email="canary-mail@example.org"), code="R-CANARY", identity=identity
    )
    License.objects.filter(reviewer=reviewer).update(number="CANARY77")
    made = make_signable(reviewer=reviewer)
    served = made.served()
    claims = client_of(made.case.created_by)
    page = claims.get(reverse("reviews:letter-status", args=[made.case.pk]))
    download = claims.get(reverse("reviews:letter-download", args=[served.pk]))
    data = _bytes(download)
    seen = [page.content, str(page.headers).encode(), str(download.headers).encode(), data]
    with pikepdf.open(io.BytesIO(data)) as document:
        seen += [item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)]
        seen.append(str(document.docinfo).encode())
    text = pdftotext(data)
    everything = b"\n".join([*seen, text]).lower()
    canaries = [*identity.values(), "canary-mail", "R-CANARY", "CANARY77"]
    for canary in canaries:
        for coded in (canary.lower().encode(), canary.lower().encode("utf-16-be"), base64.b64encode(canary.encode())):
            assert coded.lower() not in everything, canary
