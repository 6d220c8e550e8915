import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.core.ranges import SameText, one_at_a_time
from reviews.enums import PAID_REVIEWS, ReviewFeeKind
from reviews.models.assignment import Assignment
from reviews.models.reviewer import Reviewer


class ReviewerFeeRate(models.Model):
    """What a reviewer is paid for a kind of review, in force between two days (`in_force_until` is the first day on
    which it no longer holds). The day on which the letter is served chooses the row. `citation` is what it rests on."""

    kind = models.CharField(max_length=12, choices=[(kind.value, kind.label) for kind in PAID_REVIEWS])
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    citation = models.CharField(max_length=200)
    is_confirmed = models.BooleanField(default=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["kind", "in_force_from"]
        constraints = [
            models.CheckConstraint(
                name="feerate_kind_known", condition=Q(kind__in=[kind.value for kind in PAID_REVIEWS])
            ),
            models.CheckConstraint(name="feerate_amount_positive", condition=Q(amount__gt=0)),
            *one_at_a_time("feerate", SameText("kind")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.in_force_from}"


class LedgerStatement(models.Model):
    """A reviewer's month, approved by an administrator: the entries on it and their exact sum. It stays as it is."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    total = models.DecimalField(max_digits=10, decimal_places=2)
    approved_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-month", "reviewer"]
        triggers = [pgtrigger.Protect(name="statement_stays", operation=pgtrigger.Delete | pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(name="statement_one_a_month", fields=["reviewer", "month"]),
            models.CheckConstraint(name="statement_month_begins", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} of reviewer {self.reviewer_id}"


class LedgerEntry(models.Model):
    """Money that a reviewer earned, or that is taken back; an entry never changes but to get its amount and statement.

    A served review makes one (`assignment`); without an `amount` no rate was in force. A reversal `reverses` another
    entry with the same amount below zero. An adjustment stands by itself and has a `reason`, as a reversal has.
    """

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ReviewFeeKind.choices)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rate = models.ForeignKey(ReviewerFeeRate, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    earned_on = models.DateField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    statement = models.ForeignKey(
        LedgerStatement, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )

    class Meta:
        ordering = ["-earned_on", "-pk"]
        indexes = [models.Index(name="ledgerentry_reviewer_day", fields=["reviewer", "earned_on"])]
        triggers = [
            pgtrigger.Protect(name="ledgerentry_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="ledgerentry_frozen", exclude=["amount", "rate", "statement"]),
            pgtrigger.Protect(
                name="ledgerentry_amount_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__amount__isnull=False, old__amount__df=pgtrigger.F("new__amount")),
            ),
            pgtrigger.Protect(
                name="ledgerentry_statement_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__statement__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="ledgerentry_review_once", fields=["assignment"], condition=Q(reverses__isnull=True)
            ),
            models.CheckConstraint(
                name="ledgerentry_kind_known", condition=Q(kind__in=[kind.value for kind in ReviewFeeKind])
            ),
            models.CheckConstraint(
                name="ledgerentry_shape",
                condition=Q(kind=ReviewFeeKind.ADJUSTMENT, assignment__isnull=True, made_by__isnull=False)
                & ~Q(reason="")
                | Q(reverses__isnull=False, made_by__isnull=False, amount__isnull=False) & ~Q(reason="")
                | ~Q(kind=ReviewFeeKind.ADJUSTMENT) & Q(assignment__isnull=False, reverses__isnull=True, reason=""),
            ),
            models.CheckConstraint(
                name="ledgerentry_stated_has_amount",
                condition=Q(statement__isnull=True) | Q(amount__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of reviewer {self.reviewer_id}"
