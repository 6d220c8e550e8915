"""Loading the reviewed letter templates and office hours that come with the product."""

import json
from datetime import date, time
from pathlib import Path

from django.db import transaction

from guidelines.services.reference import load_rows
from reviews.enums import TemplateStatus
from reviews.models import LetterTemplate, ServiceHours

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TEMPLATES = FIXTURES / "letter_templates.json"
SERVICE_HOURS = FIXTURES / "service_hours.json"


@transaction.atomic
def load_letter_templates() -> int:
    """Every version of the fixture is there and approved; how many there are.

    A version that is there stays as it is, with the days in force that people gave it since.
    """
    rows = json.loads(TEMPLATES.read_text(encoding="utf-8"))
    there = set(LetterTemplate.objects.values_list("version", flat=True))
    LetterTemplate.objects.bulk_create(
        LetterTemplate(
            **row
            | {
                "status": TemplateStatus.APPROVED,
                "in_force_from": date.fromisoformat(row["in_force_from"]),
                "in_force_until": row["in_force_until"] and date.fromisoformat(row["in_force_until"]),
            }
        )
        for row in rows
        if row["version"] not in there
    )
    return len(rows)


@transaction.atomic
def load_service_hours() -> int:
    """The hours of service of the fixture are in the table by first day; returns how many. Edited rows are kept."""
    rows = json.loads(SERVICE_HOURS.read_text(encoding="utf-8"))
    for row in rows:
        row["in_force_from"] = date.fromisoformat(row["in_force_from"])
        row["in_force_until"] = row["in_force_until"] and date.fromisoformat(row["in_force_until"])
        row["cut_off"], row["opens"] = time.fromisoformat(row["cut_off"]), time.fromisoformat(row["opens"])
    return load_rows(ServiceHours, rows, key=("in_force_from",), spans_of=())
