"""Loading the reviewed letter templates that come with the product."""

import json
from datetime import date
from pathlib import Path

from django.db import transaction

from reviews.enums import TemplateStatus
from reviews.models import LetterTemplate

TEMPLATES = Path(__file__).resolve().parent.parent / "fixtures" / "letter_templates.json"


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
