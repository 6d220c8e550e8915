import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import EndingKind
from cases.models.case import Case
from cases.models.document import Document
from cases.models.item import DisputedItem
from imr.accounts.models import User
from imr.core.clock import pacific_date


class EndingReport(models.Model):
    """That the dispute over some items is over without a determination, as somebody reports it (LC 4610.5(g)).

    `happened_on` is the day of the authorization, settlement or withdrawal; it is to be told by `due_on`. An
    administrator confirms or refuses it: `is_confirmed` is None until then. A confirmed one knows whether the case
    had been with a reviewer (`was_with_reviewer`), on which the fee depends (8 CCR 9792.10.8).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ending_reports")
    kind = models.CharField(max_length=24, choices=EndingKind.choices)
    items = models.ManyToManyField(DisputedItem, related_name="ending_reports")
    happened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
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
        return f"{self.get_kind_display()} in {self.case_id}"

    @property
    def is_late(self) -> bool:
        """Whether it was reported after its last day."""
        return self.due_on is not None and pacific_date(self.reported_at) > self.due_on
