from functools import reduce
from operator import or_

import pgtrigger
from django.db import models
from django.db.models import Q

from cases.enums import (
    GuidelineBasis,
    IneligibilityReason,
    ItemEligibility,
    ItemStatus,
    Outcome,
    UROutcome,
)
from cases.models.case import Case

# What a letter prints of an item, or what put the item into it.
SIGNED_FIELDS = (
    "case",
    "position",
    "description",
    "category",
    "code",
    "quantity",
    "frequency",
    "duration",
    "is_retrospective",
    "service_date",
    "is_associated_service",
    "ur_outcome",
    "authorized",
    "remaining",
    "claims_guideline_basis",
    "claims_guideline_text",
    "eligibility",
    "ineligibility_reason",
    "ineligibility_note",
)


def _differs(field: str) -> pgtrigger.Q:
    return pgtrigger.Q(**{f"old__{field}__df": pgtrigger.F(f"new__{field}")})


class TreatmentCategory(models.Model):
    """DWC's treatment taxonomy: a category, and below it subcategories (`parent` set)."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="subcategories")
    code = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "treatment categories"

    def __str__(self) -> str:
        return self.name


class DisputedItem(models.Model):
    """A disputed item/service, kept in the words of the request.

    When utilization review modified the request, `description` is what was requested, `authorized` what the
    claims administrator authorized, and `remaining` what is left in dispute. `claims_guideline_basis` and
    `claims_guideline_text` are what the UR decision rested on, as the filer reports it. `added_at` is set for an item
    that an amendment brought: it counts as filed then, the others with their application.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=1000)
    category = models.ForeignKey(TreatmentCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField("CPT, HCPCS or NDC code", max_length=20, blank=True)
    quantity = models.CharField(max_length=100, blank=True)
    frequency = models.CharField(max_length=100, blank=True)
    duration = models.CharField(max_length=100, blank=True)
    is_retrospective = models.BooleanField(default=False)
    service_date = models.DateField(null=True, blank=True)
    is_associated_service = models.BooleanField("associated with a surgery in dispute", default=False)
    ur_outcome = models.CharField(max_length=10, choices=UROutcome.choices, blank=True)
    authorized = models.CharField(max_length=1000, blank=True)
    remaining = models.CharField(max_length=1000, blank=True)
    claims_guideline_basis = models.CharField(max_length=10, choices=GuidelineBasis.choices, blank=True)
    claims_guideline_text = models.TextField(max_length=4000, blank=True)
    added_at = models.DateTimeField(null=True, blank=True)
    eligibility = models.CharField(max_length=12, choices=ItemEligibility.choices, default=ItemEligibility.PENDING)
    ineligibility_reason = models.CharField(max_length=12, choices=IneligibilityReason.choices, blank=True)
    ineligibility_note = models.CharField(max_length=1000, blank=True)
    status = models.CharField(max_length=12, choices=ItemStatus.choices, default=ItemStatus.OPEN)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="item_position_once",
                fields=["case", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="item_described", condition=~Q(description="")),
            models.CheckConstraint(
                name="item_eligibility_known",
                condition=Q(eligibility__in=[value.value for value in ItemEligibility]),
            ),
            models.CheckConstraint(
                name="item_status_known", condition=Q(status__in=[value.value for value in ItemStatus])
            ),
            models.CheckConstraint(
                name="item_outcome_with_decision",
                condition=Q(status="decided", outcome__in=["upheld", "overturned"])
                | (~Q(status="decided") & Q(outcome="")),
            ),
            models.CheckConstraint(
                name="item_ineligible_with_reason",
                condition=Q(eligibility__in=["ineligible", "deferred"]) & ~Q(ineligibility_reason="")
                | ~Q(eligibility__in=["ineligible", "deferred"]) & Q(ineligibility_reason=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_stays", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__status="decided")
            ),
            pgtrigger.Protect(
                name="signed_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="decided")
                & (
                    reduce(or_, map(_differs, SIGNED_FIELDS))
                    | pgtrigger.Q(new__status="decided", old__outcome__df=pgtrigger.F("new__outcome"))
                ),
            ),
            # Returning for correction and reopening after a remand set the case back first; in no other way is a
            # case in review or ready for it with a decided item. An item that is withdrawn or authorized before the
            # letter is served ends; the letter is then refused until the determination was returned.
            pgtrigger.Trigger(
                name="signed_opens_in_review",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="decided", old__status__df=pgtrigger.F("new__status")),
                func=(
                    "IF NOT EXISTS (SELECT FROM cases_case WHERE id = NEW.case_id AND ("
                    "NEW.status = 'open' AND status IN ('in_review', 'ready_for_review')"
                    " OR NEW.status IN ('withdrawn', 'terminated')"
                    " AND status IN ('qa', 'determined', 'withdrawn', 'terminated', 'dismissed'))) THEN"
                    " RAISE EXCEPTION 'A decided item opens only when its determination is returned for correction"
                    " or set aside, and ends only before its letter is served.';"
                    " END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Item {self.position} of {self.case_id}"
