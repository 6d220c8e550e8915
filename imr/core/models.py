"""The outbox: work that was promised in a transaction, and signs of life of those who do it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class JobState(models.TextChoices):
    PENDING = "pending", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELED = "canceled", "Canceled"
    FAILED = "failed", "Failed"


class OutboxJob(models.Model):
    """One piece of background work, written in the transaction that promised it.

    `args` holds integer ids only. `unique_key` makes the promise idempotent: the same key is one job for ever.
    `lease_token` and `lease_until` say who runs it now; a holder that dies loses it when the lease ends.
    """

    name = models.CharField(max_length=100)
    queue = models.CharField(max_length=20)
    args = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    publications = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outboxjob_lease_pair",
                condition=Q(lease_token__isnull=True, lease_until__isnull=True)
                | Q(lease_token__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="outboxjob_state_known", condition=Q(state__in=[state.value for state in JobState])
            ),
            models.CheckConstraint(
                name="outboxjob_finished_pair",
                condition=Q(state__in=["done", "canceled", "failed"], finished_at__isnull=False)
                | Q(state__in=["pending", "running"], finished_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="outboxjob_open",
                fields=["state", "available_at"],
                condition=Q(state__in=["pending", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk} ({self.state})"


class Heartbeat(models.Model):
    """When a background process last did a round of work; `/readyz` and the job page read it."""

    process = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.process} at {self.at:%Y-%m-%d %H:%M:%S}"
