"""The facts of one published case as a letter, with a rationale in words of our own."""

from dataclasses import replace
from datetime import date
from typing import Any

from cases.enums import GuidelineBasis, Outcome
from imr.core.pdf import RenderedPdf
from reviews.enums import CitationSide
from reviews.letters import FinalDeterminationLetter, GuidelineBlock, ItemShape, LetterItem, printed_citations
from reviews.services import rendering
from tests.factories.wording import reviewed_wording

ITEM = LetterItem(
    position=1,
    shape=ItemShape.PLAIN,
    is_retrospective=False,
    text=("6 sessions with Personal Trainer, for the Lumbar Spine , 3 times a week for 2 weeks, as an outpatient"),
    outcome=Outcome.UPHELD,
    claims_administrator=GuidelineBlock(
        CitationSide.CLAIMS_ADMINISTRATOR,
        GuidelineBasis.NON_MTUS,
        printed_citations(
            basis=GuidelineBasis.NON_MTUS,
            text=(
                "ACOEM https://www.acpempracguides.org/Low%20Back; Table 2, Summary of Recommendations, "
                "Low Back Disorders"
            ),
        ),
        lead=reviewed_wording().lead(CitationSide.CLAIMS_ADMINISTRATOR, GuidelineBasis.NON_MTUS),
    ),
    reviewer=GuidelineBlock(
        CitationSide.REVIEWER,
        GuidelineBasis.BOTH,
        printed_citations(
            basis=GuidelineBasis.BOTH,
            mtus=[
                (
                    "Chronic Pain Treatment Guidelines 8 C.C.R. 9792.20-9792.26 MTUS (Effective July 18, 2009) "
                    "Page(s): 46-47 of 127"
                )
            ],
            others=["Official Disability Guidelines (ODG), Low Back Chapter, Gym Memberships"],
        ),
    ),
    rationale=(
        "The guidelines on chronic pain recommend exercise and prefer no program over another. ODG does not recommend "
        "gym memberships, a related request, unless a home program was tried, reassessed and revised, and equipment "
        "is needed.\n\nThe file shows no special training of the trainer for these diagnoses, and no reason to prefer "
        "a “personal trainer” to a physical therapist. The request is not medically necessary."
    ),
)

LETTER = FinalDeterminationLetter(
    template_version="2026-1",
    organization_name="Alder Creek Independent Medical Review",
    reviewer_guideline_label="IMRO guideline",
    case_number="CM14-0046246",
    date_assigned=date(2014, 6, 27),
    date_of_injury=date(2011, 11, 1),
    decision_date=date(2015, 4, 20),
    ur_denial_date=date(2014, 3, 17),
    priority="Standard",
    application_received=date(2014, 4, 1),
    states_of_licensure=("California",),
    certifications=("Physical Medicine & Rehabilitation", "Pain Management"),
    clinical_case_summary=(
        "A man of 54 was injured at work on 11/01/2011. Diagnoses: partial tear of the right rotator cuff, repair of "
        "the left one, sciatica of the left leg, lumbago. On 2/27/2014 he reported numbness of the left arm and leg; "
        "motor strength was 4/5 in both legs. On 3/06/2014 aquatic therapy, pain management and 6 sessions with a "
        "personal trainer (3x2) were requested."
    ),
    items=(ITEM,),
)


def make_item(**changes: Any) -> LetterItem:
    """The item of the published case, changed."""
    return replace(ITEM, **changes)


def make_letter(**changes: Any) -> FinalDeterminationLetter:
    """The letter of the published case, changed."""
    return replace(LETTER, **changes)


def render_letter_pdf(letter: FinalDeterminationLetter, **options: Any) -> RenderedPdf:
    """The letter in the reviewed wording, without a database."""
    return rendering.render_letter_pdf(letter, wording=reviewed_wording(), **options)
