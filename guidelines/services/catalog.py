"""Loading the reviewed guideline catalog."""

import json
from datetime import date
from pathlib import Path
from typing import TypedDict

from django.db import transaction

from guidelines.models import GuidelineEdition, GuidelineSection, GuidelineSource
from guidelines.services.reference import load_rows

CATALOG = Path(__file__).resolve().parent.parent / "fixtures" / "catalog.json"


class SectionRow(TypedDict):
    chapter: str
    title: str
    pages: str


class EditionRow(TypedDict):
    """An edition in `catalog.json`; dates are ISO text."""

    year: int
    label: str
    regulation: str
    effective_on: str
    in_force_from: str
    in_force_until: str | None
    page_total: int | None
    url: str
    is_confirmed: bool
    sections: list[SectionRow]


class SourceRow(TypedDict):
    """A source in `catalog.json`."""

    code: str
    body: str
    step: int
    name: str
    short_name: str
    publisher: str
    editions: list[EditionRow]


def catalog_rows() -> list[SourceRow]:
    """The reviewed catalog, as the fixture has it."""
    rows: list[SourceRow] = json.loads(CATALOG.read_text(encoding="utf-8"))
    return rows


@transaction.atomic
def load_catalog() -> dict[str, int]:
    """Sources, editions and sections of the fixture are in the catalog. Returns how many of each.

    Nothing is removed; what a person edited or added stays.
    """
    sources = catalog_rows()
    counts = {
        "guideline sources": load_rows(
            GuidelineSource,
            (
                {
                    "code": source["code"],
                    "body": source["body"],
                    "step": source["step"],
                    "name": source["name"],
                    "short_name": source["short_name"],
                    "publisher": source["publisher"],
                }
                for source in sources
            ),
            key=("code",),
        )
    }
    source_ids = dict(GuidelineSource.objects.values_list("code", "pk"))
    counts["editions"] = load_rows(
        GuidelineEdition,
        (
            {
                "source_id": source_ids[source["code"]],
                "year": edition["year"],
                "label": edition["label"],
                "regulation": edition["regulation"],
                "effective_on": date.fromisoformat(edition["effective_on"]),
                "in_force_from": date.fromisoformat(edition["in_force_from"]),
                "in_force_until": _day(edition["in_force_until"]),
                "page_total": edition["page_total"],
                "url": edition["url"],
                "is_confirmed": edition["is_confirmed"],
            }
            for source in sources
            for edition in source["editions"]
        ),
        key=("source_id", "year"),
        spans_of=("source_id",),
    )
    edition_ids = {
        (source_id, year): pk for source_id, year, pk in GuidelineEdition.objects.values_list("source_id", "year", "pk")
    }
    counts["sections"] = load_rows(
        GuidelineSection,
        (
            {"edition_id": edition_id, "position": position, **section}
            for source in sources
            for edition in source["editions"]
            # An edition that overlaps one a person added was left out, and its sections with it.
            if (edition_id := edition_ids.get((source_ids[source["code"]], edition["year"])))
            for position, section in enumerate(edition["sections"])
        ),
        key=("edition_id", "chapter", "title"),
    )
    return counts


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
