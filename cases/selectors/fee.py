"""Reading fees and invoices. Claims people see their organization's and nobody else's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth

from cases.models import Case, FeeEntry, Invoice, InvoiceLine, LegalParameter
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from imr.core.words import mmddyyyy

_MONEY = DecimalField(max_digits=14, decimal_places=2)
NIL = Value(Decimal("0.00"), output_field=_MONEY)
FEE_HEAD = ("Case", "Claims administrator", "Fee", "Received", "Fell due", "Amount", "Rests on", "Invoice")
LINE_HEAD = ("Document", "Kind", "Line", "Case", "Fee", "Fell due", "Rests on", "Amount")


class FeeState:
    """What the list of fees can be narrowed to."""

    UNKNOWN, OPEN, INVOICED = "unknown", "open", "invoiced"
    CHOICES = ((UNKNOWN, "Amount not known"), (OPEN, "Not invoiced"), (INVOICED, "Invoiced"))


@dataclass(frozen=True, slots=True)
class FeeFilter:
    """What the list is narrowed to; empty values narrow nothing. `month` is the first day of one."""

    state: str = ""
    month: date | None = None
    number: str = ""
    organization_id: int | None = None


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """Fees of one claims administrator and month that stand on no invoice."""

    organization_id: int
    organization: str
    month: date
    count: int
    unknown: int
    total: Decimal


def fee_row(kind: str, *, on: date) -> LegalParameter | None:
    """The figure of this kind of fee in force on the day of receipt; None where none is recorded."""
    rows = LegalParameter.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=on), name=f"fee_{kind}", in_force_from__lte=on
    )
    return rows.first()


def figures_on(on: date) -> list[LegalParameter]:
    """All figures of fees in force on a day, for a person who has to choose."""
    rows = LegalParameter.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=on), name__startswith="fee_", in_force_from__lte=on
    )
    return list(rows.order_by("name"))


def month_after(first: date) -> date:
    """The first day of the next month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def fees_visible_to(user: User) -> QuerySet[FeeEntry]:
    """The fees that exist for `user`; none for reviewers and programs."""
    rows = FeeEntry.objects.select_related("case", "organization", "invoice")
    match user.scope(Action.FEE_VIEW):
        case Scope.ANY:
            return rows
        case Scope.ORGANIZATION:
            return rows.filter(organization=user.organization_id)
        case _:
            return rows.none()


def fees_found(user: User, wanted: FeeFilter) -> QuerySet[FeeEntry]:
    """The visible fees that match."""
    rows = fees_visible_to(user)
    if wanted.state == FeeState.UNKNOWN:
        rows = rows.filter(amount__isnull=True)
    elif wanted.state == FeeState.OPEN:
        rows = rows.filter(invoice__isnull=True, amount__gt=0)
    elif wanted.state == FeeState.INVOICED:
        rows = rows.filter(invoice__isnull=False)
    if wanted.month:
        rows = rows.filter(fell_due_on__gte=wanted.month, fell_due_on__lt=month_after(wanted.month))
    if wanted.number:
        rows = rows.filter(case__number__icontains=wanted.number)
    if wanted.organization_id:
        rows = rows.filter(organization=wanted.organization_id)
    return rows


def total_of(rows: QuerySet[FeeEntry]) -> Decimal:
    """The exact sum of the amounts that are known."""
    total: Decimal = rows.order_by().aggregate(total=Coalesce(Sum("amount"), NIL))["total"]
    return total


def fee_of(user: User, case: Case) -> FeeEntry | None:
    """The fee of the case, when it fell due and this person may see it."""
    return fees_visible_to(user).filter(case=case).first()


def open_months() -> list[OpenMonth]:
    """What there is to invoice, the oldest month first."""
    rows = (
        FeeEntry.objects.filter(Q(amount__isnull=True) | Q(amount__gt=0), invoice__isnull=True)
        .annotate(month=TruncMonth("fell_due_on"))
        .order_by("month", "organization__name")
        .values("organization_id", "organization__name", "month")
        .annotate(
            count=Count("pk"), unknown=Count("pk", filter=Q(amount__isnull=True)), total=Coalesce(Sum("amount"), NIL)
        )
    )
    return [
        OpenMonth(
            row["organization_id"], row["organization__name"], row["month"], row["count"], row["unknown"], row["total"]
        )
        for row in rows
    ]


def invoices_visible_to(user: User) -> QuerySet[Invoice]:
    """The invoices and credit notes that exist for `user`."""
    rows = Invoice.objects.select_related("organization", "corrects", "case", "issued_by")
    match user.scope(Action.FEE_VIEW):
        case Scope.ANY:
            return rows
        case Scope.ORGANIZATION:
            return rows.filter(organization=user.organization_id)
        case _:
            return rows.none()


def creditable_lines(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that no credit note has taken back; none of a credit note."""
    return [] if invoice.is_credit else list(invoice.lines.filter(credited_by__isnull=True))


def lines_of(invoice: Invoice) -> QuerySet[InvoiceLine]:
    """The lines as printed, each with `is_credited`."""
    return invoice.lines.annotate(is_credited=Exists(InvoiceLine.objects.filter(credits=OuterRef("pk")))).order_by(
        "position"
    )


def fee_rows(rows: QuerySet[FeeEntry]) -> Iterator[tuple[object, ...]]:
    """The fees as rows of a file, after its head."""
    yield FEE_HEAD
    for entry in rows.order_by("case__number", "pk").iterator(chunk_size=500):
        yield (
            entry.case.number,
            entry.organization.name,
            entry.get_kind_display(),
            mmddyyyy(entry.received_on),
            mmddyyyy(entry.fell_due_on),
            "" if entry.amount is None else entry.amount,
            entry.citation or entry.set_reason,
            entry.invoice.number if entry.invoice else "",
        )


def line_rows(invoice: Invoice) -> Iterator[tuple[object, ...]]:
    """The lines of the invoice as rows of a file, after its head, and the total. Amounts of a credit note are positive,
    as on paper: a cell that begins with a minus is no number to be trusted."""
    yield LINE_HEAD
    kind = invoice.get_kind_display()
    for line in lines_of(invoice):
        yield (
            invoice.number,
            kind,
            line.position,
            line.case_number,
            line.words,
            mmddyyyy(line.fell_due_on),
            line.citation,
            line.amount,
        )
    yield (invoice.number, kind, "", "Total", "", "", "", invoice.total)
