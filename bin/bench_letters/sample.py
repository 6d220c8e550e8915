"""Invented letters to measure with."""

import json
import pickle
import random
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings

from bin.bench_letters.blocks import Sample, blocks_of
from cases.enums import GuidelineBasis, Outcome
from imr.core import pdf
from reviews.enums import CitationSide
from reviews.letters import (
    FinalDeterminationLetter,
    GuidelineBlock,
    ItemShape,
    LetterItem,
    LetterPart,
    LetterWording,
    printed_citations,
)
from reviews.services.reference import TEMPLATES
from reviews.services.rehearsal_text import invented_citation, invented_service, invented_text
from reviews.services.rendering import render_letter_pdf

SUMMARY_LENGTH = 970
RATIONALE_LENGTH = 1_250


@cache
def newest_wording() -> LetterWording:
    """The newest of the wordings that come with the product, read from its file: no database is needed."""
    row = max(json.loads(TEMPLATES.read_text(encoding="utf-8")), key=lambda row: str(row["in_force_from"]))
    return LetterWording(
        version=row["version"],
        layout=row["layout"],
        organization_name=settings.IMR_ORGANIZATION_NAME,
        reviewer_guideline_label=settings.IMR_REVIEWER_GUIDELINE_LABEL,
        texts=row["texts"],
        parts=frozenset(LetterPart(part) for part in row.get("parts", ())),
    )


def make_letter(seed: int, *, items: int) -> FinalDeterminationLetter:
    """A letter with `items` items; the same for the same seed, and another for another."""
    rng = random.Random(f"{seed}/{items}")  # noqa: S311  repeatable, not secret
    decided = date(2026, 1, 5) + timedelta(days=rng.randrange(300))
    return FinalDeterminationLetter(
        template_version=newest_wording().version,
        organization_name=newest_wording().organization_name,
        reviewer_guideline_label=newest_wording().reviewer_guideline_label,
        case_number=f"CM26-{rng.randrange(10_000_000):07d}",
        date_assigned=decided - timedelta(days=20),
        date_of_injury=decided - timedelta(days=rng.randrange(200, 3_000)),
        decision_date=decided,
        ur_denial_date=decided - timedelta(days=60),
        priority="Standard",
        application_received=decided - timedelta(days=40),
        states_of_licensure=("California", "Oregon"),
        certifications=("Physical Medicine and Rehabilitation", "Pain Management"),
        clinical_case_summary=invented_text(rng, length=SUMMARY_LENGTH),
        items=tuple(_item(rng, position) for position in range(1, items + 1)),
    )


def make_sample(seed: int, *, items: int) -> Sample:
    """As `make_letter`, with the page that the product makes of it."""
    letter = make_letter(seed, items=items)
    html, css = _page_of(letter)
    return Sample(
        number=letter.case_number,
        letter=pickle.dumps((letter, newest_wording())),
        html=html,
        css=css,
        blocks=tuple(blocks_of(html)),
    )


def _item(rng: random.Random, position: int) -> LetterItem:
    return LetterItem(
        position=position,
        shape=ItemShape.PLAIN,
        is_retrospective=False,
        text=invented_service(rng),
        outcome=rng.choice((Outcome.UPHELD, Outcome.OVERTURNED)),
        claims_administrator=_guideline(rng, CitationSide.CLAIMS_ADMINISTRATOR),
        reviewer=_guideline(rng, CitationSide.REVIEWER),
        rationale=invented_text(rng, length=RATIONALE_LENGTH),
    )


def _guideline(rng: random.Random, side: CitationSide) -> GuidelineBlock:
    text = printed_citations(basis=GuidelineBasis.MTUS, mtus=[invented_citation(rng)])
    return GuidelineBlock(side=side, basis=GuidelineBasis.MTUS, text=text)


def _page_of(letter: FinalDeterminationLetter) -> tuple[str, str]:
    """The HTML that goes into the product's renderer, and its style sheet: caught on the way in, nothing is drawn."""
    caught: dict[str, Any] = {}

    def catch(html: str, *, style_sheet: str, **options: Mapping[str, Any]) -> pdf.RenderedPdf:
        caught.update(html=html, sheet=style_sheet, **options)
        return pdf.RenderedPdf(data=b"", page_count=1)

    with patch.object(pdf, "render_pdf", catch):
        render_letter_pdf(letter, wording=newest_wording())
    sheet = Path(settings.BASE_DIR) / "static" / "letters" / caught["sheet"]
    return caught["html"], sheet.read_text(encoding="utf-8")
