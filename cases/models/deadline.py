from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import DeadlineKind
from cases.models.case import Case
from cases.models.law import LegalParameter


class Deadline(models.Model):
    """One running or ended clock of a case. `due_at` is the last instant that is still in time.

    `explanation` holds the arithmetic: start event, start, value, unit, days skipped, citation, result. A clock
    that is started again ends the running one of its kind.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=DeadlineKind.choices)
    parameter = models.ForeignKey(LegalParameter, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    explanation = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(name="deadline_open_due", fields=["due_at", "id"], condition=Q(ended_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                name="deadline_one_running", fields=["case", "kind"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="deadline_kind_known", condition=Q(kind__in=[kind.value for kind in DeadlineKind])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id} due {self.due_at:%Y-%m-%d}"
