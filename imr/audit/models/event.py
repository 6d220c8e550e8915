import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import Organization, User


class Event(models.Model):
    """One act or one view of health data. Append-only: the database refuses change, removal and truncation.

    `case_id` and `object_id` are plain numbers, so that an event outlives what it speaks of. `detail` holds
    business fields without clinical text. `actor_role` is the role at that moment; empty for the system.
    """

    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    actor_role = models.CharField(max_length=30, blank=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    case_id = models.BigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=10, default="done")
    reason = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    session_hash = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(name="event_case", fields=["case_id", "id"]),
            models.Index(name="event_object", fields=["object_type", "object_id", "id"]),
            models.Index(name="event_actor", fields=["actor", "id"]),
            models.Index(name="event_action", fields=["action", "id"]),
        ]
        constraints = [
            models.CheckConstraint(name="event_outcome_known", condition=Q(outcome__in=["done", "refused", "failed"])),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.at:%Y-%m-%d %H:%M:%S}"
