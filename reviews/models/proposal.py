from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from reviews.enums import ProposalKind, ProposalStatus
from reviews.models.reviewer import Certification, License, Reviewer


class FileProposal(models.Model):
    """A change of the own file that a reviewer asks for; it counts when staff have adopted it.

    `entry` holds the fields of a license or certification as they are to be; with `license` or `certification` that
    one is to change, otherwise a new one is to be added.
    """

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=15, choices=ProposalKind.choices)
    license = models.ForeignKey(License, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    certification = models.ForeignKey(Certification, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    entry = models.JSONField(default=dict, blank=True)
    cv_sha256 = models.CharField(max_length=64, blank=True)
    cv_name = models.CharField(max_length=255, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    status = models.CharField(max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.PROPOSED)
    proposed_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision_note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="fileproposal_decided_pair",
                condition=Q(status="proposed", decided_at__isnull=True, decided_by__isnull=True)
                | Q(status__in=["adopted", "refused", "withdrawn"], decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="fileproposal_names_what_it_changes",
                condition=Q(kind="license", certification__isnull=True, cv_sha256="")
                | Q(kind="certification", license__isnull=True, cv_sha256="")
                | Q(kind="cv", license__isnull=True, certification__isnull=True) & ~Q(cv_sha256="")
                | Q(kind="other", license__isnull=True, certification__isnull=True, cv_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Proposal {self.pk}"
