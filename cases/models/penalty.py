import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import PenaltyDecisionKind
from cases.models.case import Case
from imr.accounts.models import User


class PenaltyDecision(models.Model):
    """What a person decided about the penalty for late records of a case, with the figures as they were then.

    Nothing is charged by it: an assessment is made by order to show cause (8 CCR 9792.12).
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PenaltyDecisionKind.choices)
    due_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    days = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    citation = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        triggers = [pgtrigger.Protect(name="penalty_stays", operation=pgtrigger.Delete | pgtrigger.Update)]
        constraints = [
            models.CheckConstraint(
                name="penalty_kind_known", condition=Q(kind__in=[kind.value for kind in PenaltyDecisionKind])
            ),
            models.CheckConstraint(
                name="penalty_reason_unless_assessed",
                condition=Q(kind=PenaltyDecisionKind.ASSESS) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="penalty_assessed_is_something",
                condition=~Q(kind=PenaltyDecisionKind.ASSESS) | Q(amount__gt=0, days__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"
