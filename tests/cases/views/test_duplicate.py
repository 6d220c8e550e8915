"""The pages of duplicates: led to the case on file when filing, side by side and merged at intake."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import CaseLink
from imr.accounts.models import User
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.duplicates import repeat

type ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def test_filer_is_led_to_the_case_on_file(cast: Cast, client_of: ClientOf) -> None:
    first = make_case(user=cast.claims)
    draft = repeat(first, user=cast.claims, status=CaseStatus.DRAFT)
    client = client_of(cast.claims)
    for name in ("cases:filing-check", "cases:filing-tasks"):
        text = client.get(reverse(name, args=[draft.pk])).content.decode()
        assert f'href="{reverse("cases:case-detail", args=[first.pk])}"' in text
        assert f"On file already: case {first.number}" in text
    form = {"version": "1", "is_attested": "on", "attested_name": cast.claims.full_name}
    answer = client.post(reverse("cases:filing-check", args=[draft.pk]), form)
    assert answer.status_code == 422
    assert "Tick that you want to submit all the same" in answer.content.decode()


def test_filer_reads_nothing_of_another_organizations_case(cast: Cast, client_of: ClientOf) -> None:
    theirs = make_case(user=cast.away_claims)
    draft = repeat(theirs, user=cast.claims, status=CaseStatus.DRAFT)
    text = client_of(cast.claims).get(reverse("cases:filing-check", args=[draft.pk])).content.decode()
    assert str(theirs.number) not in text


def test_intake_compares_and_merges_and_the_filer_is_told_the_number(cast: Cast, client_of: ClientOf) -> None:
    first = make_case(user=cast.claims)
    second = repeat(first, user=cast.claims)
    staff = client_of(cast.administrator)
    assert "Possible duplicate" in staff.get(reverse("cases:intake-queue")).content.decode()
    assert "Same dispute" in staff.get(reverse("cases:duplicate-list", args=[second.pk])).content.decode()
    compared = staff.get(reverse("cases:duplicate-compare", args=[second.pk, first.pk])).content.decode()
    assert "UR decision: date of the UR decision letter" in compared  # the field's own capitals stay
    assert "Compare with case" in staff.get(reverse("cases:case-detail", args=[second.pk])).content.decode()
    url = reverse("cases:duplicate-compare", args=[second.pk, first.pk])
    page = staff.get(url).content.decode()
    assert f"Merge {second.number} into {first.number}" in page
    assert (
        f"merge {second.number} into {first.number}"
        in staff.get(reverse("cases:duplicate-compare", args=[first.pk, second.pk])).content.decode()
    )

    assert staff.post(url, {"reason": ""}).status_code == 422
    answer = staff.post(url, {"reason": "Same form by fax"})

    assert answer.status_code == 302
    assert CaseLink.objects.get(case=second).lead == first
    told = client_of(cast.claims).get(reverse("cases:case-detail", args=[second.pk])).content.decode()
    assert f'goes on in <a href="{reverse("cases:case-detail", args=[first.pk])}">case {first.number}</a>' in told
    assert (
        str(second.number) in client_of(cast.claims).get(reverse("cases:case-detail", args=[first.pk])).content.decode()
    )
    # Pressed a second time in another tab: words, and nothing happens.
    assert staff.post(url, {"reason": "again"}).status_code == 409


def test_refused_merge_is_said_beside_the_form(cast: Cast, client_of: ClientOf) -> None:
    theirs = make_case(user=cast.away_claims)
    mine = repeat(theirs, user=cast.claims)
    url = reverse("cases:duplicate-compare", args=[mine.pk, theirs.pk])
    answer = client_of(cast.administrator).post(url, {"reason": "Same form"})
    assert answer.status_code == 409
    assert "another claims administrator" in answer.content.decode()
    assert "Same form" in answer.content.decode()


def test_case_without_anything_alike_says_so(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    text = client_of(cast.administrator).get(reverse("cases:duplicate-list", args=[case.pk])).content.decode()
    assert "No case is alike" in text
