"""The reviewed wordings of a letter, without a database."""

import json
from functools import cache

from reviews.letters import LetterPart, LetterWording
from reviews.services.reference import TEMPLATES


@cache
def reviewed_wording(version: str = "2026-1") -> LetterWording:
    """The wording of `version` as the product brings it, under the name of an invented organization."""
    row = next(row for row in json.loads(TEMPLATES.read_text(encoding="utf-8")) if row["version"] == version)
    return LetterWording(
        version=version,
        layout=row["layout"],
        organization_name="Alder Creek Independent Medical Review",
        reviewer_guideline_label="IMRO guideline",
        texts=row["texts"],
        parts=frozenset(LetterPart(part) for part in row["parts"]),
    )
