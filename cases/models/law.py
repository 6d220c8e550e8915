from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from cases.enums import PeriodUnit
from imr.core.ranges import DateRange, SameText


class LegalParameter(models.Model):
    """A figure of law, in force between two days (`in_force_until` is the first day it no longer holds).

    `keyed_on` says which date of the case chooses the row. `is_confirmed` is false where the figure still has to
    be checked against the section; pages then say "to be confirmed".
    """

    name = models.SlugField(max_length=60)
    label = models.CharField(max_length=200)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=20, choices=PeriodUnit.choices)
    rolls_to_business_day = models.BooleanField(default=False)
    keyed_on = models.CharField(max_length=40)
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    citation = models.CharField(max_length=200)
    is_confirmed = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["name", "in_force_from"]
        constraints = [
            models.CheckConstraint(
                name="legalparameter_span",
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gt=F("in_force_from")),
            ),
            models.CheckConstraint(
                name="legalparameter_unit_known", condition=Q(unit__in=[unit.value for unit in PeriodUnit])
            ),
            ExclusionConstraint(
                name="legalparameter_no_overlap",
                expressions=[
                    (SameText("name"), RangeOperators.OVERLAPS),
                    (DateRange("in_force_from", "in_force_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.in_force_from}"


class Holiday(models.Model):
    """A day on which the state's offices are closed (Gov. Code 6700, 6701), for business-day periods."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=100)
    basis = models.CharField(max_length=200)
    closes_office = models.BooleanField(default=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
