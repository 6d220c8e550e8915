import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models import DisputedItem
from imr.accounts.models import User
from reviews.models.review import Review


class Revision(models.Model):
    """One text or choice of a review as it was saved once; rows are only added.

    Without an item it is the clinical case summary. `version` is that of the review or finding from then on. `editor`
    names the window that it came from and `sequence` orders the saves of that window; both are empty without scripts.
    What a reviewer gave up in a conflict is kept with `is_set_aside`: it was never the stored text.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="revisions")
    item = models.ForeignKey(DisputedItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=30)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    editor = models.CharField(max_length=32, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)
    is_set_aside = models.BooleanField(default=False)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-version", "-pk"]
        indexes = [models.Index(name="revision_of_field", fields=["review", "item", "field", "version"])]
        constraints = [
            models.CheckConstraint(name="revision_of_something", condition=~Q(field="")),
        ]
        triggers = [
            pgtrigger.Protect(name="only_added", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Revision {self.pk}"
