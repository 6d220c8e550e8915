"""The pages of files with applications: sending, following, correcting, going on."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.enums import BatchGoal, BatchRowState
from cases.models import Batch, Case
from cases.services.bulk import read_batch, work_batch
from imr.accounts.models import User
from tests.factories.accounts import Cast
from tests.factories.batches import answers, csv_file, further_item, make_batch

type ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db
LIST = "cases:batch-list"


def sent(name: str = "october.csv", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, csv_file([answers("A-1")]) if data is None else data, content_type="text/csv")


def worked(batch: Batch) -> Batch:
    read_batch(batch_id=batch.pk)
    work_batch(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def test_file_is_sent_followed_and_submitted(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.claims)
    answer = client.post(reverse(LIST), {"file": sent(), "goal": "check"})
    batch = Batch.objects.get()
    assert answer.headers["Location"] == reverse("cases:batch-detail", args=[batch.pk])
    assert "is being read" in client.get(answer.headers["Location"]).content.decode()
    assert "HX-Refresh" not in client.get(reverse("cases:batch-status", args=[batch.pk])).headers
    worked(batch)
    assert client.get(reverse("cases:batch-status", args=[batch.pk])).headers["HX-Refresh"] == "true"
    text = client.get(reverse("cases:batch-detail", args=[batch.pk])).content.decode()
    assert "Go on with 1 application without errors" in text
    url = reverse("cases:batch-go-on", args=[batch.pk])
    refused = client.post(url, {"goal": "submit", "attested_name": "Somebody Else"})
    assert refused.status_code == 422
    for words in ("Tick that they follow later", "Tick that the answers are true", "as it stands in your account"):
        assert words in refused.content.decode()
    whole = {"goal": "submit", "is_lacking_accepted": "on", "is_attested": "on"}
    assert client.post(url, {**whole, "attested_name": cast.claims.full_name}).status_code == 302
    assert client.post(url, {**whole, "attested_name": cast.claims.full_name}).status_code == 409
    work_batch(batch_id=batch.pk)
    case = Case.objects.get()
    assert (
        f"{case.number}</a>"
        in client_of(cast.colleague).get(reverse("cases:batch-detail", args=[batch.pk])).content.decode()
    )
    assert "october.csv" in client.get(reverse(LIST)).content.decode()
    assert "october.csv" not in client_of(cast.away_claims).get(reverse(LIST)).content.decode()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (sent(data=b""), "The file is empty."),
        (sent(data=b"\xd0\xcf\x11\xe0"), "old format"),
        (None, "Choose the file."),
    ],
)
def test_refused_file_is_said_beside_the_field(
    cast: Cast, client_of: ClientOf, file: SimpleUploadedFile | None, words: str
) -> None:
    answer = client_of(cast.claims).post(reverse(LIST), {"goal": "draft", **({"file": file} if file else {})})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert 'value="draft" checked' in text.replace(" required", "").replace('id="id_goal_1" ', "") or "checked" in text
    assert not Batch.objects.exists()


def test_errors_are_listed_filtered_and_sent_back_corrected(cast: Cast, client_of: ClientOf) -> None:
    rows = [
        answers("A-1"),
        answers("A-2", **{"Worker: city": "", "Employer: employer’s name": "=cmd|' /C calc'!A0"}),
        further_item("A-2", "Lumbar MRI"),
    ]
    batch = worked(make_batch(cast.claims, csv_file(rows), goal=BatchGoal.DRAFT))
    client = client_of(cast.claims)
    page = reverse("cases:batch-detail", args=[batch.pk])
    text = client.get(page, {"state": "refused"}).content.decode()
    assert "<strong>Row 3, Worker: city:</strong> Enter the city." in text
    assert "A-2</td>" in text
    assert "A-1</td>" not in text
    assert client.get(page, {"state": "pigeon"}).status_code == 400
    results = _read(client.get(reverse("cases:batch-download", args=[batch.pk, "results"])))
    assert "2,A-1,Draft made,Draft" in results
    wrong = _read(client.get(reverse("cases:batch-download", args=[batch.pk, "to-correct"])))
    assert "'=cmd" in wrong
    assert "A-1" not in wrong
    corrected = wrong.replace("100 Main Street,,,", "100 Main Street,,Fresno,", 1)
    again = worked(make_batch(cast.claims, corrected.encode(), goal=BatchGoal.DRAFT))
    [row] = again.rows.select_related("case")
    assert (row.state, row.problems) == (BatchRowState.DRAFTED, [])
    assert row.case is not None
    assert row.case.parties.get(role="employer").firm_name == "=cmd|' /C calc'!A0"
    assert row.case.items.count() == 2


def test_staff_say_whose_applications_they_are(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    assert client.post(reverse(LIST), {"file": sent(), "goal": "check"}).status_code == 422
    ok = client.post(reverse(LIST), {"file": sent(), "goal": "check", "organization": cast.home.pk})
    assert ok.status_code == 302
    assert Batch.objects.get().organization == cast.home
    assert client.get(reverse("cases:batch-template")).headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_unreadable_file_says_why_and_unknown_download_is_nowhere(cast: Cast, client_of: ClientOf) -> None:
    batch = worked(make_batch(cast.claims, b"Reference,Pigeon\nx,y\n"))
    client = client_of(cast.claims)
    text = client.get(reverse("cases:batch-detail", args=[batch.pk])).content.decode()
    assert "“Pigeon”, is not a column of the template." in text
    assert "Nothing was taken from this file." in text
    assert client.get(reverse("cases:batch-download", args=[batch.pk, "other"])).status_code == 404


def _read(answer: object) -> str:
    return b"".join(answer).decode()  # type: ignore[arg-type]
