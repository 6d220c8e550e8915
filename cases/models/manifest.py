import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models.case import Case
from imr.accounts.models import User


class SubmissionManifest(models.Model):
    """Everything received in a case up to `signed_at`, signed with the organization's key.

    `content` is the JSON of the `ManifestLetter`, `signature` is over its canonical form (base64). `signed_for` is who
    asked for it; None for the first one, which the system makes. What was signed never changes; the PDF is made by a
    worker.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="manifests")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    signature = models.TextField()
    certificate_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_for = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        triggers = [
            pgtrigger.Protect(name="manifest_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="manifest_frozen", exclude=["pdf_sha256", "pdf_size", "rendered_at"]),
        ]
        constraints = [
            models.UniqueConstraint(name="submissionmanifest_number_once", fields=["case", "number"]),
            models.CheckConstraint(
                name="submissionmanifest_is_signed", condition=~Q(signature="") & ~Q(certificate_sha256="")
            ),
            models.CheckConstraint(
                name="submissionmanifest_rendered_pair",
                condition=Q(rendered_at__isnull=True, pdf_sha256="") | Q(rendered_at__isnull=False) & ~Q(pdf_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Manifest {self.number} of {self.case_id}"
