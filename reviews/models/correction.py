import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.models import Case
from imr.accounts.models import User
from reviews.enums import CorrectionStatus
from reviews.models.determination import Determination

_DECIDED = [CorrectionStatus.APPROVED, CorrectionStatus.REFUSED]


class Correction(models.Model):
    """A change of a served letter's words, proposed by one person and approved or refused by another.

    `changes` lists place, label, old and new text; `snapshot_sha256` is the digest of the words as they would be,
    and what the medical director approves. The outcome of an item is never among them. `result` is the corrected
    determination.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="corrections")
    reason = models.CharField(max_length=1_000)
    changes = models.JSONField()
    snapshot_sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=CorrectionStatus.choices, default=CorrectionStatus.PROPOSED)
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision_note = models.CharField(max_length=1_000, blank=True)
    result = models.OneToOneField(
        Determination, on_delete=models.PROTECT, null=True, blank=True, related_name="correction"
    )

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="correction_one_open", fields=["case"], condition=Q(status=CorrectionStatus.PROPOSED)
            ),
            models.CheckConstraint(
                name="correction_status_known", condition=Q(status__in=[value.value for value in CorrectionStatus])
            ),
            models.CheckConstraint(
                name="correction_decided_pair",
                condition=Q(status=CorrectionStatus.PROPOSED, decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(status=CorrectionStatus.PROPOSED) & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="correction_second_person",
                condition=~Q(status__in=_DECIDED) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="correction_result_of_approval",
                condition=Q(status=CorrectionStatus.APPROVED, result__isnull=False)
                | ~Q(status=CorrectionStatus.APPROVED) & Q(result__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decided_frozen",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__status=CorrectionStatus.PROPOSED),
            ),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=["case", "determination", "reason", "changes", "snapshot_sha256", "proposed_at", "proposed_by"],
            ),
        ]

    def __str__(self) -> str:
        return f"Correction {self.pk}"
