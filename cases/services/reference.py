"""Loading the reviewed reference data: figures of law, holidays, the treatment taxonomy."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from django.db import transaction

from cases.models import Holiday, LegalParameter, TreatmentCategory
from cases.rules.holidays import california_holidays

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
HOLIDAY_YEARS = range(2013, 2031)


class ParameterRow(TypedDict):
    """A row of `legal_parameters.json`; dates are ISO text."""

    name: str
    label: str
    value: int
    unit: str
    rolls_to_business_day: bool
    keyed_on: str
    in_force_from: str
    in_force_until: str | None
    citation: str
    is_confirmed: bool
    note: str


class CategoryRow(TypedDict):
    """A row of `treatment_categories.json`."""

    code: str
    name: str
    subcategories: NotRequired[list["CategoryRow"]]


def legal_parameter_rows() -> list[ParameterRow]:
    """The reviewed figures of law, as the fixture has them."""
    return _read("legal_parameters.json")


def treatment_category_rows() -> list[CategoryRow]:
    """The treatment taxonomy, as the fixture has it."""
    return _read("treatment_categories.json")


@transaction.atomic
def load_legal_parameters() -> int:
    """Every row of the fixture is in the table under its name and first day; rows of others stay. Returns how many.

    A row of the fixture that overlaps one an administrator added is refused by the database (IntegrityError).
    """
    rows = legal_parameter_rows()
    # Rows that end go first: a successor overlaps its predecessor until that one has its end.
    for row in sorted(rows, key=lambda row: row["in_force_until"] is None):
        values = {key: value for key, value in row.items() if key not in {"name", "in_force_from"}}
        LegalParameter.objects.update_or_create(name=row["name"], in_force_from=row["in_force_from"], defaults=values)
    return len(rows)


@transaction.atomic
def load_holidays() -> int:
    """California's holidays of `HOLIDAY_YEARS` are in the table; other days stay as they are. Returns how many."""
    rows = [row for year in HOLIDAY_YEARS for row in california_holidays(year)]
    Holiday.objects.bulk_create(
        [Holiday(day=row.day, name=row.name, basis=row.basis, closes_office=row.closes_office) for row in rows],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["name", "basis", "closes_office"],
    )
    return len(rows)


@transaction.atomic
def load_treatment_categories() -> int:
    """The taxonomy is in the table by code; categories of others stay. Returns how many."""
    return _load_categories(treatment_category_rows(), parent=None)


def _load_categories(rows: Iterable[CategoryRow], *, parent: TreatmentCategory | None) -> int:
    count = 0
    for position, row in enumerate(rows, start=1):
        category, _ = TreatmentCategory.objects.update_or_create(
            code=row["code"], defaults={"name": row["name"], "parent": parent, "position": position}
        )
        count += 1 + _load_categories(row.get("subcategories", ()), parent=category)
    return count


def _read(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))
