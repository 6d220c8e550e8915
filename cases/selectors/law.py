"""Reading the law's figures and the closed days."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from cases.models import Holiday, LegalParameter
from cases.rules.deadlines import PeriodRule
from cases.rules.deadlines_law import LawBook, LawRow
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
    return law_row(parameter).period((law_row(extension).extension(),) if extension else ())


def served_period(parameter: LegalParameter, keys: Iterable[str], *, on: date) -> PeriodRule:
    """The row as plain values, lengthened by those of its extensions that `keys` name (`extension_keys`)."""
    names = [parameter.extensions[key] for key in keys if key in parameter.extensions]
    return law_row(parameter).period(tuple(law_row(legal_parameter(name, on=on)).extension() for name in names))


def law_row(parameter: LegalParameter) -> LawRow:
    """The row as the rules take it."""
    return LawRow.from_values(parameter.__dict__)


def law_book() -> LawBook | None:
    """All figures of law and closed days of the database; None when the reference data is not loaded or outdated."""
    rows = [law_row(parameter) for parameter in LegalParameter.objects.all()]
    closed = dict(Holiday.objects.filter(closes_office=True).order_by("day").values_list("day", "name"))
    return LawBook(rows, closed) if closed and any(row.deadline_id for row in rows) else None


def closed_days(*, since: date, until: date) -> dict[date, str]:
    """The days between both (inclusive) on which the state's offices are closed, weekends aside, with their names."""
    closed = Holiday.objects.filter(closes_office=True, day__gte=since, day__lte=until)
    return dict(closed.order_by("day").values_list("day", "name"))
