"""Adding records after the filing, by either side."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DocumentKind, DocumentSource
from imr.accounts.models import User
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_pdf, upload_file

type ClientOf = Callable[[User], Client]


def test_claims_staff_add_records_while_they_are_awaited(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    client = client_of(cast.colleague)
    assert "Add records" in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    files = [upload_file("one.pdf", make_pdf(mark="one")), upload_file("two.pdf", make_pdf(mark="two"))]
    answer = client.post(
        reverse("cases:records-add", args=[case.pk]),
        {"kind": "medical_report", "file": files, "author": "Noah Bell, MD", "dated_on": "02/27/2026"},
    )
    assert answer.status_code == 302
    added = case.documents.filter(kind=DocumentKind.MEDICAL_REPORT)
    assert {row.author for row in added} == {"Noah Bell, MD"}
    assert {row.source for row in added} == {DocumentSource.CLAIMS_ADMINISTRATOR}
    assert {row.uploaded_by for row in added} == {cast.colleague}
    assert added.count() == 2


def test_staff_say_who_sent_the_records(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    client = client_of(cast.administrator)
    url = reverse("cases:records-add", args=[case.pk])
    missing = client.post(url, {"kind": "other", "file": upload_file("a.pdf", make_pdf(mark="a")), "title": "Kept"})
    assert missing.status_code == 422
    assert "Select who sent it." in missing.content.decode()
    assert 'value="Kept"' in missing.content.decode()
    answer = client.post(
        url, {"kind": "other", "file": upload_file("a.pdf", make_pdf(mark="a")), "source": "physician"}
    )
    assert answer.status_code == 302
    assert case.documents.get(kind=DocumentKind.OTHER).source == DocumentSource.PHYSICIAN


def test_refused_file_is_named_beside_the_field(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    answer = client_of(cast.claims).post(
        reverse("cases:records-add", args=[case.pk]),
        {"kind": "other", "file": upload_file("letter.pdf", b"PK\x03\x04 not a pdf"), "title": "Kept"},
    )
    assert answer.status_code == 422
    assert "letter.pdf: This is not a PDF" in answer.content.decode()
    assert not case.documents.filter(kind=DocumentKind.OTHER).exists()


@pytest.mark.parametrize("status", [CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.INELIGIBLE])
def test_ended_case_takes_no_records(cast: Cast, client_of: ClientOf, status: CaseStatus) -> None:
    case = make_case(status, user=cast.claims)
    client = client_of(cast.claims)
    assert "Add records" not in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert client.get(reverse("cases:records-add", args=[case.pk])).status_code == 409
