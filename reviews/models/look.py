from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from reviews.enums import LookPlace
from reviews.models.assignment import Assignment


class AssignmentLook(models.Model):
    """When a side last looked at an assignment or its thread: what came later is new to it.

    A table of its own, so that looking changes nothing of the business.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="looks")
    place = models.CharField(max_length=20, choices=LookPlace.choices)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="assignmentlook_once_a_place", fields=["assignment", "place"]),
            models.CheckConstraint(
                name="assignmentlook_place_known", condition=Q(place__in=[place.value for place in LookPlace])
            ),
        ]

    def __str__(self) -> str:
        return f"Look at assignment {self.assignment_id}"
