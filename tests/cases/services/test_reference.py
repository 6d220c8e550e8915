"""The reviewed reference data, its loading, and that the documentation says the same."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, models, transaction

from cases.enums import PeriodUnit
from cases.models import Holiday, LegalParameter, TreatmentCategory
from cases.services import reference
from guidelines.models import GuidelineEdition, GuidelineSection, GuidelineSource
from guidelines.services.reference import record_edit
from imr.core.words import mmddyyyy
from tests.factories.accounts import Cast

DOCUMENT = Path(__file__).parents[3] / "docs" / "law-data.md"
TABLES: list[type[models.Model]] = [
    LegalParameter,
    Holiday,
    TreatmentCategory,
    GuidelineSource,
    GuidelineEdition,
    GuidelineSection,
]


def rows_of_all() -> list[list[dict[str, Any]]]:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    call_command("load_reference_data", verbosity=0)
    before = rows_of_all()
    assert all(before)
    call_command("load_reference_data", verbosity=0)
    assert rows_of_all() == before


@pytest.mark.django_db
def test_loading_keeps_what_a_person_changed_and_added(cast: Cast) -> None:
    reference.load_legal_parameters()
    authorize = LegalParameter.objects.get(name="authorize")
    appeal = LegalParameter.objects.get(name="appeal")
    LegalParameter.objects.filter(pk=authorize.pk).update(in_force_until=date(2027, 1, 1))
    LegalParameter.objects.filter(pk=appeal.pk).update(value=1)
    record_edit(actor=cast.operator, instance=authorize, fields=["in_force_until"])
    LegalParameter.objects.create(
        name="authorize",
        label="Authorize",
        value=3,
        unit=PeriodUnit.BUSINESS_DAYS,
        keyed_on="determination_issued",
        in_force_from=date(2027, 1, 1),
        citation="LC 4610.6(j)",
    )
    assert reference.load_legal_parameters() == len(reference.legal_parameter_rows())
    rows = LegalParameter.objects.filter(name="authorize").values_list("in_force_from", "in_force_until")
    assert list(rows) == [(date(2013, 1, 1), date(2027, 1, 1)), (date(2027, 1, 1), None)]
    appeal.refresh_from_db()
    assert appeal.value == 30


@pytest.mark.django_db
def test_rows_of_one_parameter_never_overlap() -> None:
    reference.load_legal_parameters()
    fields: dict[str, Any] = {
        "label": "Appeal",
        "value": 30,
        "unit": PeriodUnit.CALENDAR_DAYS,
        "keyed_on": "determination_issued",
        "citation": "LC 4610.6(h)",
    }
    with pytest.raises(IntegrityError, match="legalparameter_no_overlap"), transaction.atomic():
        LegalParameter.objects.create(name="appeal", in_force_from=date(2030, 1, 1), **fields)
    with pytest.raises(IntegrityError, match="legalparameter_no_overlap"), transaction.atomic():
        LegalParameter.objects.create(
            name="appeal", in_force_from=date(2012, 1, 1), in_force_until=date(2013, 1, 2), **fields
        )
    LegalParameter.objects.create(
        name="appeal", in_force_from=date(2012, 1, 1), in_force_until=date(2013, 1, 1), **fields
    )


@pytest.mark.parametrize(
    ("name", "on", "value", "unit", "is_confirmed"),
    [
        ("filing_period", "2026-01-01", 30, "calendar_days", True),
        ("filing_period_formulary", "2018-01-01", 10, "calendar_days", False),
        ("mail_extension", "2026-01-01", 5, "calendar_days", True),
        ("electronic_extension", "2026-01-01", 2, "business_days", False),
        ("information_answer", "2014-02-11", 15, "calendar_days", False),
        ("information_answer", "2014-02-12", 5, "business_days", True),
        ("noarfi", "2026-01-01", 1, "business_days", True),
        ("records_mail", "2026-01-01", 15, "calendar_days", True),
        ("records_electronic", "2026-01-01", 12, "calendar_days", True),
        ("records_expedited", "2026-01-01", 24, "hours", True),
        ("document_request", "2026-01-01", 5, "business_days", False),
        ("document_request_expedited", "2026-01-01", 1, "calendar_days", False),
        ("screening", "2026-01-01", 3, "business_days", False),
        ("assignment", "2026-01-01", 2, "business_days", False),
        ("determination_regular", "2026-01-01", 30, "calendar_days", True),
        ("determination_outer", "2026-01-01", 45, "calendar_days", True),
        ("determination_formulary", "2018-01-01", 5, "business_days", True),
        ("determination_expedited", "2026-01-01", 72, "hours", False),
        ("determination_extension", "2026-01-01", 3, "calendar_days", False),
        ("authorize", "2026-01-01", 5, "business_days", True),
        ("reimburse", "2026-01-01", 20, "calendar_days", True),
        ("appeal", "2026-01-01", 30, "calendar_days", True),
        ("ca_report", "2018-01-01", 5, "calendar_days", False),
        ("late_record_penalty", "2026-03-31", 500, "dollars", True),
        ("late_record_penalty", "2026-04-01", 500, "dollars", False),
        ("ur_decision_life", "2026-01-01", 12, "months", True),
        ("fee_regular", "2014-04-01", 420, "dollars", True),
        ("fee_regular", "2020-01-01", 345, "dollars", True),
    ],
)
def test_the_fixture_has_the_figures_of_law(name: str, on: str, value: int, unit: str, is_confirmed: bool) -> None:
    day = date.fromisoformat(on)
    (row,) = [
        row
        for row in reference.legal_parameter_rows()
        if row["name"] == name
        and row["in_force_from"] <= day
        and (row["in_force_until"] is None or day < row["in_force_until"])
    ]
    assert (row["value"], row["unit"], row["is_confirmed"]) == (value, unit, is_confirmed)


def test_figures_start_when_the_law_did() -> None:
    starts = {row["name"]: row["in_force_from"] for row in reversed(reference.legal_parameter_rows())}
    assert starts["filing_period_formulary"] == starts["determination_formulary"] == date(2018, 1, 1)
    assert min(starts.values()) == date(2013, 1, 1)


def test_every_figure_has_a_citation_and_says_when_it_is_not_confirmed() -> None:
    for row in reference.legal_parameter_rows():
        assert row["citation"], row["name"]
        assert row["note"].startswith("To be confirmed.") is not row["is_confirmed"], row["name"]
        assert row["unit"] in PeriodUnit.values


@pytest.mark.django_db
def test_only_one_row_governs_a_variant_of_a_deadline_on_a_day() -> None:
    reference.load_legal_parameters()
    fields: dict[str, Any] = {
        "value": 1,
        "unit": PeriodUnit.CALENDAR_DAYS,
        "keyed_on": "documents_requested",
        "citation": "8 CCR 9792.10.5(c)",
        "in_force_from": date(2026, 1, 1),
        "deadline_id": "D9",
    }
    with pytest.raises(IntegrityError, match="legalparameter_one_clock_a_variant"), transaction.atomic():
        LegalParameter.objects.create(name="another_document_request", **fields)
    LegalParameter.objects.create(name="urgent_document_request", variant="urgent", **fields)


@pytest.mark.parametrize("extensions", [["mail_extension"], {"mail:california": 5}, {"pigeon": "mail_extension"}])
def test_extensions_name_known_manners_of_service(extensions: object) -> None:
    field = LegalParameter._meta.get_field("extensions")
    with pytest.raises(ValidationError):
        field.run_validators(extensions)


def test_the_taxonomy_has_dwcs_categories_once_each() -> None:
    rows = reference.treatment_category_rows()
    codes = [row["code"] for category in rows for row in (category, *category.get("subcategories", ()))]
    assert len(codes) == len(set(codes))
    drugs = next(row for row in rows if row["code"] == "pharmaceuticals")
    names = [row["name"] for row in drugs.get("subcategories", ())]
    assert {"Opioids", "Opioid antagonists", "NSAIDs", "Topical compounds", "Proton pump inhibitors"} < set(names)
    assert names.count("Benzodiazepines") == 1
    assert len(names) >= 45


@pytest.mark.django_db
def test_the_taxonomy_is_stored_as_a_tree_of_two_levels() -> None:
    reference.load_treatment_categories()
    assert TreatmentCategory.objects.get(name="Opioids").parent == TreatmentCategory.objects.get(code="pharmaceuticals")
    assert not TreatmentCategory.objects.filter(parent__parent__isnull=False).exists()


@pytest.mark.django_db
def test_holidays_reach_from_2013_to_2041() -> None:
    assert reference.load_holidays() == Holiday.objects.count()
    closed = Holiday.objects.filter(closes_office=True)
    assert (closed.earliest("day").day, closed.latest("day").day) == (date(2013, 1, 1), date(2041, 12, 25))
    assert closed.count() == 29 * 11
    assert not Holiday.objects.filter(closes_office=True, is_confirmed=False).exists()
    assert date(2026, 11, 27) - timedelta(days=1) in closed.values_list("day", flat=True)


def figure(value: int, unit: str) -> str:
    if unit == PeriodUnit.DOLLARS:
        return f"${value:,}"
    label = str(PeriodUnit(unit).label)
    return label if unit == PeriodUnit.OPEN_ENDED else f"{value} {label}"


def test_law_data_document_agrees_with_the_fixture() -> None:
    lines = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    written = [tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]) for line in lines]
    expected = [
        (
            f"`{row['name']}`",
            " ".join(part for part in (row["deadline_id"], row["variant"]) if part),
            row["label"],
            figure(row["value"], row["unit"]),
            mmddyyyy(row["in_force_from"]),
            mmddyyyy(row["in_force_until"]) if row["in_force_until"] else "",
            row["citation"],
            "confirmed" if row["is_confirmed"] else "to be confirmed",
        )
        for row in reference.legal_parameter_rows()
    ]
    assert written == expected
