import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import PARTY_LABELS, CaseStatus, Priority
from cases.workflow import status_pairs
from imr.accounts.models import Organization, User


class Case(models.Model):
    """One review from the first line typed to closing. `status` is written by `transition_case` alone.

    `number` is given at submission (`CM`, two digits of the Pacific year, seven digits). `received_at` is the
    server's clock at that moment, or when the paper arrived that staff keyed in; a `ReceiptCorrection` alone changes
    it. `version` grows with every transition, for optimistic checks. `round` is 1, and one more after each remand.
    """

    number = models.CharField(max_length=13, unique=True, null=True, blank=True)
    status = models.CharField(max_length=30, choices=CaseStatus.choices, default=CaseStatus.DRAFT)
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.STANDARD)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    analyst = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status_changed_at = models.DateTimeField(db_default=Now())
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="case_status_id", fields=["status", "id"]),
            models.Index(name="case_org_status_id", fields=["organization", "status", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_status_known", condition=Q(status__in=[status.value for status in CaseStatus])
            ),
            models.CheckConstraint(
                name="case_priority_known", condition=Q(priority__in=[value.value for value in Priority])
            ),
            models.CheckConstraint(
                name="case_number_with_submission",
                condition=Q(status="draft", number__isnull=True) | (~Q(status="draft") & Q(number__isnull=False)),
            ),
            models.CheckConstraint(
                name="case_number_form",
                condition=Q(number__isnull=True) | Q(number__regex=r"^CM\d{2}-\d{7,8}$"),
            ),
            models.CheckConstraint(
                name="case_received_pair",
                condition=Q(status="draft", received_at__isnull=True, received_by__isnull=True)
                | (~Q(status="draft") & Q(received_at__isnull=False, received_by__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="status_fsm", field="status", transitions=status_pairs()),
            pgtrigger.Protect(
                name="submitted_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__number__isnull=False),
            ),
            # Number and filer never change; the moment of receipt changes only as an approved correction says.
            pgtrigger.Trigger(
                name="receipt_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__number__isnull=False)
                & (
                    pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                    | pgtrigger.Q(old__received_at__df=pgtrigger.F("new__received_at"))
                    | pgtrigger.Q(old__received_by__df=pgtrigger.F("new__received_by"))
                ),
                func=(
                    "IF NEW.number IS DISTINCT FROM OLD.number"
                    " OR NEW.received_by_id IS DISTINCT FROM OLD.received_by_id"
                    " OR NOT EXISTS (SELECT FROM cases_receiptcorrection WHERE case_id = NEW.id AND state = 'approved'"
                    " AND former_at = OLD.received_at AND corrected_at = NEW.received_at) THEN"
                    " RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;"
                    " END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"Draft {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.status == CaseStatus.DRAFT

    @property
    def party_status(self) -> str:
        """The status in the words for the parties."""
        return PARTY_LABELS[CaseStatus(self.status)]


class CaseNumberSequence(models.Model):
    """The last number given in a year; the row is locked while a number is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
