import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models.case import Case
from cases.models.document import Document
from imr.accounts.models import User


class ExpeditedCertification(models.Model):
    """A physician certified an imminent and serious threat, and the regular review became an expedited one.

    Written once, with the conversion (8 CCR 9792.10.4(c)); `document` is the certification itself.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="certification")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    physician = models.CharField(max_length=200)
    certified_on = models.DateField()
    converted_at = models.DateTimeField(db_default=Now())
    converted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [pgtrigger.Protect(name="certification_stays", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(name="expeditedcertification_named", condition=~Q(physician="")),
        ]

    def __str__(self) -> str:
        return f"Certification of {self.case_id}"
