from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import EndingKind, EndingSource
from cases.models.case import Case
from cases.models.document import Document
from cases.models.item import DisputedItem
from imr.accounts.models import User
from imr.core.clock import pacific_date
from imr.core.ranges import SameText, one_at_a_time


class EndingReason(models.Model):
    """A reason for which a dispute is over without a determination, in force between two days; forms offer those of
    the day. `kind` is what it does; versions share a `code`. Reports keep the words that they were made with.
    """

    code = models.SlugField(max_length=40)
    kind = models.CharField("what it does", max_length=24, choices=EndingKind.choices)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    explanation = models.CharField(max_length=300, blank=True)
    citation = models.CharField(max_length=200)
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    is_confirmed = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["position", "code", "in_force_from"]
        constraints = [
            models.CheckConstraint(
                name="endingreason_kind_known", condition=Q(kind__in=[kind.value for kind in EndingKind])
            ),
            *one_at_a_time("endingreason", SameText("code")),
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.in_force_from}"


class EndingReport(models.Model):
    """That the dispute over some items is over without a determination, as somebody reports it (LC 4610.5(g)).

    `happened_on` is the day of the authorization, settlement or withdrawal. What the claims administrator tells
    itself is due by `due_on`, found as `due_explanation` says; what others tell has no date of its own. It was told
    on `received_on`, or, in the portal, when it was `reported_at`. `reason_words` are those of the reason on that day;
    reports of before there were rows have none. An administrator confirms or refuses it: `is_confirmed` is None until
    then. A confirmed one knows whether the case had been with a reviewer (`was_with_reviewer`), on which the fee
    depends (8 CCR 9792.10.8).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ending_reports")
    kind = models.CharField(max_length=24, choices=EndingKind.choices)
    reason = models.ForeignKey(EndingReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason_words = models.CharField(max_length=200, blank=True)
    told_by = models.CharField(max_length=24, choices=EndingSource.choices, default=EndingSource.CLAIMS_ADMINISTRATOR)
    items = models.ManyToManyField(DisputedItem, related_name="ending_reports")
    happened_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_explanation = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=1000)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(db_default=Now())
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_confirmed = models.BooleanField(null=True, blank=True)
    decision_note = models.CharField(max_length=1000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    was_with_reviewer = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["-reported_at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="endingreport_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="endingreport_decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__is_confirmed__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="endingreport_kind_known", condition=Q(kind__in=[kind.value for kind in EndingKind])
            ),
            models.CheckConstraint(
                name="endingreport_source_known", condition=Q(told_by__in=[source.value for source in EndingSource])
            ),
            models.CheckConstraint(
                name="endingreport_due_from_claims",
                condition=Q(told_by=EndingSource.CLAIMS_ADMINISTRATOR) | Q(due_on__isnull=True),
            ),
            models.CheckConstraint(
                name="endingreport_decided_pair",
                condition=Q(is_confirmed__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | Q(is_confirmed__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="endingreport_stage_when_confirmed",
                condition=Q(is_confirmed=True, was_with_reviewer__isnull=False)
                | (Q(is_confirmed__isnull=True) | Q(is_confirmed=False)) & Q(was_with_reviewer__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} in {self.case_id}"

    @property
    def words(self) -> str:
        """Why the dispute is over, as the reason said it when it was reported."""
        return self.reason_words or str(EndingKind(self.kind).label)

    @property
    def told_on(self) -> date:
        """The day on which it reached the IMR organization."""
        return self.received_on or pacific_date(self.reported_at)

    @property
    def days_late(self) -> int:
        """How many days after its last day it was told; 0 when it was in time, or has no last day."""
        return max((self.told_on - self.due_on).days, 0) if self.due_on else 0

    @property
    def due_citation(self) -> str:
        """What the last day rests on."""
        return str(self.due_explanation.get("citation", ""))

    @property
    def is_due_confirmed(self) -> bool:
        """Whether the last day rests on figures that were checked, and on nothing open."""
        return bool(self.due_explanation) and not self.due_explanation["doubts"]
