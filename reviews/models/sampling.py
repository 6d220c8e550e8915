import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.core.ranges import one_at_a_time
from reviews.enums import SampleReason
from reviews.models.determination import Determination


class SamplingRule(models.Model):
    """How many signed determinations are read a second time, in force between two days of signature.

    `in_force_until` is the first day it no longer holds. Without a row every letter that leaves unread is confirmed one
    by one. The first `first_determinations` of a reviewer are always read.
    """

    rate = models.DecimalField("share drawn, in percent", max_digits=5, decimal_places=2)
    monthly_cap = models.PositiveIntegerField()
    first_determinations = models.PositiveSmallIntegerField()
    always_panel = models.BooleanField(default=True)
    always_expedited = models.BooleanField(default=False)
    always_overturned = models.BooleanField(default=False)
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-in_force_from", "-pk"]
        constraints = [
            models.CheckConstraint(name="samplingrule_rate", condition=Q(rate__gte=0, rate__lte=100)),
            *one_at_a_time("samplingrule"),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "rate",
                    "monthly_cap",
                    "first_determinations",
                    "always_panel",
                    "always_expedited",
                    "always_overturned",
                    "in_force_from",
                    "created_by",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"Sampling from {self.in_force_from}"


class SampleMonth(models.Model):
    """The seed of a month's lots, made by chance when the first one is drawn and kept for who draws again."""

    month = models.DateField(unique=True)
    seed = models.CharField(max_length=32)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-month"]
        triggers = [pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Sample of {self.month:%Y-%m}"


class SampleDraw(models.Model):
    """Whether a signed determination is read a second time, and everything that this followed from."""

    determination = models.OneToOneField(Determination, on_delete=models.PROTECT, related_name="sample_draw")
    rule = models.ForeignKey(SamplingRule, on_delete=models.PROTECT, related_name="+")
    month = models.ForeignKey(SampleMonth, on_delete=models.PROTECT, related_name="draws")
    day = models.DateField()
    lot = models.PositiveIntegerField()
    drawn_before = models.PositiveIntegerField()
    facts = models.JSONField()
    reason = models.CharField(max_length=12, choices=SampleReason.choices)
    is_read = models.BooleanField()
    drawn_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-drawn_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="sampledraw_reason_known", condition=Q(reason__in=[reason.value for reason in SampleReason])
            ),
        ]
        triggers = [pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Draw of determination {self.determination_id}"
