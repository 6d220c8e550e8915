import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from imr.accounts.models import User
from reviews.models.assignment import Assignment


class WorkSitting(models.Model):
    """A stretch of work on an assignment: from one act of its reviewer to the last that followed without a long gap.

    What the reviewer did in it is not kept here; a single act makes a sitting of no length.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["-ended_at", "-pk"]
        indexes = [models.Index(name="worksitting_latest", fields=["assignment", "-ended_at"])]
        constraints = [
            models.CheckConstraint(name="worksitting_in_order", condition=Q(ended_at__gte=F("began_at"))),
        ]

    def __str__(self) -> str:
        return f"Sitting {self.pk} of assignment {self.assignment_id}"


class TimeCorrection(models.Model):
    """The time that a reviewer says an assignment took, and why it is not what was measured. The latest counts."""

    MOST_MINUTES = 6_000

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    measured_minutes = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    corrected_at = models.DateTimeField(db_default=Now())
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-corrected_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="timecorrection_with_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="timecorrection_within", condition=Q(minutes__lte=6_000)),
        ]
        triggers = [
            pgtrigger.Protect(name="only_added", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Correction {self.pk} of the time of assignment {self.assignment_id}"
