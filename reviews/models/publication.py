import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.models import Case
from imr.accounts.models import User
from reviews.enums import PublicationState
from reviews.models.determination import Letter

_OPEN = [PublicationState.PROPOSED, PublicationState.REFUSED]


class PublicCopy(models.Model):
    """A served letter without what names a person, on its way to the public (LC 4610.6(m)).

    `redactions` are the words taken out (`Redaction.to_data`), `confirmations` the possible hits that a person looked
    at and kept (key, reason, who, when), `report` what the leak test found (`LeakHit.to_data`). The bytes lie in the
    private store under `sha256`. `edited_by` is who changed it last and therefore may not approve it. `published` is
    the letter of kind `public` that the approval made.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="public_copies")
    state = models.CharField(max_length=10, choices=PublicationState.choices, default=PublicationState.PROPOSED)
    redactions = models.JSONField(default=list, blank=True)
    confirmations = models.JSONField(default=list, blank=True)
    report = models.JSONField(default=list, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField()
    tested_at = models.DateTimeField(db_default=Now())
    proposed_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(db_default=Now())
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published = models.OneToOneField(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name_plural = "public copies"
        indexes = [models.Index(name="publiccopy_state", fields=["state", "id"])]
        constraints = [
            models.UniqueConstraint(
                name="publiccopy_one", fields=["letter"], condition=~Q(state=PublicationState.WITHDRAWN)
            ),
            models.CheckConstraint(
                name="publiccopy_state_known", condition=Q(state__in=[value.value for value in PublicationState])
            ),
            models.CheckConstraint(
                name="publiccopy_approved_pair",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True, published__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False, published__isnull=False),
            ),
            models.CheckConstraint(
                name="publiccopy_approved_state",
                condition=Q(state__in=_OPEN, approved_at__isnull=True)
                | Q(state=PublicationState.APPROVED, approved_at__isnull=False)
                | Q(state=PublicationState.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="publiccopy_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("edited_by")),
            ),
            models.CheckConstraint(
                name="publiccopy_withdrawn_pair",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                & ~Q(state=PublicationState.WITHDRAWN)
                | Q(state=PublicationState.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawal_reason=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="withdrawn_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=PublicationState.WITHDRAWN.value),
            ),
            pgtrigger.Protect(
                name="approved_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=PublicationState.APPROVED.value)
                & (
                    pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__redactions__df=pgtrigger.F("new__redactions"))
                    | pgtrigger.Q(old__approved_by__df=pgtrigger.F("new__approved_by"))
                ),
            ),
            pgtrigger.ReadOnly(name="frozen", fields=["case", "letter", "proposed_at"]),
        ]

    def __str__(self) -> str:
        return f"Public copy {self.pk}"
