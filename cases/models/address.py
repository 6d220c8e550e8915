from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from cases.enums import ADDRESS_BOOK_ROLES, PartyRole, ReviewType, ServiceMethod
from cases.models.application import PartyDetails
from imr.accounts.models import Organization, User


class AddressEntry(PartyDetails):
    """A party that an organization files about again and again. The injured worker is never one.

    `used_at` is when it last went into an application. A removed entry stays on record and is offered no more.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=30, choices=PartyRole.choices)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["last_name", "firm_name", "pk"]
        verbose_name_plural = "address entries"
        indexes = [models.Index(name="address_of_organization", fields=["organization", "role"])]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "role",
                Lower("first_name"),
                Lower("last_name"),
                Lower("firm_name"),
                Lower("city"),
                name="address_once",
                condition=Q(removed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="address_role_known",
                condition=Q(role__in=[role.value for role in ADDRESS_BOOK_ROLES]),
            ),
            models.CheckConstraint(name="address_named", condition=~Q(last_name="", firm_name="")),
            models.CheckConstraint(
                name="address_removed_pair",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class FilingPreset(models.Model):
    """A named beginning of applications: what an organization would otherwise enter each time.

    The parties are entries of the address book, so that a new fax number is entered once.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    review_type = models.CharField(max_length=30, choices=ReviewType.choices, blank=True)
    service_method = models.CharField(max_length=20, choices=ServiceMethod.choices, blank=True)
    requesting_physician = models.ForeignKey(
        AddressEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    employer = models.ForeignKey(AddressEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    claims_administrator = models.ForeignKey(
        AddressEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attorney = models.ForeignKey(AddressEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="preset_name_once"),
            models.CheckConstraint(
                name="preset_review_type_known",
                condition=Q(review_type="") | Q(review_type__in=[value.value for value in ReviewType]),
            ),
            models.CheckConstraint(
                name="preset_method_known",
                condition=Q(service_method="") | Q(service_method__in=[method.value for method in ServiceMethod]),
            ),
        ]

    def __str__(self) -> str:
        return self.name
