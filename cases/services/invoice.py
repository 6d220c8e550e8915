"""Invoices and credit notes: numbered without gaps, and never changed once they are issued."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse

from cases.enums import InvoiceKind
from cases.models import FeeEntry, Invoice, InvoiceLine, InvoiceNumberSequence
from cases.models.fee import NUMBER_OF
from cases.selectors.fee import lines_of, month_after
from cases.services.rendering import render_paper
from imr.accounts.enums import MailEvent, Role
from imr.accounts.models import Organization, User
from imr.accounts.services.mail import tell
from imr.audit.services import record
from imr.core import clock, storage
from imr.core.errors import ConflictError, DomainError
from imr.core.jobs import confirm_lease, enqueue
from imr.core.words import mmddyyyy

INVOICE_JOB = "cases.render_invoice"


@transaction.atomic
def issue_month_invoice(*, organization_id: int, month: date, actor: User) -> Invoice:
    """Every fee that fell due in the month and stands on no invoice is on this one, in the order of the cases' numbers.

    Raises `ConflictError` (409) for a month that is not over, when an amount is not known yet, and when there is
    nothing to invoice (any more).
    """
    first = month.replace(day=1)
    if clock.today() < month_after(first):
        raise ConflictError(f"The month {first:%m/%Y} is not over. Invoice it from {mmddyyyy(month_after(first))} on.")
    entries = list(
        _open_entries().filter(organization=organization_id, fell_due_on__gte=first, fell_due_on__lt=month_after(first))
    )
    return _issue(entries, actor, organization_id=organization_id, month=first)


@transaction.atomic
def issue_case_invoice(*, case_id: int, actor: User) -> Invoice:
    """The fee of the case is on an invoice of its own. Raises `ConflictError` (409) as `issue_month_invoice`."""
    entries = list(_open_entries().filter(case=case_id))
    organization_id = FeeEntry.objects.filter(case=case_id).values_list("organization_id", flat=True).first() or 0
    return _issue(entries, actor, organization_id=organization_id, case_id=case_id)


@transaction.atomic
def credit_lines(*, invoice_id: int, line_ids: Collection[int], actor: User, reason: str) -> Invoice:
    """A credit note takes these lines of the invoice back; their fees can be corrected and invoiced again.

    Raises `DomainError` without a reason or a line, `ConflictError` (409) for a line that was credited before.
    """
    problems = {}
    if not reason.strip():
        problems["reason"] = ["Write why these lines are taken back."]
    if not line_ids:
        problems["lines"] = ["Choose at least one line."]
    if problems:
        raise DomainError("Choose the lines and say why.", fields=problems)
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id)
    if invoice.is_credit:
        raise ConflictError("A credit note cannot be credited. Invoice the fees again instead.")
    lines = list(invoice.lines.filter(pk__in=line_ids).order_by("position"))
    if len(lines) != len(set(line_ids)):
        words = "Choose lines of this invoice."
        raise DomainError(words, fields={"lines": [words]})
    if done := InvoiceLine.objects.filter(credits__in=lines).select_related("invoice").first():
        raise ConflictError(f"Case {done.case_number} was credited already, with {done.invoice.number}.")
    note = _create(
        InvoiceKind.CREDIT_NOTE,
        actor,
        organization_id=invoice.organization_id,
        total=sum((line.amount for line in lines), Decimal("0.00")),
        month=invoice.month,
        case_id=invoice.case_id,
        corrects=invoice,
        reason=reason,
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=note,
            position=position,
            entry_id=line.entry_id,
            case_number=line.case_number,
            fell_due_on=line.fell_due_on,
            words=line.words,
            citation=line.citation,
            amount=line.amount,
            credits=line,
        )
        for position, line in enumerate(lines, start=1)
    )
    FeeEntry.objects.filter(pk__in=[line.entry_id for line in lines]).update(invoice=None)
    _announce(note, actor, lines=len(lines))
    return note


def render_invoice(*, invoice_id: int) -> Invoice:
    """The PDF is stored, once; a second call changes nothing. Raises `RenderError` when it cannot be made."""
    invoice = Invoice.objects.select_related("organization", "corrects", "case").get(pk=invoice_id)
    if invoice.rendered_at is not None:
        return invoice
    context = {
        "invoice": invoice,
        "lines": lines_of(invoice),
        "organization_name": settings.IMR_ORGANIZATION_NAME,
    }
    pdf = render_paper(render_to_string("letters/invoice.html", context), style_sheet="invoice.css")
    stored = storage.store_bytes(pdf.data)
    with transaction.atomic():
        confirm_lease()
        changed = Invoice.objects.filter(pk=invoice.pk, rendered_at__isnull=True).update(
            pdf_sha256=stored.sha256, pdf_size=stored.size, rendered_at=Now()
        )
        if changed:
            record(
                action="invoice.render",
                actor=None,
                object_type="invoice",
                object_id=invoice.pk,
                detail={"sha256": stored.sha256, "pages": pdf.page_count},
            )
    invoice.refresh_from_db()
    return invoice


def _open_entries() -> QuerySet[FeeEntry]:
    """Fees that stand on no invoice, locked: whoever comes second finds them invoiced."""
    rows = FeeEntry.objects.select_for_update(of=("self",)).select_related("case").filter(invoice__isnull=True)
    return rows.order_by("case__number", "pk")


def _issue(
    entries: Sequence[FeeEntry],
    actor: User,
    *,
    organization_id: int,
    month: date | None = None,
    case_id: int | None = None,
) -> Invoice:
    if unknown := [str(entry.case.number) for entry in entries if entry.amount is None]:
        named = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
        raise ConflictError(f"The fee of {named} has no amount yet. Set it first; nothing was invoiced.")
    owed = [(entry, entry.amount) for entry in entries if entry.amount]
    if not owed:
        raise ConflictError("There is nothing to invoice: every fee stands on an invoice already, or is nil.")
    invoice = _create(
        InvoiceKind.INVOICE,
        actor,
        organization_id=organization_id,
        total=sum((amount for _, amount in owed), Decimal("0.00")),
        month=month,
        case_id=case_id,
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            position=position,
            entry=entry,
            case_number=entry.case.number or "",
            fell_due_on=entry.fell_due_on,
            words=entry.get_kind_display(),
            citation=entry.citation,
            amount=amount,
        )
        for position, (entry, amount) in enumerate(owed, start=1)
    )
    FeeEntry.objects.filter(pk__in=[entry.pk for entry, _ in owed]).update(invoice=invoice)
    _announce(invoice, actor, lines=len(owed))
    return invoice


def _create(
    kind: InvoiceKind,
    actor: User,
    *,
    organization_id: int,
    total: Decimal,
    month: date | None,
    case_id: int | None,
    corrects: Invoice | None = None,
    reason: str = "",
) -> Invoice:
    home, today = Organization.objects.get(pk=organization_id), clock.today()
    place = f"{home.city}, {home.state} {home.zip_code}".strip(" ,")
    return Invoice.objects.create(
        kind=kind,
        number=_next_number(kind, today.year),
        organization=home,
        month=month,
        case_id=case_id,
        corrects=corrects,
        reason=reason,
        billed_to=[line for line in (home.name, home.address_line_1, place) if line],
        total=total,
        issued_on=today,
        issued_by=actor,
    )


def _next_number(kind: InvoiceKind, year: int) -> str:
    """The next number of the Pacific year. Its row stays locked until the transaction ends, so one that fails leaves no
    gap."""
    InvoiceNumberSequence.objects.get_or_create(kind=kind, year=year)
    row = InvoiceNumberSequence.objects.select_for_update().get(kind=kind, year=year)
    InvoiceNumberSequence.objects.filter(pk=row.pk).update(last=F("last") + 1)
    return f"{NUMBER_OF[kind]}{year % 100:02d}-{row.last + 1:06d}"


def _announce(invoice: Invoice, actor: User, *, lines: int) -> None:
    record(
        action="invoice.issue",
        actor=actor,
        object_type="invoice",
        object_id=invoice.pk,
        reason=invoice.reason,
        detail={"number": invoice.number, "kind": invoice.kind, "total": str(invoice.total), "lines": lines},
    )
    enqueue(INVOICE_JOB, unique_key=f"invoice:{invoice.pk}", invoice_id=invoice.pk)
    tell(
        people=User.objects.filter(organization=invoice.organization_id, is_active=True, role=Role.CLAIMS_MANAGER),
        event=MailEvent.INVOICE_ISSUED,
        key=str(invoice.pk),
        path=reverse("cases:invoice-detail", args=[invoice.pk]),
    )
