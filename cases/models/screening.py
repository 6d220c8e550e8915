import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import CheckVerdict, ServiceMethod
from cases.models.case import Case
from imr.accounts.models import User


class ScreeningFacts(models.Model):
    """What an analyst established for the eligibility of a case beside the form; a case without a row has nothing.

    `is_formulary` and `is_carve_out` are None while nobody has said; the dates are those of LC 4610.5(h)(2), (3).
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="screening_facts")
    is_form_withheld = models.BooleanField(default=False)
    form_served_on = models.DateField(null=True, blank=True)
    form_service_method = models.CharField(max_length=20, choices=ServiceMethod.choices, blank=True)
    liability_resolved_on = models.DateField(null=True, blank=True)
    liability_notice_method = models.CharField(max_length=20, choices=ServiceMethod.choices, blank=True)
    has_consent_to_review = models.BooleanField(default=False)
    is_formulary = models.BooleanField(null=True, blank=True)
    is_carve_out = models.BooleanField(null=True, blank=True)
    wcab_untimely_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "screening facts"
        constraints = [
            models.CheckConstraint(
                name="screeningfacts_methods_known",
                condition=Q(form_service_method__in=["", *(method.value for method in ServiceMethod)])
                & Q(liability_notice_method__in=["", *(method.value for method in ServiceMethod)]),
            ),
        ]

    def __str__(self) -> str:
        return f"Screening facts of {self.case_id}"


class CheckAnswer(models.Model):
    """What a person decided about one check of eligibility, with the reason.

    `key` names the check (`signature`, `duplicate:2`), `result` is what it answered then and `fingerprint` a digest of
    that: when the check answers something else later, the person's answer is stale. Rows are only added and
    superseded.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="check_answers")
    key = models.CharField(max_length=60)
    verdict = models.CharField(max_length=12, choices=CheckVerdict.choices)
    reason = models.CharField(max_length=1000)
    result = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    answered_at = models.DateTimeField(db_default=Now())
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["answered_at", "pk"]
        triggers = [pgtrigger.ReadOnly(name="checkanswer_only_ends", exclude=["superseded_at"])]
        constraints = [
            models.UniqueConstraint(
                name="checkanswer_one_in_force", fields=["case", "key"], condition=Q(superseded_at__isnull=True)
            ),
            models.CheckConstraint(
                name="checkanswer_settles",
                condition=Q(verdict__in=[CheckVerdict.PASSED.value, CheckVerdict.FAILED.value]),
            ),
            models.CheckConstraint(name="checkanswer_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.case_id}: {self.verdict}"


class InformationRequest(models.Model):
    """What the parties were asked while eligibility is open (8 CCR 9792.10.3(b)).

    It is answered, or its time passed (`expired_at`) and the case goes on without an answer.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="information_requests")
    question = models.CharField(max_length=3000)
    requested_at = models.DateTimeField(db_default=Now())
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=3000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    expired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="informationrequest_one_open",
                fields=["case"],
                condition=Q(answered_at__isnull=True, expired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="informationrequest_answered_pair",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="informationrequest_one_end",
                condition=Q(answered_at__isnull=True) | Q(expired_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Request for information in {self.case_id}"
