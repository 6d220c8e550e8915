from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import BatchGoal, BatchRowState, BatchState
from cases.models.case import Case
from imr.accounts.models import Organization, User


class Batch(models.Model):
    """A file with applications, one or more rows each, that was sent to be checked or filed.

    The file lies in the private store under `sha256`. `confirmed` are the codes of the shortcomings that were accepted
    for all of them, `attested_name` is the signature of the attestation, where the goal is to submit. `run` is 1, and
    one more each time that checked applications are taken up again.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    original_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=4)
    goal = models.CharField(max_length=10, choices=BatchGoal.choices)
    attested_name = models.CharField(max_length=150, blank=True)
    confirmed = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.READING)
    problem = models.CharField(max_length=2000, blank=True)
    run = models.PositiveSmallIntegerField(default=1)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "batches"
        indexes = [models.Index(name="batch_organization", fields=["organization", "id"])]
        constraints = [
            models.CheckConstraint(name="batch_kind_known", condition=Q(kind__in=["xlsx", "csv"])),
            models.CheckConstraint(name="batch_goal_known", condition=Q(goal__in=[goal.value for goal in BatchGoal])),
            models.CheckConstraint(
                name="batch_state_known", condition=Q(state__in=[state.value for state in BatchState])
            ),
            models.CheckConstraint(
                name="batch_attested_to_submit", condition=~Q(goal=BatchGoal.SUBMIT) | ~Q(attested_name="")
            ),
            models.CheckConstraint(
                name="batch_refused_with_problem", condition=Q(state=BatchState.REFUSED) ^ Q(problem="")
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.pk}"


class BatchRow(models.Model):
    """One application of a batch. `number` is its first row in the file; no two applications share it.

    `answers` are its rows as they were read (`row`, `cells` by heading), emptied when it is on file. `problems` are
    what keeps it from being filed (`row`, `column`, `message`), `notes` what was said besides. Its state and the case
    that comes from it are written in one transaction, so that none is filed twice or lost.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=100, blank=True)
    answers = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=BatchRowState.choices, default=BatchRowState.WAITING)
    problems = models.JSONField(default=list, blank=True)
    notes = models.JSONField(default=list, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    case = models.OneToOneField(Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(name="batchrow_state", fields=["batch", "state", "number"]),
            models.Index(name="batchrow_fingerprint", fields=["batch", "fingerprint"]),
        ]
        constraints = [
            models.UniqueConstraint(name="batchrow_once", fields=["batch", "number"]),
            models.CheckConstraint(
                name="batchrow_state_known", condition=Q(state__in=[state.value for state in BatchRowState])
            ),
            models.CheckConstraint(
                name="batchrow_refused_with_problems", condition=~Q(state=BatchRowState.REFUSED) | ~Q(problems=[])
            ),
            models.CheckConstraint(
                name="batchrow_case_when_filed",
                condition=Q(case__isnull=True) | Q(state__in=[BatchRowState.DRAFTED, BatchRowState.FILED]),
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.number} of batch {self.batch_id}"
