import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models.case import Case
from cases.models.document import Document
from imr.accounts.models import User


class CompletenessDecision(models.Model):
    """From when an application counts whose UR decision letter came after it was filed (8 CCR 9792.10.1(b)).

    `is_moved`: from the arrival of the letter, else from the receipt as before. The last decision counts.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="completeness_decisions")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    is_moved = models.BooleanField()
    reason = models.CharField(max_length=500)
    decided_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        triggers = [pgtrigger.Protect(name="completeness_stays", operation=pgtrigger.Delete | pgtrigger.Update)]
        constraints = [models.CheckConstraint(name="completeness_has_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"Completeness of {self.case_id}"
