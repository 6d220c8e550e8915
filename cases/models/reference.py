import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.enums import CorrectionState, ReferenceAct
from imr.accounts.models import User


class ReferenceChange(models.Model):
    """A change of a row that the law, a contract or a wording rests on: proposed by one person, decided by another.

    `kind` is the slug of a `ReferenceKind`, `object_id` the row that is succeeded or corrected, `title` what the row is
    called. `values` are the proposed fields as JSON, `former` those of the row when it was proposed: where the row has
    changed since, the change is not approved. `made_id` is the row that the approval wrote. A change that moves due
    dates is `recounted_at` when the running clocks were counted again, and `recounted` of them have another date.
    """

    kind = models.SlugField(max_length=30)
    act = models.CharField(max_length=10, choices=ReferenceAct.choices)
    object_id = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=300)
    former = models.JSONField(default=dict, blank=True)
    values = models.JSONField()
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.PROPOSED)
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision_note = models.CharField(max_length=1000, blank=True)
    made_id = models.BigIntegerField(null=True, blank=True)
    recounted_at = models.DateTimeField(null=True, blank=True)
    recounted = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="referencechange_row", fields=["kind", "object_id"])]
        triggers = [
            pgtrigger.Protect(name="referencechange_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="referencechange_frozen",
                exclude=[
                    "state",
                    "decided_at",
                    "decided_by",
                    "decision_note",
                    "made_id",
                    "recounted_at",
                    "recounted",
                ],
            ),
            pgtrigger.Protect(
                name="referencechange_decided_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state=CorrectionState.PROPOSED)
                & (
                    pgtrigger.Q(old__state__df=pgtrigger.F("new__state"))
                    | pgtrigger.Q(old__decided_by__df=pgtrigger.F("new__decided_by"))
                    | pgtrigger.Q(old__decided_at__df=pgtrigger.F("new__decided_at"))
                    | pgtrigger.Q(old__made_id__df=pgtrigger.F("new__made_id"))
                ),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="referencechange_one_open",
                fields=["kind", "object_id"],
                condition=Q(state=CorrectionState.PROPOSED, object_id__isnull=False),
            ),
            models.CheckConstraint(
                name="referencechange_decided_pair",
                condition=Q(state=CorrectionState.PROPOSED, decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(state=CorrectionState.PROPOSED) & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="referencechange_second_person",
                condition=~Q(state=CorrectionState.APPROVED) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="referencechange_made_when_approved",
                condition=Q(state=CorrectionState.APPROVED, made_id__isnull=False)
                | ~Q(state=CorrectionState.APPROVED) & Q(made_id__isnull=True),
            ),
            models.CheckConstraint(
                name="referencechange_act_known", condition=Q(act__in=[act.value for act in ReferenceAct])
            ),
            models.CheckConstraint(
                name="referencechange_target",
                condition=Q(act=ReferenceAct.ADD, object_id__isnull=True)
                | ~Q(act=ReferenceAct.ADD) & Q(object_id__isnull=False),
            ),
            models.CheckConstraint(
                name="referencechange_state_known", condition=Q(state__in=[state.value for state in CorrectionState])
            ),
            models.CheckConstraint(name="referencechange_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.title}"
