"""Loading the reviewed reference data: figures of law, holidays, the treatment taxonomy."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast

from django.db import transaction

from cases.models import EndingReason, Holiday, LegalParameter, NoticeWording, RecordRequirement, TreatmentCategory
from cases.rules.deadlines_law import LawBook, LawRow
from cases.rules.holidays import HolidayRow, california_holidays
from guidelines.services.reference import load_rows

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
# Through 2041, so that a period that begins at the end of 2040 ends on a known day.
HOLIDAY_YEARS = range(2013, 2042)

# What a row of the fixture may leave out.
_OPTIONAL = {"deadline_id": "", "variant": "", "start_event": "", "extensions": {}, "is_roll_confirmed": False}


class ParameterRow(TypedDict):
    """A row of `legal_parameters.json`."""

    name: str
    label: str
    value: int
    unit: str
    rolls_to_business_day: bool
    keyed_on: str
    in_force_from: date
    in_force_until: date | None
    citation: str
    is_confirmed: bool
    note: str
    deadline_id: str
    variant: str
    start_event: str
    extensions: dict[str, str]
    is_roll_confirmed: bool


class CategoryRow(TypedDict):
    """A row of `treatment_categories.json`."""

    code: str
    name: str
    subcategories: NotRequired[list["CategoryRow"]]


def legal_parameter_rows() -> list[ParameterRow]:
    """The reviewed figures of law, as the fixture has them, with days as dates."""
    rows = [{**_OPTIONAL, **row} for row in _read("legal_parameters.json")]
    for row in rows:
        row["in_force_from"] = date.fromisoformat(row["in_force_from"])
        row["in_force_until"] = row["in_force_until"] and date.fromisoformat(row["in_force_until"])
    return cast("list[ParameterRow]", rows)


def fixture_book() -> LawBook:
    """The reviewed figures and holidays of the repository, without the database."""
    holidays = {row.day: row.name for row in holiday_rows() if row.closes_office}
    return LawBook([LawRow.from_values(row) for row in legal_parameter_rows()], holidays)


def holiday_rows() -> list[HolidayRow]:
    """California's holidays of `HOLIDAY_YEARS`, one row a day."""
    return [row for year in HOLIDAY_YEARS for row in california_holidays(year)]


def treatment_category_rows() -> list[CategoryRow]:
    """The treatment taxonomy, as the fixture has it."""
    categories: list[CategoryRow] = _read("treatment_categories.json")
    return categories


def is_loaded() -> bool:
    """Whether the figures of law are in the database."""
    return LegalParameter.objects.exists()


@transaction.atomic
def load_legal_parameters() -> int:
    """The fixture's figures are in the table under name and first day. Returns how many; edited rows are kept."""
    return load_rows(LegalParameter, legal_parameter_rows(), key=("name", "in_force_from"), spans_of=("name",))


@transaction.atomic
def load_holidays() -> int:
    """California's holidays of `HOLIDAY_YEARS` are in the table. Returns how many; edited rows are kept."""
    return load_rows(Holiday, (asdict(row) for row in holiday_rows()), key=("day",))


@transaction.atomic
def load_treatment_categories() -> int:
    """The taxonomy is in the table by code. Returns how many categories; edited rows are kept."""
    categories = treatment_category_rows()
    count = load_rows(
        TreatmentCategory,
        (
            {"code": row["code"], "name": row["name"], "parent_id": None, "position": position}
            for position, row in enumerate(categories, start=1)
        ),
        key=("code",),
    )
    ids = dict(TreatmentCategory.objects.values_list("code", "pk"))
    return count + load_rows(
        TreatmentCategory,
        (
            {"code": row["code"], "name": row["name"], "parent_id": ids[category["code"]], "position": position}
            for category in categories
            for position, row in enumerate(category.get("subcategories", ()), start=1)
        ),
        key=("code",),
    )


@transaction.atomic
def load_notice_wordings() -> int:
    """The fixture's wordings of notices are in the table under kind and first day; edited rows are kept."""
    rows = [{**row, "in_force_from": date.fromisoformat(row["in_force_from"])} for row in _read("notice_wordings.json")]
    return load_rows(NoticeWording, rows, key=("kind", "in_force_from"), spans_of=("kind",))


@transaction.atomic
def load_record_requirements() -> int:
    """The fixture's records to be sent are in the table under code and first day; edited rows are kept."""
    rows = _dated("record_requirements.json")
    return load_rows(RecordRequirement, rows, key=("code", "in_force_from"), spans_of=("code",))


@transaction.atomic
def load_ending_reasons() -> int:
    """The fixture's reasons of an end are in the table under code and first day; edited rows are kept."""
    rows = _dated("ending_reasons.json")
    return load_rows(EndingReason, rows, key=("code", "in_force_from"), spans_of=("code",))


def _dated(name: str) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "in_force_from": date.fromisoformat(row["in_force_from"]),
            "in_force_until": row["in_force_until"] and date.fromisoformat(row["in_force_until"]),
        }
        for row in _read(name)
    ]


def _read(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))
