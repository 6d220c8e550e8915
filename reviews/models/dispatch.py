import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.enums import PartyRole
from cases.models import Case
from imr.accounts.models import User
from imr.core import clock
from imr.core.ranges import one_at_a_time
from reviews.enums import DeliveryMethod
from reviews.models.determination import Determination, Letter


class ServiceHours(models.Model):
    """Until when on a business day a released letter leaves that day, and when the letters of a later day leave.

    Times are of the wall clock in California. `in_force_until` is the first day a row no longer holds.
    """

    cut_off = models.TimeField("last minute for the same day")
    opens = models.TimeField("letters of the day leave at")
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)
    is_confirmed = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["in_force_from"]
        verbose_name_plural = "service hours"
        constraints = [
            models.CheckConstraint(name="servicehours_order", condition=Q(cut_off__gt=F("opens"))),
            *one_at_a_time("servicehours"),
        ]

    def __str__(self) -> str:
        return f"Service hours from {self.in_force_from}"


class Dispatch(models.Model):
    """A letter on its way: released for a day of service, then served or taken back. One for each determination.

    `context` is the letter as it will be served (`ServedLetter.to_data`), written when the day has come, and
    `context_sha256` its digest; `mailed_on` is when its mailed copies leave, which after the cut-off is a later day.
    `check_code` is what the check page knows the letter by. A dispatch that the system
    took back, because the case had changed, names nobody.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="dispatches")
    round = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    service_on = models.DateField()
    was_passed = models.BooleanField()
    released_at = models.DateTimeField(db_default=Now())
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    check_code = models.CharField(max_length=20, unique=True)
    context = models.JSONField(null=True, blank=True)
    context_sha256 = models.CharField(max_length=64, blank=True)
    mailed_on = models.DateField(null=True, blank=True)
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="dispatch")
    served_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    take_back_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-released_at", "-pk"]
        verbose_name_plural = "dispatches"
        indexes = [
            models.Index(
                name="dispatch_open",
                fields=["service_on", "id"],
                condition=Q(served_at__isnull=True, taken_back_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="dispatch_one", fields=["determination"], condition=Q(taken_back_at__isnull=True)
            ),
            models.CheckConstraint(
                name="dispatch_served_whole",
                condition=Q(served_at__isnull=True, letter__isnull=True)
                | Q(served_at__isnull=False, letter__isnull=False, context__isnull=False, taken_back_at__isnull=True)
                & ~Q(context_sha256=""),
            ),
            models.CheckConstraint(
                name="dispatch_context_pair",
                condition=Q(context__isnull=True, context_sha256="", mailed_on__isnull=True)
                | Q(context__isnull=False, mailed_on__isnull=False) & ~Q(context_sha256=""),
            ),
            models.CheckConstraint(
                name="dispatch_taken_back_pair",
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, take_back_reason="")
                | Q(taken_back_at__isnull=False) & ~Q(take_back_reason=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ended_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__served_at__isnull=False) | pgtrigger.Q(old__taken_back_at__isnull=False),
            ),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "case",
                    "determination",
                    "round",
                    "version",
                    "was_passed",
                    "released_at",
                    "released_by",
                    "check_code",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Dispatch {self.pk}"

    @property
    def leaves_later(self) -> bool:
        """Whether its day is still to come."""
        return self.service_on > clock.today()

    @property
    def is_open(self) -> bool:
        return self.served_at is None and self.taken_back_at is None


class Delivery(models.Model):
    """Service on one recipient: how, where and on which day the letter left for it, and whether it came back."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="deliveries")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30, choices=PartyRole.choices)
    name = models.CharField(max_length=600)
    method = models.CharField(max_length=10, choices=DeliveryMethod.choices)
    address = ArrayField(models.CharField(max_length=250), default=list, blank=True)
    sent_on = models.DateField()
    failed_on = models.DateField(null=True, blank=True)
    failure_note = models.CharField(max_length=500, blank=True)
    failure_recorded_at = models.DateTimeField(null=True, blank=True)
    failure_recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(name="delivery_once", fields=["dispatch", "position"]),
            models.CheckConstraint(
                name="delivery_method_known", condition=Q(method__in=[value.value for value in DeliveryMethod])
            ),
            models.CheckConstraint(
                name="delivery_failure_recorded_pair",
                condition=Q(failed_on__isnull=True, failure_recorded_at__isnull=True, failure_recorded_by__isnull=True)
                | Q(
                    failed_on__isnull=False,
                    failure_recorded_at__isnull=False,
                    failure_recorded_by__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen", fields=["dispatch", "position", "role", "name", "method", "address", "sent_on"]
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"
