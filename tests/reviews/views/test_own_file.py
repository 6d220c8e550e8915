"""The reviewer's own pages: what they show and what bad input is answered."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from imr.core import clock
from imr.core.words import mmddyyyy
from reviews.enums import ProposalKind
from reviews.models import Absence, FileProposal, License, Reviewer
from reviews.services.proposal import propose_change
from tests.factories.accounts import Cast
from tests.factories.reviews import make_reviewer
from tests.reviews.views.test_reviewer import pdf_bytes

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def test_file_shows_credentials_and_warns_on_the_worklist(client_of: SignIn) -> None:
    reviewer = make_reviewer()
    end = clock.today() + timedelta(days=20)
    License.objects.filter(reviewer=reviewer).update(expires_on=end)
    client = client_of(reviewer.user)
    for name in ("reviews:own-file", "reviews:worklist"):
        page = client.get(reverse(name)).content.decode()
        assert f"California license, holds through {mmddyyyy(end)}" in page


def test_reviewer_without_an_entry_is_told(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.reviewer)
    assert "You are not in the register yet" in client.get(reverse("reviews:own-file")).content.decode()
    assert "You are not in the register yet" in client.get(reverse("reviews:own-availability")).content.decode()
    answer = client.post(reverse("reviews:own-availability"), {"first_day": mmddyyyy(clock.today())})
    assert answer.status_code == 403
    assert client.get(reverse("reviews:own-file-attest"))["Location"] == reverse("reviews:own-file")


def test_absence_is_entered_and_ended(client_of: SignIn) -> None:
    reviewer = make_reviewer()
    client, url = client_of(reviewer.user), reverse("reviews:own-availability")
    answer = client.post(url, {"first_day": "13/45/2026", "last_day": ""})
    assert answer.status_code == 422
    assert "13/45/2026" in answer.content.decode()
    first = clock.today() + timedelta(days=3)
    assert client.post(url, {"first_day": mmddyyyy(first), "note": "Vacation"}).status_code == 302
    assert "Until further notice" in client.get(url).content.decode()
    again = client.post(url, {"first_day": mmddyyyy(first), "last_day": mmddyyyy(first)})
    assert again.status_code == 400
    assert "overlap the absence" in again.content.decode()
    absence = Absence.objects.get(reviewer=reviewer)
    assert client.post(reverse("reviews:own-absence-end", args=[absence.pk])).status_code == 302
    assert not Absence.objects.exists()


def test_limit_is_saved_or_refused(client_of: SignIn) -> None:
    reviewer = make_reviewer(maximum_load=4)
    client, url = client_of(reviewer.user), reverse("reviews:own-limit")
    assert client.post(url, {"limit": "2"}).status_code == 302
    assert Reviewer.objects.get(pk=reviewer.pk).own_limit == 2
    refused = client.post(url, {"limit": "9"})
    assert refused.status_code == 400
    assert "from 0 to 4" in refused.content.decode()
    assert client.post(url, {"limit": "many"}).status_code == 422


def test_change_is_proposed_looked_at_and_adopted(cast: Cast, client_of: SignIn) -> None:
    reviewer = make_reviewer()
    held = License.objects.get(reviewer=reviewer)
    url = reverse("reviews:own-file-propose", args=["license"])
    own, desk = client_of(reviewer.user), client_of(cast.administrator)
    assert held.number in own.get(f"{url}?of={held.pk}").content.decode()
    data = {
        "state": held.state,
        "kind": held.kind,
        "number": held.number,
        "expires_on": mmddyyyy(held.expires_on + timedelta(days=365)),
        "status": held.status,
    }
    assert own.post(f"{url}?of={held.pk}", {**data, "expires_on": ""}).status_code == 422
    assert own.post(f"{url}?of={held.pk}", data).status_code == 302
    proposal = FileProposal.objects.get()
    assert "1 proposed change" in desk.get(reverse("reviews:reviewer-list")).content.decode()
    assert reviewer.code in desk.get(reverse("reviews:proposal-list")).content.decode()
    page = reverse("reviews:proposal-detail", args=[proposal.pk])
    assert data["expires_on"] in desk.get(page).content.decode()
    assert desk.post(page, {"answer": "refuse"}).status_code == 400
    assert client_of(cast.auditor).post(page, {"answer": "adopt"}).status_code == 403
    assert desk.post(page, {"answer": "adopt"}).status_code == 302
    assert desk.post(page, {"answer": "adopt"}).status_code == 409
    assert "Adopted" in own.get(reverse("reviews:own-file")).content.decode()


def test_cv_is_proposed_and_what_is_no_pdf_refused(cast: Cast, client_of: SignIn) -> None:
    reviewer = make_reviewer()
    client, url = client_of(reviewer.user), reverse("reviews:own-file-propose", args=["cv"])
    bad = SimpleUploadedFile("cv.pdf", b"not a pdf", content_type="application/pdf")
    assert client.post(url, {"file": bad}).status_code in {400, 422}
    good = SimpleUploadedFile("cv.pdf", pdf_bytes(), content_type="application/pdf")
    assert client.post(url, {"file": good}).status_code == 302
    proposal = FileProposal.objects.get()
    got = client_of(cast.administrator).get(reverse("reviews:proposal-cv", args=[proposal.pk]))
    assert b"".join(got.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert client.get(reverse("reviews:own-file-cv"))["Location"] == reverse("reviews:own-file")


def test_credential_of_another_reviewer_does_not_exist(client_of: SignIn) -> None:
    reviewer, other = make_reviewer(), make_reviewer()
    theirs = License.objects.get(reviewer=other)
    client = client_of(reviewer.user)
    assert client.get(reverse("reviews:own-file-propose", args=["license"]) + f"?of={theirs.pk}").status_code == 404
    asked = propose_change(actor=other.user, kind=ProposalKind.OTHER, note="Phone")
    assert client.post(reverse("reviews:own-file-withdraw", args=[asked.pk])).status_code == 404
    assert client.get(reverse("reviews:proposal-list")).status_code == 403


def test_attestation_needs_the_tick(client_of: SignIn) -> None:
    reviewer = make_reviewer(practice_attested_on=clock.today() - timedelta(days=100))
    client, url = client_of(reviewer.user), reverse("reviews:own-file-attest")
    assert client.post(url, {"years": "12", "hours": "30"}).status_code == 422
    assert client.post(url, {"years": "12", "hours": "30", "is_true": "on"}).status_code == 302
    assert Reviewer.objects.get(pk=reviewer.pk).practice_attested_on == clock.today()
