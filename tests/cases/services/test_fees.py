"""Fees: one a case, when it falls due, with the figure of the day of receipt; invoices and credit notes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from cases.enums import CaseEvent, CaseStatus, FeeKind, InvoiceKind
from cases.models import FeeEntry, Invoice, InvoiceLine, LegalParameter
from cases.selectors.fee import (
    fee_row,
    fee_rows,
    fees_visible_to,
    line_rows,
    lines_of,
    month_after,
    open_months,
    total_of,
)
from cases.services.fees import price_entries, set_amount
from cases.services.invoice import credit_lines, issue_case_invoice, issue_month_invoice, render_invoice
from cases.services.transitions import transition_case
from imr.accounts.enums import MailEvent, Role
from imr.accounts.models import Mail, Organization
from imr.audit.models import Event
from imr.core import storage
from imr.core.errors import ConflictError, DomainError
from tests.factories.accounts import Cast, make_organization, make_user
from tests.factories.cases import make_case
from tests.factories.fees import PRICED, make_entry, make_invoice
from tests.poppler import pdftotext
from tests.races import REPETITIONS, race

pytestmark = pytest.mark.django_db
MARCH = date(2025, 3, 1)


def end(status: CaseStatus, event: CaseEvent, **fields: object) -> FeeEntry | None:
    case = make_case(status)
    type(case).objects.filter(pk=case.pk).update(**fields)
    transition_case(case_id=case.pk, event=event, actor=None)
    return FeeEntry.objects.filter(case=case).first()


@pytest.mark.parametrize(
    ("status", "event", "kind"),
    [
        (CaseStatus.QA, CaseEvent.ISSUE, FeeKind.REGULAR),
        (CaseStatus.AWAITING_RECORDS, CaseEvent.TERMINATE, FeeKind.ENDED_BEFORE_REVIEW),
        (CaseStatus.AWAITING_RECORDS, CaseEvent.WITHDRAW, FeeKind.ENDED_BEFORE_REVIEW),
        (CaseStatus.IN_REVIEW, CaseEvent.DISMISS, FeeKind.ENDED_AFTER_REVIEW),
        (CaseStatus.RECEIVED, CaseEvent.WITHDRAW, None),
        (CaseStatus.ELIGIBILITY_REVIEW, CaseEvent.FIND_INELIGIBLE, None),
    ],
)
def test_fee_falls_due_with_the_end_of_a_case(status: CaseStatus, event: CaseEvent, kind: FeeKind | None) -> None:
    entry = end(status, event)
    assert (entry.kind if entry else None) == kind


def test_expedited_review_has_its_own_fee() -> None:
    entry = end(CaseStatus.QA, CaseEvent.ISSUE, priority="expedited")
    assert entry is not None
    assert entry.kind == FeeKind.EXPEDITED


def test_second_determination_after_a_remand_makes_no_second_fee() -> None:
    case = make_case(CaseStatus.ISSUED)
    for event in (CaseEvent.APPEAL, CaseEvent.REVERSE_ON_APPEAL, CaseEvent.REOPEN_AFTER_REMAND):
        transition_case(case_id=case.pk, event=event, actor=None)
    for event in (CaseEvent.ACCEPT_ASSIGNMENT, CaseEvent.SIGN, CaseEvent.ISSUE):
        transition_case(case_id=case.pk, event=event, actor=None)
    assert FeeEntry.objects.filter(case=case).count() == 1
    assert Event.objects.filter(case_id=case.pk, action="fee.due").count() == 1


@pytest.mark.parametrize(
    ("kind", "on", "dollars"),
    [
        (FeeKind.REGULAR, date(2014, 3, 31), None),
        (FeeKind.REGULAR, date(2014, 4, 1), 420),
        (FeeKind.PHARMACY, date(2014, 12, 31), 390),
        (FeeKind.EXPEDITED, date(2014, 4, 1), 515),
        (FeeKind.ENDED_BEFORE_REVIEW, date(2014, 4, 1), 160),
        (FeeKind.REGULAR, date(2015, 1, 1), None),
        (FeeKind.REGULAR, date(2019, 12, 31), None),
        (FeeKind.REGULAR, date(2020, 1, 1), 345),
        (FeeKind.ENDED_BEFORE_REVIEW, date(2026, 3, 31), 115),
        (FeeKind.REGULAR, date(2026, 4, 1), None),
    ],
)
def test_figure_is_that_of_the_day_of_receipt(kind: FeeKind, on: date, dollars: int | None) -> None:
    row = fee_row(kind, on=on)
    assert (row.value if row else None) == dollars


def test_fee_without_a_figure_waits_until_one_is_in_force(cast: Cast) -> None:
    entry = make_entry(on=date(2026, 6, 1))
    assert fees_visible_to(cast.administrator).filter(pk=entry.pk, amount__isnull=True).exists()
    assert price_entries(actor=cast.administrator) == 0
    LegalParameter.objects.create(
        name="fee_regular",
        label="Fee, regular review",
        value=350,
        unit="dollars",
        keyed_on="application_received",
        in_force_from=date(2026, 4, 1),
        citation="Agreement with the Division",
    )
    assert price_entries(actor=cast.administrator) == 1
    assert price_entries(actor=cast.administrator) == 0
    entry.refresh_from_db()
    assert (entry.amount, entry.citation, entry.is_confirmed) == (Decimal(350), "Agreement with the Division", False)


def test_amount_is_set_with_a_reason_and_in_whole_cents(cast: Cast) -> None:
    entry = make_entry(on=date(2013, 5, 1))
    for amount, reason in (("560.00", " "), ("1.005", "x"), ("-1", "x"), ("100000.01", "x")):
        with pytest.raises(DomainError):
            set_amount(entry_id=entry.pk, actor=cast.administrator, amount=Decimal(amount), reason=reason)
    entry = set_amount(
        entry_id=entry.pk, actor=cast.administrator, amount=Decimal("560.00"), reason="Review by an M.D."
    )
    assert (entry.amount, entry.set_by) == (Decimal("560.00"), cast.administrator)
    assert Event.objects.get(action="fee.set").detail["amount"] == "560.00"


def test_month_is_invoiced_once_with_exact_sums(cast: Cast) -> None:
    for cents in ("0.10", "0.20", "345.00"):
        entry = make_entry(organization=cast.home)
        set_amount(entry_id=entry.pk, actor=cast.administrator, amount=Decimal(cents), reason="Test")
    nil = make_entry(organization=cast.home)
    set_amount(entry_id=nil.pk, actor=cast.administrator, amount=Decimal(0), reason="Nothing owed")
    make_entry(organization=cast.home, on=date(2025, 4, 1))
    make_entry(organization=cast.away)
    (march, *_) = [row for row in open_months() if row.organization_id == cast.home.pk]
    assert (march.month, march.count, march.total) == (MARCH, 3, Decimal("345.30"))
    invoice = issue_month_invoice(organization_id=cast.home.pk, month=date(2025, 3, 17), actor=cast.administrator)
    assert (invoice.total, invoice.lines.count()) == (Decimal("345.30"), 3)
    assert sum(line.amount for line in invoice.lines.all()) == invoice.total
    with pytest.raises(ConflictError, match="nothing to invoice"):
        issue_month_invoice(organization_id=cast.home.pk, month=MARCH, actor=cast.administrator)
    mail = Mail.objects.get(event=MailEvent.INVOICE_ISSUED)
    assert (mail.recipient, mail.case_number) == (cast.manager, "")


def test_month_that_is_not_over_or_has_unknown_amounts_is_refused(cast: Cast) -> None:
    entry = make_entry(organization=cast.home, on=date(2026, 6, 30))
    with (
        time_machine.travel(datetime(2026, 6, 30, 19, tzinfo=UTC), tick=False),
        pytest.raises(ConflictError, match="not over"),
    ):
        issue_month_invoice(organization_id=cast.home.pk, month=date(2026, 6, 1), actor=cast.administrator)
    with time_machine.travel(datetime(2026, 7, 1, 19, tzinfo=UTC), tick=False):
        with pytest.raises(ConflictError, match=str(entry.case.number)):
            issue_month_invoice(organization_id=cast.home.pk, month=date(2026, 6, 1), actor=cast.administrator)
        set_amount(entry_id=entry.pk, actor=cast.administrator, amount=Decimal(345), reason="Agreement")
        issue_month_invoice(organization_id=cast.home.pk, month=date(2026, 6, 1), actor=cast.administrator)


def test_numbers_have_no_gap_even_where_an_issue_failed(cast: Cast) -> None:
    first = make_invoice(actor=cast.administrator)
    with transaction.atomic():
        make_invoice(actor=cast.administrator)
        transaction.set_rollback(True)
    second = make_invoice(actor=cast.administrator)
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1
    note = credit_lines(
        invoice_id=first.pk, line_ids=[first.lines.get().pk], actor=cast.administrator, reason="Wrong kind"
    )
    assert (note.number[:3], int(note.number[-6:])) == ("CRN", 1)


def test_issued_invoice_never_changes(cast: Cast) -> None:
    invoice = make_invoice(actor=cast.administrator)
    line = invoice.lines.get()
    for act in (
        lambda: Invoice.objects.filter(pk=invoice.pk).update(total=Decimal(1)),
        invoice.delete,
        lambda: InvoiceLine.objects.filter(pk=line.pk).update(amount=Decimal(1)),
        lambda: InvoiceLine.objects.filter(pk=line.pk).delete(),
        lambda: FeeEntry.objects.filter(pk=line.entry_id).update(amount=Decimal(1)),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(ConflictError, match=invoice.number):
        set_amount(entry_id=line.entry_id, actor=cast.administrator, amount=Decimal(1), reason="Wrong")


def test_credit_note_frees_the_fee_to_be_corrected_and_invoiced_again(cast: Cast) -> None:
    invoice = make_invoice(actor=cast.administrator)
    line = invoice.lines.get()
    arguments: dict[str, Any] = {"invoice_id": invoice.pk, "actor": cast.administrator, "reason": "Wrong kind"}
    with pytest.raises(DomainError):
        credit_lines(**{**arguments, "line_ids": [], "reason": ""})
    with pytest.raises(DomainError):
        credit_lines(**{**arguments, "line_ids": [9_999_999]})
    note = credit_lines(**{**arguments, "line_ids": [line.pk]})
    assert (note.kind, note.corrects, note.signed_total) == (InvoiceKind.CREDIT_NOTE, invoice, -invoice.total)
    assert [one.is_credited for one in lines_of(invoice)] == [True]  # type: ignore[attr-defined]
    with pytest.raises(ConflictError, match=note.number):
        credit_lines(**{**arguments, "line_ids": [line.pk]})
    with pytest.raises(ConflictError, match="cannot be credited"):
        credit_lines(**{**arguments, "invoice_id": note.pk, "line_ids": [note.lines.get().pk]})
    set_amount(entry_id=line.entry_id, actor=cast.administrator, amount=Decimal("115.00"), reason="Ended before")
    again = issue_case_invoice(case_id=line.entry.case_id, actor=cast.administrator)
    assert again.total == Decimal("115.00")


def test_pdf_is_made_once_and_says_what_is_owed(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.home.pk).update(
        address_line_1="1 Main Street", city="Fresno", state="CA", zip_code="93701"
    )
    invoice = render_invoice(invoice_id=make_invoice(organization=cast.home, actor=cast.administrator).pk)
    assert render_invoice(invoice_id=invoice.pk).pdf_sha256 == invoice.pdf_sha256
    with storage.open_verified(invoice.pdf_sha256) as file:
        text = pdftotext(file.read()).decode()
    for words in (invoice.number, cast.home.name, "1 Main Street", "Fresno, CA 93701", "$345.00", "8 CCR 9792.10.8"):
        assert words in text
    assert "Sandoval" not in text


def test_claims_people_see_their_own_fees_alone_and_others_none(cast: Cast) -> None:
    make_entry(organization=cast.home)
    make_entry(organization=cast.away)
    counts = {role: fees_visible_to(person).count() for role, person in cast.people.items()}
    assert counts == {
        Role.CLAIMS_STAFF: 1,
        Role.CLAIMS_MANAGER: 1,
        Role.API_CLIENT: 0,
        Role.REVIEWER: 0,
        Role.ADMINISTRATOR: 2,
        Role.MEDICAL_DIRECTOR: 2,
        Role.AUDITOR: 2,
        Role.OPERATOR: 0,
    }


def test_rows_of_files_and_sums(cast: Cast) -> None:
    invoice = make_invoice(organization=make_organization(name='=HYPERLINK("x")'), actor=cast.administrator)
    rows = list(fee_rows(fees_visible_to(cast.administrator)))
    assert rows[1][1] == '=HYPERLINK("x")'
    assert total_of(fees_visible_to(cast.administrator)) == Decimal("345.00")
    assert [row[-1] for row in line_rows(invoice)] == ["Amount", Decimal("345.00"), Decimal("345.00")]


def test_december_is_followed_by_january() -> None:
    assert (month_after(date(2025, 12, 1)), month_after(MARCH)) == (date(2026, 1, 1), date(2025, 4, 1))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_invoice_at_once_make_one_invoice() -> None:
    actor = make_user(Role.ADMINISTRATOR)
    for _ in range(REPETITIONS):
        entry = make_entry(on=PRICED)

        def issue(key: int = entry.organization_id) -> Invoice:
            return issue_month_invoice(organization_id=key, month=MARCH, actor=actor)

        results = race(issue, issue)
        assert sorted(type(result).__name__ for result in results) == ["ConflictError", "Invoice"]
    numbers = sorted(int(number[-6:]) for number in Invoice.objects.values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + REPETITIONS))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_invoice_the_same_fee(monkeypatch: pytest.MonkeyPatch) -> None:
    from cases.services import invoice as service

    actor, entry = make_user(Role.ADMINISTRATOR), make_entry(on=PRICED)
    seen = FeeEntry.objects.select_related("case").filter(pk=entry.pk)
    monkeypatch.setattr(service, "_open_entries", lambda: seen)
    for _ in range(2):
        try:
            issue_month_invoice(organization_id=entry.organization_id, month=MARCH, actor=actor)
        except DatabaseError:
            # The trigger is the last line: a fee that stands on one invoice goes on no other.
            break
    else:
        pytest.fail("one fee was invoiced twice")
