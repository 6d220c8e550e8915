from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import LeftOut, PackageForm, PackageState
from cases.models.case import Case
from cases.models.document import Document
from imr.accounts.models import User


class CasePackage(models.Model):
    """All records of a case as one file, for the person who asked for it, until `expires_at`.

    A worker makes it in `parts` steps, of which `parts_done` are done. The file lies in a folder of its own beside the
    store (`cases.services.package`), `size` bytes with digest `sha256`; it is gone when the package has expired.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="packages")
    form = models.CharField(max_length=5, choices=PackageForm.choices)
    state = models.CharField(max_length=10, choices=PackageState.choices, default=PackageState.WORKING)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    parts = models.PositiveIntegerField()
    parts_done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    page_count = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="casepackage_person", fields=["requested_by", "case"])]
        constraints = [
            models.CheckConstraint(
                name="casepackage_form_known", condition=Q(form__in=[form.value for form in PackageForm])
            ),
            models.CheckConstraint(
                name="casepackage_state_known", condition=Q(state__in=[state.value for state in PackageState])
            ),
            models.CheckConstraint(
                name="casepackage_ready_has_file",
                condition=~Q(state="ready") | Q(finished_at__isnull=False, size__gt=0) & ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Package {self.pk} of {self.case_id}"


class PackageEntry(models.Model):
    """A document in a package, or one that had to be left out: `left_out` says why. `part` is 0 for the latter.

    `page_count` is how many pages of the package it has; 0 in a zip.
    """

    package = models.ForeignKey(CasePackage, on_delete=models.CASCADE, related_name="entries")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    part = models.PositiveIntegerField()
    left_out = models.CharField(max_length=20, choices=LeftOut.choices, blank=True)
    page_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="packageentry_once", fields=["package", "document"]),
            models.UniqueConstraint(name="packageentry_number_once", fields=["package", "number"]),
            models.CheckConstraint(
                name="packageentry_left_out_known",
                condition=Q(left_out="") | Q(left_out__in=[reason.value for reason in LeftOut]),
            ),
        ]

    def __str__(self) -> str:
        return f"Entry {self.number} of package {self.package_id}"
