"""The pages of fees, invoices and late records."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import FeeEntry, Invoice, PenaltyDecision
from cases.services.invoice import render_invoice
from imr.accounts.models import Organization
from imr.audit.models import Event
from tests.factories.accounts import Cast
from tests.factories.fees import make_entry, make_invoice, make_late_case

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
FEES, INVOICES, LATE = "/cases/fees/", "/cases/invoices/", "/cases/late-records/"


def body(response: Any) -> str:
    text: str = b"".join(response).decode() if response.streaming else response.content.decode()
    return text


def test_claims_staff_read_their_fees_and_invoices_and_change_nothing(cast: Cast, client_of: SignIn) -> None:
    invoice = make_invoice(organization=cast.home, actor=cast.administrator)
    theirs = make_entry(organization=cast.away)
    client = client_of(cast.claims)
    page = body(client.get(FEES))
    assert "$345.00" in page
    assert str(theirs.case.number) not in page
    assert "Set the amount" not in page
    assert "Look for missing figures" not in page
    assert invoice.number in body(client.get(INVOICES))
    assert "To be invoiced" not in body(client.get(INVOICES))
    assert "Credit lines" not in body(client.get(reverse("cases:invoice-detail", args=[invoice.pk])))
    case_page = body(client.get(reverse("cases:case-detail", args=[invoice.case_id])))
    assert invoice.number in case_page
    assert "Invoice this case" not in case_page


def test_administrator_sets_an_amount_from_a_figure_or_by_hand(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.administrator)
    old, new = make_entry(on=date(2013, 5, 1)), make_entry(on=date(2026, 6, 1))
    address = reverse("cases:fee-amount", args=[old.pk])
    page = body(client.get(address))
    assert "Fee, regular review by an M.D. or D.O.: $560.00" in page
    figure = page.split("$560.00")[0].rsplit('value="', 1)[1].split('"')[0]
    refused = client.post(address, {"figure": "", "amount": "", "reason": ""})
    assert refused.status_code == 422
    assert "Choose a figure or enter an amount." in body(refused)
    assert client.post(address, {"figure": figure, "amount": "", "reason": "Review by an M.D."}).status_code == 302
    address = reverse("cases:fee-amount", args=[new.pk])
    assert client.post(address, {"amount": "345.005", "reason": "x"}).status_code == 422
    kept = body(client.post(address, {"amount": "three", "reason": "As agreed"}))
    assert "As agreed" in kept
    assert client.post(address, {"amount": "345.50", "reason": "As agreed"}).status_code == 302
    assert [str(entry.amount) for entry in FeeEntry.objects.order_by("pk")] == ["560.00", "345.50"]
    assert client.post(reverse("cases:fee-price")).status_code == 302


def test_month_is_invoiced_and_credited_from_the_pages(cast: Cast, client_of: SignIn) -> None:
    entry = make_entry(organization=cast.home)
    client = client_of(cast.administrator)
    page = body(client.get(INVOICES))
    assert "Issue invoice" in page
    address = reverse("cases:invoice-month", args=[cast.home.pk, 2025, 3])
    assert address in page
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    assert client.post(reverse("cases:invoice-month", args=[cast.home.pk, 2025, 13])).status_code == 404
    invoice = Invoice.objects.get()
    credit = reverse("cases:invoice-credit", args=[invoice.pk])
    assert str(entry.case.number) in body(client.get(credit))
    assert client.post(credit, {"reason": "Wrong"}).status_code == 422
    line = invoice.lines.get()
    assert client.post(credit, {"lines": [line.pk], "reason": "Wrong kind"}).status_code == 302
    assert "Credited" in body(client.get(reverse("cases:invoice-detail", args=[invoice.pk])))
    assert client.get(credit).status_code == 302
    assert client.post(credit, {"lines": [line.pk], "reason": "Wrong kind"}).status_code == 422
    assert Invoice.objects.count() == 2


def test_case_is_invoiced_from_its_page(cast: Cast, client_of: SignIn) -> None:
    entry = make_entry(organization=cast.home)
    client = client_of(cast.administrator)
    assert "Invoice this case" in body(client.get(reverse("cases:case-detail", args=[entry.case_id])))
    assert client.post(reverse("cases:invoice-case", args=[entry.case_id])).status_code == 302
    assert Invoice.objects.get().case_id == entry.case_id


def test_files_hold_no_formula_and_are_on_record(cast: Cast, client_of: SignIn) -> None:
    Organization.objects.filter(pk=cast.home.pk).update(name='=HYPERLINK("http://x","y")')
    invoice = make_invoice(organization=cast.home, actor=cast.administrator)
    client = client_of(cast.administrator)
    fees = body(client.get(reverse("cases:fee-export")))
    assert "'=HYPERLINK" in fees
    assert ",345.00," in fees
    lines = body(client.get(reverse("cases:invoice-export", args=[invoice.pk])))
    assert lines.splitlines()[-1].endswith(",345.00")
    pdf = reverse("cases:invoice-pdf", args=[invoice.pk])
    assert client.get(pdf).status_code == 302
    render_invoice(invoice_id=invoice.pk)
    assert b"".join(client.get(pdf))[:5] == b"%PDF-"
    actions = set(Event.objects.filter(actor=cast.administrator).values_list("action", flat=True))
    assert {"fee.export", "invoice.export", "invoice.download"} <= actions


def test_wrong_filters_are_said_beside_the_field(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.administrator)
    for wrong in ({"month": "13/2025"}, {"month": "x"}, {"month": "2025"}, {"state": "lost"}, {"number": "x" * 40}):
        assert client.get(FEES, wrong).status_code == 422
        assert client.get(reverse("cases:fee-export"), wrong).status_code == 422
    make_entry()
    assert "$345.00" in body(client.get(FEES, {"month": "03/2025", "state": "open"}))
    assert "No fees" in body(client.get(FEES, {"month": "2025-04"}))


@pytest.mark.parametrize("address", [FEES, INVOICES, LATE])
def test_lists_take_one_number_of_queries(cast: Cast, client_of: SignIn, address: str) -> None:
    client = client_of(cast.administrator)

    def fill() -> None:
        make_invoice(actor=cast.administrator)
        make_entry()
        make_late_case()

    counts = []
    fill()
    client.get(address)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        fill()
        fill()
    assert counts[0] == counts[1]


def test_late_records_are_shown_as_exposure_and_decided_by_staff(cast: Cast, client_of: SignIn) -> None:
    case = make_late_case(user=cast.claims, days=3)
    page = body(client_of(cast.claims).get(LATE))
    assert "$1,500.00 in 1 case" in page
    assert "to be confirmed" in page
    assert "Decide<" not in page
    assert "exposure $1,500.00" in body(client_of(cast.claims).get(reverse("cases:case-detail", args=[case.pk])))
    client, address = client_of(cast.administrator), reverse("cases:penalty-decide", args=[case.pk])
    assert "growing each day" in body(client.get(address))
    assert client.post(address, {"kind": "assess", "reason": "", "shown": "1500"}).status_code == 409
    kept = client.post(address, {"kind": "", "reason": "They were ill.", "shown": "1500"})
    assert (kept.status_code, "They were ill." in body(kept)) == (422, True)
    assert client.post(address, {"kind": "waive", "reason": "They were ill.", "shown": "1500"}).status_code == 302
    assert PenaltyDecision.objects.get().reason == "They were ill."
    assert "They were ill." in body(client.get(LATE))
    assert client.post(address, {"kind": "close", "reason": "x", "shown": "1500"}).status_code == 409
