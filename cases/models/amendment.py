import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import CaseStatus
from cases.models.case import Case
from imr.accounts.models import User


class ApplicationVersion(models.Model):
    """The application as it stood, frozen: number 1 is what was filed, each amendment adds the next.

    `sections` are the answers in words (`step`, `title`, `item`, `answers` as pairs of label and value), and
    `sections_sha256` is of their canonical form. `changes` says field by field what the amendment made of the version
    before. `screening` is what the checks of eligibility answered before and after it, when that differs.

    Where eligibility had been found before the amendment and the checks now amount to something else, `needs_look` is
    set until a person has looked: `looked_at`, `looked_by` and `look_note` then say that the finding stands, and why.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="application_versions")
    number = models.PositiveSmallIntegerField()
    sections = models.JSONField()
    sections_sha256 = models.CharField(max_length=64)
    changes = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    case_status = models.CharField(max_length=30, choices=CaseStatus.choices)
    screening = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    needs_look = models.BooleanField(default=False)
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    look_note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(
                name="applicationversion_to_look", fields=["id"], condition=Q(needs_look=True, looked_at__isnull=True)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="applicationversion_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="applicationversion_frozen", exclude=["looked_at", "looked_by", "look_note"]),
            pgtrigger.Protect(
                name="applicationversion_looked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__looked_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="applicationversion_numbered", fields=["case", "number"]),
            models.CheckConstraint(
                name="applicationversion_amendment_has_reason",
                condition=Q(number=1, reason="", changes=[]) | Q(number__gt=1) & ~Q(reason="") & ~Q(changes=[]),
            ),
            models.CheckConstraint(
                name="applicationversion_looked_pair",
                condition=Q(looked_at__isnull=True, looked_by__isnull=True, look_note="")
                | Q(looked_at__isnull=False, looked_by__isnull=False, needs_look=True) & ~Q(look_note=""),
            ),
            models.CheckConstraint(
                name="applicationversion_status_known",
                condition=Q(case_status__in=[status.value for status in CaseStatus]),
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of the application of {self.case_id}"


class AmendmentDraft(models.Model):
    """What one person is preparing to amend in one case: nothing of it counts before it is filed.

    `steps` has the same form as `Application.steps`: by the key of a form (a step, `item:<id>`, `item:new`) what is
    typed (`typed`), its version and page, and whether it was kept as finished (`done`); an item that is to go has
    `removed`. `version` grows with each save.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="amendment_drafts")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    steps = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="amendmentdraft_one_a_person", fields=["case", "person"]),
        ]

    def __str__(self) -> str:
        return f"Amendment of {self.case_id} by {self.person_id}"
