import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import AppealOutcome, PartyRole
from cases.models.case import Case
from imr.accounts.models import User


class IneligibilityAppeal(models.Model):
    """An appeal to the appeals board against a finding of ineligibility, and what became of it (8 CCR 10575).

    `is_late` says that it was filed after the last day as it stood when it was recorded; whether that matters is
    for the board.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ineligibility_appeals")
    filed_on = models.DateField()
    received_on = models.DateField()
    appellant = models.CharField(max_length=30, choices=PartyRole.choices)
    grounds = models.CharField(max_length=2000)
    is_late = models.BooleanField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=AppealOutcome.choices, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    outcome_note = models.CharField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="ineligibilityappeal_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="ineligibilityappeal_frozen",
                exclude=["outcome", "outcome_on", "outcome_note", "decided_at", "decided_by"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="ineligibilityappeal_one_open", fields=["case"], condition=Q(outcome="")),
            models.CheckConstraint(
                name="ineligibilityappeal_outcome_known",
                condition=Q(outcome="") | Q(outcome__in=[value.value for value in AppealOutcome]),
            ),
            models.CheckConstraint(
                name="ineligibilityappeal_decided_pair",
                condition=Q(outcome="", outcome_on__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(outcome="") & Q(outcome_on__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal of ineligibility {self.pk}"
