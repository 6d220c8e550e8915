"""The page with earlier determinations."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import Outcome
from imr.accounts.models import User
from imr.audit.models import Event
from reviews.models import Finding, Precedent
from tests.factories.letters import make_signable
from tests.reviews.services.test_archive import take
from tests.reviews.services.test_precedent import archived

pytestmark = pytest.mark.django_db


def test_the_page_hides_asks_shows_and_narrows(client_of: Callable[[User], Client]) -> None:
    take(
        archived(1, "MRI of the lumbar spine", decision_rationale="No red flags. It is not medically necessary."),
        archived(2, "MRI of the left knee", "Overturned"),
    )
    made = make_signable()
    client: Any = client_of(made.user)
    finding = Finding.objects.get()
    address = reverse("reviews:precedent-list", args=[made.assignment.pk, finding.item_id])
    precedent = Precedent.objects.get(case_number="CM16-0000001")
    detail = reverse("reviews:precedent-detail", args=[made.assignment.pk, finding.item_id, precedent.pk])

    workspace = client.get(reverse("reviews:workspace", args=[made.assignment.pk])).content
    assert f'href="{address}"'.encode() in workspace
    Finding.objects.update(outcome="")
    assert b"Choose Upheld or Overturned first" in client.get(address).content
    assert client.post(address).status_code == 409
    assert client.get(detail).status_code == 404

    Finding.objects.update(outcome=Outcome.UPHELD)
    hidden = client.get(address).content
    assert b"Show earlier determinations" in hidden
    assert b"red flags" not in hidden
    assert client.post(address)["Location"] == address
    shown = client.get(address)
    assert [line.precedent.case_number for line in shown.context["lines"]] == ["CM16-0000001"]
    assert b"No red flags." in shown.content
    both = client.get(address, {"like": "treatment"})
    assert both.context["split"].words == "1 of 2 upheld (50%), 1 overturned"
    wrong = client.get(address, {"since": "2020", "until": "2016"})
    assert wrong.context["form"].errors["until"] == ["Enter 2020 or a later year."]
    assert b"not medically necessary" in client.get(detail).content
    assert Event.objects.filter(action="precedent.view", case_id=made.case.pk).count() == 1
