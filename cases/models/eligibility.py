from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import IneligibilityReason, ServiceMethod
from cases.models.case import Case
from imr.accounts.models import User


class EligibilityDecision(models.Model):
    """What was decided about a case's eligibility (LC 4610.5(k); 8 CCR 9792.10.3), one row a decision.

    `checks` is what every check answered at that moment, with what people had decided about them.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="eligibility_decisions")
    is_eligible = models.BooleanField()
    reason = models.CharField(max_length=12, choices=IneligibilityReason.choices, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    checks = models.JSONField(default=list, blank=True)
    decided_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="eligibility_reason_when_refused",
                condition=Q(is_eligible=True, reason="") | Q(is_eligible=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Eligibility of {self.case_id}: {self.is_eligible}"


class NoticeService(models.Model):
    """The Notice of Assignment and Request for Information was served (8 CCR 9792.10.4(b)).

    The record deadlines run from `served_at`; its length depends on `method`.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notice_services")
    method = models.CharField(max_length=20, choices=ServiceMethod.choices)
    served_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-served_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="noticeservice_method_known",
                condition=Q(method__in=[method.value for method in ServiceMethod]),
            ),
        ]

    def __str__(self) -> str:
        return f"Notice of {self.case_id}"
