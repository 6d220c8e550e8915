import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.core.ranges import DateRange
from reviews.enums import LetterLayout, TemplateStatus

_WORDS = ["version", "layout", "organization_name", "reviewer_guideline_label", "texts", "parts", "in_force_from"]


class LetterTemplate(models.Model):
    """One version of a letter's fixed sentences, in force between two days of decision.

    `in_force_until` is the first day it no longer holds. `texts` maps `TextKey` to words, `parts` lists the
    `LetterPart`s. An empty organization name or label stands for that of the settings. Once approved, the words
    never change: a letter is made from the version of its decision date on any later day.
    """

    version = models.SlugField(max_length=40, unique=True)
    layout = models.CharField(max_length=40, choices=LetterLayout.choices)
    status = models.CharField(max_length=10, choices=TemplateStatus.choices, default=TemplateStatus.DRAFT)
    organization_name = models.CharField(max_length=200, blank=True)
    reviewer_guideline_label = models.CharField(max_length=100, blank=True)
    texts = models.JSONField(default=dict)
    parts = models.JSONField(default=list, blank=True)
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    note = models.CharField("reason for this version", max_length=1_000, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-in_force_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="lettertemplate_span",
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gt=F("in_force_from")),
            ),
            models.CheckConstraint(
                name="lettertemplate_status_known", condition=Q(status__in=[value.value for value in TemplateStatus])
            ),
            # A version that came with the product was approved by nobody here.
            models.CheckConstraint(
                name="lettertemplate_approved_dated",
                condition=Q(approved_at__isnull=True) | Q(status=TemplateStatus.APPROVED),
            ),
            models.CheckConstraint(
                name="lettertemplate_approved_pair",
                condition=Q(approved_by__isnull=True) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="lettertemplate_second_person",
                condition=Q(approved_by__isnull=True) | Q(created_by__isnull=True) | ~Q(approved_by=F("created_by")),
            ),
            ExclusionConstraint(
                name="lettertemplate_no_overlap",
                expressions=[(DateRange("in_force_from", "in_force_until"), RangeOperators.OVERLAPS)],
                condition=Q(status=TemplateStatus.APPROVED),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="approved_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__status=TemplateStatus.APPROVED),
            ),
            pgtrigger.Protect(
                name="approved_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status = 'approved' AND ("
                    + " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in [*_WORDS, "status"])
                    + ")"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.version
