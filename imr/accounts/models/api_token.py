from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models.user import User


class ApiToken(models.Model):
    """A program's key. `principal` is its own user (role `api_client`) in the organization it acts for.

    The key itself is shown once; `key_hash` is its SHA-256 and `prefix` its first eight characters.
    """

    name = models.CharField(max_length=100)
    principal = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="apitoken_revoked_pair",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
