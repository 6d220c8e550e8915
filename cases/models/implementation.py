import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import ImplementationKind
from cases.models.case import Case
from cases.models.document import Document
from cases.models.item import DisputedItem
from imr.accounts.models import User


class Implementation(models.Model):
    """That an overturned item was authorized, or paid for where the treatment was given already (8 CCR 9792.10.7).

    `done_on` is the day of it, `due_on` the last day as it stood then, `document` the proof. An administrator may
    refuse it with a reason: then the item is outstanding again. At most one stands for an item.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="implementations")
    item = models.ForeignKey(DisputedItem, on_delete=models.PROTECT, related_name="implementations")
    kind = models.CharField(max_length=12, choices=ImplementationKind.choices)
    done_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-confirmed_at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="implementation_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="implementation_frozen", exclude=["refused_at", "refused_by", "refusal"]),
            pgtrigger.Protect(
                name="implementation_refused_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__refused_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="implementation_one_an_item", fields=["item"], condition=Q(refused_at__isnull=True)
            ),
            models.CheckConstraint(
                name="implementation_kind_known", condition=Q(kind__in=[kind.value for kind in ImplementationKind])
            ),
            models.CheckConstraint(
                name="implementation_refused_pair",
                condition=Q(refused_at__isnull=True, refused_by__isnull=True, refusal="")
                | Q(refused_at__isnull=False, refused_by__isnull=False) & ~Q(refusal=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: item {self.item_id}"

    @property
    def is_late(self) -> bool:
        """Whether it was done after its last day."""
        return self.due_on is not None and self.done_on > self.due_on
