import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import PartyRole
from cases.models import Case
from imr.accounts.models import User
from reviews.enums import AppealGround, AppealOutcome
from reviews.models.determination import Determination


class Appeal(models.Model):
    """A verified appeal of a determination to the appeals board, and what became of it (LC 4610.6(h), (i))."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="appeals")
    round = models.PositiveSmallIntegerField()
    filed_on = models.DateField()
    appellant = models.CharField(max_length=30, choices=PartyRole.choices)
    ground = models.CharField(max_length=10, choices=AppealGround.choices)
    note = models.CharField(max_length=2_000, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=AppealOutcome.choices, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    outcome_note = models.CharField(max_length=2_000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="appeal_one_open", fields=["case"], condition=Q(outcome="")),
            models.CheckConstraint(
                name="appeal_outcome_known",
                condition=Q(outcome="") | Q(outcome__in=[value.value for value in AppealOutcome]),
            ),
            models.CheckConstraint(
                name="appeal_decided_pair",
                condition=Q(outcome="", outcome_on__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(outcome="") & Q(outcome_on__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "case",
                    "determination",
                    "round",
                    "filed_on",
                    "appellant",
                    "ground",
                    "note",
                    "recorded_at",
                    "recorded_by",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal {self.pk}"
