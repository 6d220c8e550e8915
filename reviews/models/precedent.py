import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import Outcome
from cases.models import DisputedItem
from imr.accounts.models import User
from reviews.models.archive import ArchivedItem
from reviews.models.assignment import Assignment
from reviews.models.determination import Determination


class Precedent(models.Model):
    """A decided item in the index of earlier determinations: archived, or served here (`determination`, `position`).

    A narrow row that can be thrown away and made again; the words stand where they always stood. `keys` are those of
    `reviews.rules.precedent`.
    """

    archived_item = models.OneToOneField(
        ArchivedItem, on_delete=models.CASCADE, null=True, blank=True, related_name="precedent"
    )
    determination = models.ForeignKey(
        Determination, on_delete=models.CASCADE, null=True, blank=True, related_name="precedents"
    )
    position = models.PositiveSmallIntegerField()
    case_number = models.CharField(max_length=20)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    decided_on = models.DateField()
    keys = ArrayField(models.CharField(max_length=200))

    class Meta:
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.UniqueConstraint(name="precedent_once", fields=["determination", "position"]),
            models.CheckConstraint(
                name="precedent_of_one_kind",
                condition=Q(archived_item__isnull=False, determination__isnull=True)
                | Q(archived_item__isnull=True, determination__isnull=False),
            ),
        ]
        indexes = [GinIndex(name="precedent_keys", fields=["keys"])]

    def __str__(self) -> str:
        return f"Precedent {self.pk}"


class PrecedentReveal(models.Model):
    """The moment at which a reviewer first saw earlier determinations on an item, and what was chosen until then.

    Never before an outcome was chosen. What became of the choice afterwards is seen by comparing.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="precedent_reveals")
    item = models.ForeignKey(DisputedItem, on_delete=models.PROTECT, related_name="+")
    outcome_before = models.CharField(max_length=12, choices=Outcome.choices)
    revealed_at = models.DateTimeField(db_default=Now())
    revealed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["revealed_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="precedentreveal_once", fields=["assignment", "item"]),
            models.CheckConstraint(
                name="precedentreveal_outcome_known",
                condition=Q(outcome_before__in=[outcome.value for outcome in Outcome]),
            ),
        ]
        triggers = [pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Reveal {self.pk} of assignment {self.assignment_id}"
