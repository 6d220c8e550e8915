from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cases.enums import DocumentKind, PeriodUnit
from cases.rules.deadlines_law import EXTENSION_KEYS
from imr.core.ranges import DateRange, SameText, one_at_a_time


def validate_extensions(value: object) -> None:
    """Refuse what is not a mapping of a known manner of service, or of an approval, to a parameter's name."""
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        raise ValidationError("Give an object: a manner of service, and the name of the parameter it adds.")
    if unknown := sorted(set(value) - EXTENSION_KEYS):
        raise ValidationError(f"Not known: {', '.join(unknown)}. Known are {', '.join(sorted(EXTENSION_KEYS))}.")


def validate_kinds(value: object) -> None:
    """Refuse what is not a list of kinds of documents."""
    if not isinstance(value, list) or any(kind not in DocumentKind.values for kind in value):
        raise ValidationError(f"Give a list of kinds of documents: {', '.join(DocumentKind.values)}.")


class LegalParameter(models.Model):
    """A figure of law, in force between two days (`in_force_until` is the first day it no longer holds).

    `keyed_on` says which date of the case chooses the row. `is_confirmed` is false where the figure still has to
    be checked against the section; pages then say "to be confirmed".

    A row of a deadline has its id of the deadline table (D1 to D19) and, where the stage has more than one clock, a
    `variant`. `extensions` names the rows that lengthen it: by how and where was served (`mail:california`,
    `mail:other_state`, `mail:abroad`, `electronic`, `fax`, `personal`), or by approval (`approved`).
    """

    name = models.SlugField(max_length=60)
    label = models.CharField(max_length=200)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=20, choices=PeriodUnit.choices)
    rolls_to_business_day = models.BooleanField(default=False)
    is_roll_confirmed = models.BooleanField(default=False)
    deadline_id = models.CharField("deadline", max_length=4, blank=True)
    variant = models.CharField(max_length=20, blank=True)
    start_event = models.CharField(max_length=200, blank=True)
    extensions = models.JSONField(default=dict, blank=True, validators=[validate_extensions])
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
                name="legalparameter_unit_known", condition=Q(unit__in=[unit.value for unit in PeriodUnit])
            ),
            models.CheckConstraint(
                name="legalparameter_deadline_known",
                condition=Q(deadline_id__in=["", *(f"D{number}" for number in range(1, 20))]),
            ),
            models.CheckConstraint(
                name="legalparameter_variant_of_deadline", condition=Q(variant="") | ~Q(deadline_id="")
            ),
            ExclusionConstraint(
                name="legalparameter_one_clock_a_variant",
                expressions=[
                    (SameText("deadline_id"), RangeOperators.OVERLAPS),
                    (SameText("variant"), RangeOperators.OVERLAPS),
                    (DateRange("in_force_from", "in_force_until"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(deadline_id=""),
            ),
            *one_at_a_time("legalparameter", SameText("name")),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.in_force_from}"


class Holiday(models.Model):
    """A holiday of the state (Gov. Code 6700, 6701). Business-day periods leave out those that close the offices.

    `is_confirmed` is false where the date, or that the offices stay open, still has to be checked; `basis` says which.
    """

    day = models.DateField(unique=True)
    name = models.CharField(max_length=100)
    basis = models.CharField(max_length=200)
    closes_office = models.BooleanField(default=True)
    is_confirmed = models.BooleanField(default=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class RecordRequirement(models.Model):
    """What the claims administrator has to send (8 CCR 9792.10.5(a)(1)), in force between two days.

    `kinds` are kinds of documents that answer it; none where no kind stands for it. `asks` is for what may not exist at
    all: then its absence is a question. `is_confirmed` is false where the text still has to be checked against the
    section.
    """

    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    kinds = models.JSONField(default=list, blank=True, validators=[validate_kinds])
    asks = models.BooleanField("only a person can say whether it exists", default=False)
    to_do = models.CharField(max_length=300)
    citation = models.CharField(max_length=200)
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    is_confirmed = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["position", "in_force_from"]
        constraints = [
            models.CheckConstraint(name="recordrequirement_without_kinds_asks", condition=~Q(kinds=[]) | Q(asks=True)),
            *one_at_a_time("recordrequirement", SameText("code")),
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.in_force_from}"
