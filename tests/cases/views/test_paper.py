"""The pages for paper, fax and phone, and for corrections of the receipt."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Application, Case, ReceiptCorrection
from imr.accounts.models import User
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import complete_draft, make_case

type ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def test_fax_is_keyed_in_submitted_and_says_how_it_arrived(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    url = reverse("cases:intake-key-in")
    assert url in client.get(reverse("cases:intake-queue")).content.decode()
    day = clock.today() - timedelta(days=1)
    typed = {
        "organization": cast.home.pk,
        "channel": "fax",
        "arrived_on": f"{day:%m/%d/%Y}",
        "arrived_time": "4:58 PM",
        "taken_by": "Lena Ortiz, mail room",
    }
    wrong = client.post(url, {**typed, "arrived_time": "noon", "taken_by": ""})
    assert wrong.status_code == 422
    for words in ("Enter a time, such as 3:05 PM", "Enter who took it.", 'value="noon"'):
        assert words in wrong.content.decode()
    client.post(url, typed)
    case = Case.objects.get()
    text = client.get(reverse("cases:filing-tasks", args=[case.pk])).content.decode()
    assert f"Arrived by fax {day:%m/%d/%Y}, 4:58 PM PT" in text
    change = reverse("cases:filing-arrival", args=[case.pk])
    assert 'value="16:58"' in client.get(change).content.decode()
    client.post(change, {**typed, "arrived_time": "4:57 PM"})
    assert Application.objects.get(case=case).arrived_at.astimezone(clock.PACIFIC).minute == 57  # type: ignore[union-attr]
    complete_draft(case)
    form = {
        "version": str(Application.objects.get(case=case).version),
        "is_attested": "on",
        "attested_name": cast.administrator.full_name,
    }
    assert client.post(reverse("cases:filing-check", args=[case.pk]), form).status_code == 302
    receipt = client.get(reverse("cases:filing-receipt", args=[case.pk])).content.decode()
    assert "by fax, taken by Lena Ortiz, mail room" in receipt
    assert "by the clock of the IMR organization’s server" not in receipt


def test_correction_is_proposed_by_one_and_approved_by_another(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    url = reverse("cases:receipt-correct", args=[case.pk])
    first, second = client_of(cast.administrator), client_of(cast.medical_director)
    assert url in first.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    day = clock.today() - timedelta(days=2)
    typed = {"received_on": f"{day:%m/%d/%Y}", "received_time": "09:00", "reason": "Date stamp of the mail room"}
    future = first.post(url, {**typed, "received_on": "01/01/2099"})
    assert future.status_code == 422
    assert "Date stamp of the mail room" in future.content.decode()
    assert first.post(url, typed).status_code == 302
    row = ReceiptCorrection.objects.get()
    decide = reverse("cases:receipt-decide", args=[case.pk, row.pk])
    assert "Approve the correction" not in first.get(url).content.decode()
    assert first.post(decide, {"answer": "approve"}).status_code == 403
    assert "Approve the correction" in second.get(url).content.decode()
    assert second.post(decide, {"answer": "perhaps"}).status_code == 400
    assert second.post(decide, {"answer": "approve"}).status_code == 302
    case.refresh_from_db()
    assert case.received_at is not None
    assert clock.pacific_date(case.received_at) == day
    assert second.post(decide, {"answer": "refuse"}).status_code == 409


def test_correction_to_the_minute_on_record_is_refused_and_one_can_be_taken_back(
    cast: Cast, client_of: ClientOf
) -> None:
    case = make_case(user=cast.claims)
    url = reverse("cases:receipt-correct", args=[case.pk])
    client = client_of(cast.administrator)
    assert case.received_at is not None
    at = case.received_at.astimezone(clock.PACIFIC)
    typed = {"received_on": f"{at:%m/%d/%Y}", "received_time": f"{at:%H:%M}", "reason": "Date stamp"}
    same = client.post(url, typed)
    assert same.status_code == 422
    assert "This is the moment that is on record already." in same.content.decode()
    client.post(url, {**typed, "received_on": f"{at - timedelta(days=1):%m/%d/%Y}"})
    row = ReceiptCorrection.objects.get()
    decide = reverse("cases:receipt-decide", args=[case.pk, row.pk])
    shown = client.post(decide, {"answer": "refuse"}, follow=True).content.decode()
    assert "The correction is taken back." in shown
    assert "Taken back by" in shown
    assert "Refused by" not in shown
