"""The pages that turn a review into an expedited one and consolidate cases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DocumentKind, Priority
from imr.accounts.models import User
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document
from tests.factories.together import siblings

type ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def test_review_is_expedited_from_the_case_page(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims)
    client = client_of(cast.administrator)
    url = reverse("cases:case-expedite", args=[case.pk])
    assert url in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert "Add the certification" in client.get(url).content.decode()
    paper = make_document(case, DocumentKind.EXPEDITED_CERTIFICATION)
    typed = {"document": paper.pk, "physician": "Noah Bell, MD", "certified_on": "01/01/2099"}
    wrong = client.post(url, typed)
    assert wrong.status_code == 422
    assert 'value="Noah Bell, MD"' in wrong.content.decode()
    day = clock.today() - timedelta(days=1)
    assert client.post(url, {**typed, "certified_on": f"{day:%m/%d/%Y}"}).status_code == 302
    case.refresh_from_db()
    assert case.priority == Priority.EXPEDITED
    assert url not in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert client.post(url, {**typed, "certified_on": f"{day:%m/%d/%Y}"}).status_code == 409
    again = client.get(url)
    assert again.status_code == 409
    assert "This review is expedited already." in again.content.decode()


def test_cases_are_consolidated_from_the_case_page(cast: Cast, client_of: ClientOf) -> None:
    first, second = siblings(cast.claims, CaseStatus.ELIGIBLE, CaseStatus.ELIGIBLE)
    alone = make_case(CaseStatus.ELIGIBLE, user=cast.away_claims)
    client = client_of(cast.administrator)
    url = reverse("cases:case-consolidate", args=[second.pk])
    assert str(first.number) in client.get(url).content.decode()
    nothing = client.get(reverse("cases:case-consolidate", args=[alone.pk])).content.decode()
    assert "No other case can join this one" in nothing
    assert client.post(url, {"cases": [first.pk], "reason": ""}).status_code == 422
    assert client.post(url, {"cases": [alone.pk], "reason": "x"}).status_code == 422
    assert client.post(url, {"cases": [first.pk], "reason": "One set of records"}).status_code == 302
    told = client_of(cast.claims).get(reverse("cases:case-detail", args=[second.pk])).content.decode()
    assert "both are reviewed together, with one determination" in told
    assert f">case {first.number}</a>" in told
