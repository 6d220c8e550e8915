from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.enums import OrganizationKind


class Organization(models.Model):
    """A claims administrator (insurer, self-insured employer, third-party administrator) or the IMR organization."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=30, choices=OrganizationKind.choices)
    address_line_1 = models.CharField("street address", max_length=200, blank=True)
    address_line_2 = models.CharField("street address, line 2", max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField("ZIP code", max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    fax = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="organization_kind_known",
                condition=Q(kind__in=[kind.value for kind in OrganizationKind]),
            ),
            models.UniqueConstraint(name="organization_one_imr", fields=["kind"], condition=Q(kind="imr_organization")),
        ]

    def __str__(self) -> str:
        return self.name
