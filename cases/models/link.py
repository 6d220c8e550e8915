import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.enums import CaseLinkKind
from cases.models.case import Case
from imr.accounts.models import User


class CaseLink(models.Model):
    """A case that goes on in another one: merged as a duplicate, or consolidated (8 CCR 9792.10.3, 9792.10.4(a)).

    `case` has ended, `lead` goes on. Written once, with the transition that ended the case.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="link")
    lead = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked")
    kind = models.CharField(max_length=15, choices=CaseLinkKind.choices)
    reason = models.CharField(max_length=500)
    linked_at = models.DateTimeField(db_default=Now())
    linked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["linked_at", "pk"]
        triggers = [pgtrigger.Protect(name="link_stays", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(name="caselink_two_cases", condition=~Q(case=F("lead"))),
            models.CheckConstraint(
                name="caselink_kind_known", condition=Q(kind__in=[kind.value for kind in CaseLinkKind])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} into {self.lead_id}"
