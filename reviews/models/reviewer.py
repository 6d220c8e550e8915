from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from reviews.enums import ConflictRelation, LicenseKind, LicenseStatus, VerificationKind


class Reviewer(models.Model):
    """An expert reviewer under a code. Who it is stands in `ReviewerIdentity` alone.

    `practice_attested_on` is when the reviewer last declared the years and weekly hours of active practice that
    every letter asserts. `own_limit` is how many open cases the reviewer wants at most; the smaller of it and
    `maximum_load` counts.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, unique=True)
    is_active = models.BooleanField(default=True)
    years_in_practice = models.PositiveSmallIntegerField()
    hours_per_week = models.PositiveSmallIntegerField()
    practice_attested_on = models.DateField()
    maximum_load = models.PositiveSmallIntegerField(default=10)
    own_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    cv_sha256 = models.CharField(max_length=64, blank=True)
    cv_name = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="reviewer_hours_in_a_week", condition=Q(hours_per_week__gte=0, hours_per_week__lte=168)
            ),
        ]

    def __str__(self) -> str:
        return f"Reviewer {self.code}"

    @property
    def load_limit(self) -> int:
        """The most cases at once: the organization's figure, or the reviewer's own where that is smaller."""
        return self.maximum_load if self.own_limit is None else min(self.maximum_load, self.own_limit)


class License(models.Model):
    """A state license to practice. `expires_on` is the last day on which it is valid."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="licenses")
    state = models.CharField(max_length=2)
    kind = models.CharField(max_length=10, choices=LicenseKind.choices)
    number = models.CharField(max_length=30)
    expires_on = models.DateField()
    status = models.CharField(max_length=12, choices=LicenseStatus.choices, default=LicenseStatus.ACTIVE)

    class Meta:
        ordering = ["state", "number"]
        constraints = [
            models.UniqueConstraint(name="license_once", fields=["reviewer", "state", "kind", "number"]),
            models.CheckConstraint(
                name="license_status_known", condition=Q(status__in=[value.value for value in LicenseStatus])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.state}"


class Certification(models.Model):
    """A board certification or specialty, printed in the letter. No `expires_on` means it does not expire."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="certifications")
    board = models.CharField(max_length=200)
    specialty = models.CharField(max_length=120)
    expires_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="certification_once", fields=["reviewer", "board", "specialty"]),
        ]

    def __str__(self) -> str:
        return self.specialty


class CredentialVerification(models.Model):
    """Who checked which credential, when, with which source, and when it is due again. Rows are only added."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="verifications")
    kind = models.CharField(max_length=15, choices=VerificationKind.choices)
    license = models.ForeignKey(License, on_delete=models.CASCADE, null=True, blank=True, related_name="verifications")
    certification = models.ForeignKey(
        Certification, on_delete=models.CASCADE, null=True, blank=True, related_name="verifications"
    )
    is_satisfactory = models.BooleanField()
    source = models.CharField(max_length=200)
    note = models.CharField(max_length=1000, blank=True)
    verified_on = models.DateField()
    due_again_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-verified_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="verification_names_its_object",
                condition=Q(kind="license", license__isnull=False, certification__isnull=True)
                | Q(kind="certification", license__isnull=True, certification__isnull=False)
                | Q(kind__in=["practice", "sanctions"], license__isnull=True, certification__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} checked {self.verified_on}"


class Affiliation(models.Model):
    """A firm, facility, maker or person that the reviewer is tied to; assignment screens case parties against it."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="affiliations")
    relation = models.CharField(max_length=12, choices=ConflictRelation.choices)
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"Affiliation {self.pk}"
