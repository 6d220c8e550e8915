from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.core.ranges import DateRange, SameNumber
from reviews.models.reviewer import Reviewer


class Absence(models.Model):
    """Days on which a reviewer takes no new case: from `first_day` until `back_on`, the first day that is free again.

    Without `back_on` the reviewer is away until further notice. Two absences of one reviewer never share a day.
    """

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField()
    back_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField(db_default=Now())
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                name="absence_span", condition=Q(back_on__isnull=True) | Q(back_on__gt=F("first_day"))
            ),
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    (SameNumber("reviewer_id"), RangeOperators.OVERLAPS),
                    (DateRange("first_day", "back_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Absence {self.pk}"

    @property
    def last_day(self) -> date | None:
        """The last day away; none while it is open-ended."""
        return self.back_on - timedelta(days=1) if self.back_on else None
