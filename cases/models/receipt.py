import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.enums import CorrectionState
from cases.models.case import Case
from imr.accounts.models import User


class ReceiptCorrection(models.Model):
    """A correction of the moment at which an application was received: proposed by one person, decided by another.

    `Case.received_at` changes only together with the approval of such a row (trigger `receipt_frozen`).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="receipt_corrections")
    former_at = models.DateTimeField()
    corrected_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.PROPOSED)
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(name="correction_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="correction_decided_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state=CorrectionState.PROPOSED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="receiptcorrection_one_open", fields=["case"], condition=Q(state=CorrectionState.PROPOSED)
            ),
            models.CheckConstraint(
                name="receiptcorrection_decided_pair",
                condition=Q(state=CorrectionState.PROPOSED, decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(state=CorrectionState.PROPOSED) & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="receiptcorrection_second_person",
                condition=~Q(state=CorrectionState.APPROVED) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="receiptcorrection_state_known",
                condition=Q(state__in=[state.value for state in CorrectionState]),
            ),
            models.CheckConstraint(
                name="receiptcorrection_changes", condition=~Q(corrected_at=F("former_at")) & ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"Receipt correction {self.pk} of {self.case_id}"

    @property
    def is_taken_back(self) -> bool:
        """Refused by the person who proposed it."""
        return self.state == CorrectionState.REFUSED and self.decided_by_id == self.proposed_by_id
