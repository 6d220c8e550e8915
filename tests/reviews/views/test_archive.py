"""Pages of the archive: what is there, search, one determination, downloads on record."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.models import User
from imr.audit.models import Event
from reviews.models import ArchivedDetermination
from tests.factories.accounts import Cast
from tests.reviews.letters.test_exchange import DATA
from tests.reviews.services.test_archive import take

pytestmark = pytest.mark.django_db
type ClientOf = Callable[[User], Client]
LIST = reverse("reviews:archive-list")


def test_archive_is_listed_searched_and_read(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.auditor)
    assert "The archive is empty" in client.get(LIST).content.decode()
    item = DATA["items"][0]
    nasty = DATA | {"case_number": "CM16-0000002", "items": [item | {"item": "MRI <script>alert(1)</script>"}] * 5}
    take(DATA, nasty, DATA | {"case_number": "CM16-0000003", "certifications": ["Surgery, Hand"]})

    page = client.get(LIST).content.decode()
    assert all(number in page for number in ("CM16-0000001", "CM16-0000002", "CM16-0000003"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "and 2 more" in page
    found = client.get(LIST, {"words": "MRI", "since": "2016", "until": "2018"}).content.decode()
    assert "CM16-0000002" in found
    assert "CM16-0000003" not in found
    assert "Nothing in the archive matches" in client.get(LIST, {"words": "unheard"}).content.decode()
    wrong = client.get(LIST, {"since": "2018", "until": "2016", "words": "x\x00"})
    assert (wrong.status_code, "Enter 2018 or a later year." in wrong.content.decode()) == (200, True)
    assert client.get(LIST, {"since": "soon", "outcome": "maybe", "after": "!"}).status_code == 200

    archived = ArchivedDetermination.objects.get(case_number="CM16-0000003")
    detail = client.get(reverse("reviews:archive-detail", args=[archived.pk])).content.decode()
    assert all(words in detail for words in (archived.source_sha256, "Remarks of the reader", "Knee Complaints"))
    assert Event.objects.filter(action="archive.view", object_id=archived.pk, actor=cast.auditor).count() == 1


def test_archived_determination_is_downloaded_as_data_and_as_letter(cast: Cast, client_of: ClientOf) -> None:
    take(DATA, DATA | {"case_number": "CM16-0000002", "decision_date": "01/30/1999"})
    client = client_of(cast.administrator)
    first, older = (row.pk for row in ArchivedDetermination.objects.order_by("case_number"))
    data = client.get(reverse("reviews:archive-exchange", args=[first]))
    assert json.loads(data.content) == [DATA | {"clinical_case_summary": "First paragraph. Second paragraph."}]
    assert data["Content-Disposition"] == 'attachment; filename="CM16-0000001.json"'
    letter = client.get(reverse("reviews:archive-letter", args=[first]))
    assert letter.content.startswith(b"%PDF-1.7")
    assert list(Event.objects.filter(action="archive.download").values_list("detail__how", flat=True)) == [
        "json",
        "pdf",
    ]
    refused = client.get(reverse("reviews:archive-letter", args=[older]))
    assert refused.status_code == 400
    assert "No letter template is in force on 01/30/1999" in refused.content.decode()
