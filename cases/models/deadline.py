import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.enums import AlertLevel, DeadlineKind, DeadlineOrigin, ServiceMethod, ServicePlace
from cases.models.case import Case
from cases.models.law import LegalParameter
from imr.accounts.models import User


class Deadline(models.Model):
    """One running or ended clock of a case. `due_at` is the last instant that is still in time.

    `explanation` holds the arithmetic: start event, start, value, unit, days skipped, citation, result. A row never
    changes but by its end: a clock that is started, paused, resumed, lengthened or counted again ends the running row
    of its kind, and `replaces` leads back. While `paused_at` is set the clock stands still and `due_at` is what it was.

    `pauses` are the pauses that are over (`since`, `until`, `reason`); `added` is the time that was added (`name`,
    `value`, `unit`, `citation`, `is_confirmed`).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=DeadlineKind.choices)
    parameter = models.ForeignKey(LegalParameter, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    explanation = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=12, choices=DeadlineOrigin.choices, default=DeadlineOrigin.STARTED)
    replaces = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    service_method = models.CharField(max_length=20, choices=ServiceMethod.choices, blank=True)
    service_place = models.CharField(max_length=20, choices=ServicePlace.choices, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pauses = models.JSONField(default=list, blank=True)
    added = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(name="deadline_open_due", fields=["due_at", "id"], condition=Q(ended_at__isnull=True))]
        triggers = [pgtrigger.ReadOnly(name="deadline_only_ends", exclude=["ended_at"])]
        constraints = [
            models.UniqueConstraint(
                name="deadline_one_running", fields=["case", "kind"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="deadline_kind_known", condition=Q(kind__in=[kind.value for kind in DeadlineKind])
            ),
            models.CheckConstraint(
                name="deadline_origin_known", condition=Q(origin__in=[origin.value for origin in DeadlineOrigin])
            ),
            models.CheckConstraint(
                name="deadline_change_has_author",
                condition=Q(origin=DeadlineOrigin.STARTED, changed_by__isnull=True)
                | Q(changed_by__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="deadline_paused_after_start",
                condition=Q(paused_at__isnull=True) | Q(paused_at__gte=F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id} due {self.due_at:%Y-%m-%d}"


class DeadlineAlert(models.Model):
    """A clock came near its end or went past it; once for each row and level, however often the task runs."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="alerts")
    level = models.CharField(max_length=12, choices=AlertLevel.choices)
    raised_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="deadlinealert_once_a_level", fields=["deadline", "level"]),
            models.CheckConstraint(
                name="deadlinealert_level_known", condition=Q(level__in=[level.value for level in AlertLevel])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} of deadline {self.deadline_id}"


class CalendarFeed(models.Model):
    """A person's address for a calendar program. The secret in it is shown once; `token_hash` is its SHA-256."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    last_read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="calendarfeed_one_in_force", fields=["user"], condition=Q(revoked_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar feed {self.pk}"
