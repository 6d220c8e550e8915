from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.enums import FeeKind, InvoiceKind
from cases.models.case import Case
from cases.models.law import LegalParameter
from imr.accounts.models import Organization, User

NUMBER_OF = {InvoiceKind.INVOICE: "INV", InvoiceKind.CREDIT_NOTE: "CRN"}


class InvoiceNumberSequence(models.Model):
    """The last number given to an invoice or a credit note of a year; locked while one is taken, so without gaps."""

    kind = models.CharField(max_length=12, choices=InvoiceKind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="invoicenumber_one_a_year", fields=["kind", "year"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class Invoice(models.Model):
    """An invoice, or a credit note that takes back lines of one; nothing of it changes but that its PDF is made.

    `month` is the first day of the month it is for; an invoice for one case has none, and `case` instead. Amounts are
    dollars and whole cents; a credit note has them positive, too.
    """

    kind = models.CharField(max_length=12, choices=InvoiceKind.choices)
    number = models.CharField(max_length=12, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(null=True, blank=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes")
    reason = models.CharField(max_length=500, blank=True)
    billed_to = models.JSONField(default=list)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    issued_on = models.DateField()
    issued_at = models.DateTimeField(db_default=Now())
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="invoice_organization_id", fields=["organization", "id"])]
        triggers = [
            pgtrigger.Protect(name="invoice_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="invoice_frozen", exclude=["pdf_sha256", "pdf_size", "rendered_at"]),
            pgtrigger.Protect(
                name="invoice_rendered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rendered_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="invoice_kind_known", condition=Q(kind__in=[kind.value for kind in InvoiceKind])
            ),
            models.CheckConstraint(
                name="invoice_number_form",
                condition=Q(kind=InvoiceKind.INVOICE, number__regex=r"^INV\d{2}-\d{6}$")
                | Q(kind=InvoiceKind.CREDIT_NOTE, number__regex=r"^CRN\d{2}-\d{6}$"),
            ),
            models.CheckConstraint(
                name="invoice_credit_corrects",
                condition=Q(kind=InvoiceKind.INVOICE, corrects__isnull=True, reason="")
                | Q(kind=InvoiceKind.CREDIT_NOTE, corrects__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(name="invoice_total_positive", condition=Q(total__gt=0)),
            models.CheckConstraint(
                name="invoice_month_or_case",
                condition=Q(month__isnull=False, case__isnull=True) | Q(month__isnull=True, case__isnull=False),
            ),
            models.CheckConstraint(
                name="invoice_rendered_pair",
                condition=Q(rendered_at__isnull=True, pdf_sha256="") | Q(rendered_at__isnull=False) & ~Q(pdf_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit(self) -> bool:
        return self.kind == InvoiceKind.CREDIT_NOTE

    @property
    def signed_total(self) -> Decimal:
        """The total as it counts for what is owed."""
        return -self.total if self.is_credit else self.total


class FeeEntry(models.Model):
    """The fee of one case: which kind fell due when, and how much, from a dated row or set by a person with a reason.

    Without an `amount` no row was in force and a person has to say. While it stands on an `invoice` it does not change;
    a credit note sets it free.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=FeeKind.choices)
    received_on = models.DateField()
    fell_due_on = models.DateField()
    parameter = models.ForeignKey(LegalParameter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    citation = models.CharField(max_length=200, blank=True)
    is_confirmed = models.BooleanField(default=False)
    set_at = models.DateTimeField(null=True, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    set_reason = models.CharField(max_length=500, blank=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="feeentry_organization_due", fields=["organization", "fell_due_on"])]
        triggers = [
            pgtrigger.Protect(name="feeentry_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="feeentry_invoiced_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__invoice__isnull=False, new__invoice__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="feeentry_kind_known", condition=Q(kind__in=[kind.value for kind in FeeKind])),
            models.CheckConstraint(
                name="feeentry_amount_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
            models.CheckConstraint(
                name="feeentry_set_pair",
                condition=Q(set_at__isnull=True, set_by__isnull=True, set_reason="")
                | Q(set_at__isnull=False, set_by__isnull=False, amount__isnull=False) & ~Q(set_reason=""),
            ),
            models.CheckConstraint(
                name="feeentry_amount_has_source",
                condition=Q(amount__isnull=True, parameter__isnull=True)
                | Q(amount__isnull=False) & (Q(parameter__isnull=False) | Q(set_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="feeentry_invoiced_has_amount", condition=Q(invoice__isnull=True) | Q(amount__gt=0)
            ),
            models.CheckConstraint(name="feeentry_days_in_order", condition=Q(fell_due_on__gte=F("received_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"


class InvoiceLine(models.Model):
    """A line of an invoice or credit note, frozen as printed; credited at most once, by the line that `credits` it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    entry = models.ForeignKey(FeeEntry, on_delete=models.PROTECT, related_name="lines")
    case_number = models.CharField(max_length=13)
    fell_due_on = models.DateField()
    words = models.CharField(max_length=200)
    citation = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    credits = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="credited_by")

    class Meta:
        ordering = ["invoice", "position"]
        triggers = [pgtrigger.Protect(name="invoiceline_stays", operation=pgtrigger.Delete | pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(name="invoiceline_position_once", fields=["invoice", "position"]),
            models.UniqueConstraint(name="invoiceline_entry_once", fields=["invoice", "entry"]),
            models.CheckConstraint(name="invoiceline_amount_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"Line {self.position} of {self.invoice_id}"
