"""The pages of what reviewers earn."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imr.audit.models import Event
from reviews.models import LedgerEntry, LedgerStatement, ReviewerFeeRate
from tests.factories.accounts import Cast
from tests.factories.ledger import make_earned
from tests.factories.reviews import make_reviewer

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
OWN, MONTH, RATES = "/ledger/", "/reviewer-fees/", "/reviewer-fees/rates/"


def body(response: Any) -> str:
    text: str = b"".join(response).decode() if response.streaming else response.content.decode()
    return text


def test_reviewer_reads_the_own_statement_and_no_other(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.reviewer)
    assert "No fees yet" in body(client.get(OWN))
    mine = make_earned(make_reviewer(cast.reviewer))
    theirs = make_earned()
    page = body(client.get(OWN))
    assert "Statement of 03/2025: $350.00" in page
    assert str(mine.assignment.case.number) in page  # type: ignore[union-attr]
    assert str(theirs.assignment.case.number) not in page  # type: ignore[union-attr]
    assert "Take back" not in page
    assert "Nothing in this month" in body(client.get(OWN, {"month": "04/2025"}))
    assert client.get(OWN, {"month": "May"}).status_code == 422
    for address in (MONTH, RATES):
        assert client.get(address).status_code == 403


def test_administrator_approves_a_month_and_downloads_it(cast: Cast, client_of: SignIn) -> None:
    entry = make_earned()
    client = client_of(cast.administrator)
    page = body(client.get(MONTH, {"month": "03/2025"}))
    assert entry.reviewer.code in page
    approve = reverse("reviews:ledger-approve", args=[entry.reviewer_id, 2025, 3])
    assert approve in page
    assert client.post(approve)["Location"].endswith("?month=03/2025")
    assert client.post(approve).status_code == 409
    assert client.post(reverse("reviews:ledger-approve", args=[entry.reviewer_id, 2025, 0])).status_code == 404
    assert "Approved" in body(client.get(MONTH, {"month": "03/2025"}))
    lines = body(client.get(reverse("reviews:ledger-export"), {"month": "03/2025"})).splitlines()
    assert lines[1].startswith(f"03/2025,{entry.reviewer.code},")
    assert Event.objects.filter(action="ledger.export").exists()
    assert "approved" in body(client_of(entry.reviewer.user).get(OWN))
    assert client.get(MONTH, {"month": "2025"}).status_code == 422
    assert client_of(cast.auditor).post(approve).status_code == 403


def test_entry_is_taken_back_and_adjusted_with_a_reason(cast: Cast, client_of: SignIn) -> None:
    entry = make_earned()
    client = client_of(cast.administrator)
    back = reverse("reviews:ledger-reverse", args=[entry.pk])
    assert "$350.00" in body(client.get(back))
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "Paid twice"}).status_code == 302
    assert client.post(back, {"reason": "Paid twice"}).status_code == 409
    adjust = reverse("reviews:ledger-adjust", args=[entry.reviewer_id])
    kept = client.post(adjust, {"amount": "lots", "reason": "Interest"})
    assert (kept.status_code, "Interest" in body(kept)) == (422, True)
    assert client.post(adjust, {"amount": "0", "reason": "Interest"}).status_code == 400
    assert client.post(adjust, {"amount": "-12.50", "reason": "Interest"}).status_code == 302
    page = body(client.get(reverse("reviews:ledger-reviewer", args=[entry.reviewer_id])))
    assert "-$350.00" in page
    assert "-$12.50 in all" in page
    # The adjustment alone: what was taken back, and what takes back, stays.
    assert page.count("Take back<") == 1
    assert LedgerEntry.objects.count() == 3


def test_rates_are_added_from_a_day_on(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.administrator)
    answers = {"kind": "regular", "amount": "350.00", "in_force_from": "01/01/2026", "citation": "Agreement of 2025"}
    assert "No rates yet" in body(client.get(RATES))
    wrong = client.post(RATES, {**answers, "amount": "", "in_force_from": "13/13/2026"})
    assert (wrong.status_code, "Agreement of 2025" in body(wrong)) == (422, True)
    assert client.post(RATES, answers).status_code == 302
    again = client.post(RATES, answers)
    assert (again.status_code, "Enter a later day" in body(again)) == (400, True)
    assert ReviewerFeeRate.objects.get().in_force_from == date(2026, 1, 1)
    assert "$350.00" in body(client.get(RATES))


def test_statement_of_a_reviewer_without_entries_is_empty(cast: Cast, client_of: SignIn) -> None:
    assert "Nothing for this month" in body(client_of(cast.auditor).get(MONTH))
    assert not LedgerStatement.objects.exists()
