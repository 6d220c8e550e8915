import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import CaseOutcome
from cases.models import Case
from imr.accounts.models import User
from imr.core.models import OutboxJob
from reviews.enums import LetterKind
from reviews.models.assignment import Assignment


class Determination(models.Model):
    """What was signed, frozen. `snapshot` holds everything the letter shows, `snapshot_sha256` its canonical digest.

    `reauthenticated_at` is when the signer gave the password again. `passed_sha256` is the digest of what passed the
    quality check. `voided_at` is set when a signed determination was returned for correction; the signed words stay.

    A correction of a served letter is a determination of its own (`corrects`), which the medical director signs and
    passes; the corrected one has `superseded_at` from then on. `set_aside_at` is set when an appeal reversed it.

    The letter is rendered for trial before it is signed: `trial_sha256` names those bytes in the document store,
    `trial_source_sha256` is the digest of what they were made from (`letter_source_sha256`). All three are empty when
    no trial is kept, as for a panel, whose letter is put together by its last signature.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="determinations")
    outcome = models.CharField(max_length=20, choices=CaseOutcome.choices)
    snapshot = models.JSONField()
    snapshot_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(db_default=Now())
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reauthenticated_at = models.DateTimeField()
    trial_sha256 = models.CharField(max_length=64, blank=True)
    trial_source_sha256 = models.CharField(max_length=64, blank=True)
    trial_page_count = models.PositiveIntegerField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    passed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    passed_sha256 = models.CharField(max_length=64, blank=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-signed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="determination_one_valid",
                fields=["case", "round"],
                condition=Q(voided_at__isnull=True, superseded_at__isnull=True),
            ),
            models.UniqueConstraint(name="determination_snapshot", fields=["id", "snapshot_sha256"]),
            models.CheckConstraint(
                name="determination_trial_whole",
                condition=Q(trial_sha256="", trial_source_sha256="", trial_page_count__isnull=True)
                | ~Q(trial_sha256="") & ~Q(trial_source_sha256="") & Q(trial_page_count__isnull=False),
            ),
            models.CheckConstraint(
                name="determination_passed_pair",
                condition=Q(passed_at__isnull=True, passed_by__isnull=True, passed_sha256="")
                | Q(passed_at__isnull=False, passed_by__isnull=False) & ~Q(passed_sha256=""),
            ),
            models.CheckConstraint(
                name="determination_voided_pair",
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "case",
                    "round",
                    "assignment",
                    "outcome",
                    "snapshot",
                    "snapshot_sha256",
                    "signed_at",
                    "signed_by",
                    "reauthenticated_at",
                    "trial_sha256",
                    "trial_source_sha256",
                    "trial_page_count",
                    "corrects",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Determination {self.pk}"


class Letter(models.Model):
    """A rendered letter. The bytes lie in the private store under `sha256`; an issued letter is never made again.

    Exactly one version per determination and kind; `snapshot_sha256` must be the determination's (composite key).
    A letter as served bears `service_date`, a day in California, and was released; it is what the parties get.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="letters")
    job = models.ForeignKey(OutboxJob, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=LetterKind.choices, default=LetterKind.FINAL)
    version = models.PositiveSmallIntegerField(default=1)
    snapshot_sha256 = models.CharField(max_length=64)
    template_version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField()
    service_date = models.DateField(null=True, blank=True)
    rendered_at = models.DateTimeField(db_default=Now())
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-rendered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="letter_once", fields=["determination", "kind", "version"]),
            models.UniqueConstraint(
                name="letter_one_current", fields=["case", "kind"], condition=Q(superseded_at__isnull=True)
            ),
            models.CheckConstraint(
                name="letter_released_pair",
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_served_dated",
                condition=Q(kind=LetterKind.SERVED, service_date__isnull=False, released_at__isnull=False)
                | ~Q(kind=LetterKind.SERVED) & Q(service_date__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "case",
                    "determination",
                    "kind",
                    "version",
                    "snapshot_sha256",
                    "template_version",
                    "sha256",
                    "size",
                    "page_count",
                    "service_date",
                    "rendered_at",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.pk}"

    @property
    def is_served(self) -> bool:
        return self.kind == LetterKind.SERVED

    @property
    def state_words(self) -> str:
        """What the letter is worth, in words; its determination must be loaded."""
        if self.superseded_at is None:
            return "In force" if self.is_served else "Not served"
        if self.determination.voided_at is not None:
            return "Void: returned for correction"
        if self.determination.set_aside_at is not None:
            return "Set aside on appeal"
        return f"Superseded by version {self.version + 1}" if self.is_served else "Superseded"

    @property
    def file_name(self) -> str:
        """How a download is called, a former letter never as the valid one; case and determination must be loaded."""
        if self.service_date is not None:
            version = f"_v{self.version}" if self.version > 1 else ""
            name = f"{self.determination.outcome.replace('_', '-')}_{self.service_date:%Y-%m-%d}{version}"
        else:
            name = "final-determination"
        ended = "" if self.superseded_at is None else "_void" if self.determination.voided_at else "_superseded"
        return f"{self.case.number}_{name}{ended}.pdf"
