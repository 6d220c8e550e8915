import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models import Case
from imr.accounts.models import User
from reviews.models.assignment import Assignment
from reviews.models.determination import Determination


class Panel(models.Model):
    """Two or more reviewers for one round of a case, with the Administrative Director's written approval on file
    (8 CCR 9792.10.6(c)). Without a row a case has one reviewer.

    The approval's bytes lie in the private store under `approval_sha256`; it is none of the case's records. A panel is
    dissolved, not changed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    seats = models.PositiveSmallIntegerField()
    approved_on = models.DateField()
    approved_by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=1_000)
    approval_sha256 = models.CharField(max_length=64)
    approval_name = models.CharField(max_length=255)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    dissolved_at = models.DateTimeField(null=True, blank=True)
    dissolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dissolved_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="panel_one_standing", fields=["case", "round"], condition=Q(dissolved_at__isnull=True)
            ),
            models.CheckConstraint(name="panel_seats", condition=Q(seats__gte=2, seats__lte=5)),
            models.CheckConstraint(
                name="panel_approval_named",
                condition=~Q(approved_by_name="") & ~Q(approval_sha256="") & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="panel_dissolved_pair",
                condition=Q(dissolved_at__isnull=True, dissolved_by__isnull=True)
                | Q(dissolved_at__isnull=False, dissolved_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "case",
                    "round",
                    "seats",
                    "approved_on",
                    "approved_by_name",
                    "reason",
                    "approval_sha256",
                    "approval_name",
                    "recorded_at",
                    "recorded_by",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Panel {self.pk}"


class Opinion(models.Model):
    """What one reviewer of a panel signed, frozen as a determination is. No other reviewer sees it before all have.

    `determination` is set when the last opinion was signed and all were combined. `voided_at` is set when the
    determination was returned, or the opinion no longer decides the items that are open.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="opinions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    seat = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    snapshot_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(db_default=Now())
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reauthenticated_at = models.DateTimeField()
    determination = models.ForeignKey(
        Determination, on_delete=models.PROTECT, null=True, blank=True, related_name="opinions"
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["seat", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="opinion_one_per_seat", fields=["case", "round", "seat"], condition=Q(voided_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="opinion_one_per_assignment", fields=["assignment"], condition=Q(voided_at__isnull=True)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "assignment",
                    "case",
                    "round",
                    "seat",
                    "snapshot",
                    "snapshot_sha256",
                    "signed_at",
                    "signed_by",
                    "reauthenticated_at",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Opinion {self.pk}"
