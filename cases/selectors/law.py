"""Reading the law's figures and the closed days."""

from datetime import date

from django.db.models import Q

from cases.models import Holiday, LegalParameter
from cases.rules.deadlines import PeriodRule
from imr.core.errors import UnavailableError


def legal_parameter(name: str, *, on: date) -> LegalParameter:
    """The row of `name` in force on `on`; raises `UnavailableError` when the reference data lacks it."""
    row = LegalParameter.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=on), name=name, in_force_from__lte=on
    ).first()
    if row is None:
        raise UnavailableError(
            f"The legal parameter “{name}” has no row in force on {on:%m/%d/%Y}. "
            "An operator can load it with: manage.py load_reference_data.",
            code="law_missing",
        )
    return row


def period_rule(parameter: LegalParameter, *, extension: LegalParameter | None = None) -> PeriodRule:
    """The row as plain values, lengthened by the row of an extension where one applies."""
    return PeriodRule(
        name=parameter.label,
        value=parameter.value,
        unit=parameter.unit,
        rolls=parameter.rolls_to_business_day,
        citation=parameter.citation,
        is_confirmed=parameter.is_confirmed,
        extra_days=extension.value if extension else 0,
        extra_citation=extension.citation if extension else "",
    )


def closed_days(*, since: date, until: date) -> frozenset[date]:
    """The days between both (inclusive) on which the state's offices are closed, weekends aside."""
    return frozenset(
        Holiday.objects.filter(closes_office=True, day__gte=since, day__lte=until).values_list("day", flat=True)
    )
