"""An invented letter that shows a wording: every kind of basis, both outcomes, a request that was modified."""

from datetime import date

from cases.enums import GuidelineBasis, Outcome
from reviews.enums import CitationSide
from reviews.letters.final import FinalDeterminationLetter, GuidelineBlock, LetterItem
from reviews.letters.phrases import ItemShape, printed_citations
from reviews.letters.wording import LetterWording

_CLAIMS, _REVIEWER = CitationSide.CLAIMS_ADMINISTRATOR, CitationSide.REVIEWER
_MTUS = {"mtus": ["Low Back Complaints 2004, Section(s): Special Studies"]}
_OTHER = {"others": ["Official Disability Guidelines (ODG), Low Back Chapter"]}


def sample_letter(wording: LetterWording, decision_date: date) -> FinalDeterminationLetter:
    """A letter in `wording` that was decided on `decision_date`; all in it is invented."""
    items = (
        ("MRI of the lumbar spine without contrast", ItemShape.PLAIN, Outcome.UPHELD),
        ("Associated surgical service: Pre-op labs: CBC", ItemShape.ASSOCIATED_SERVICE, Outcome.OVERTURNED),
        (
            (
                "12 sessions of physical therapy was the original request. 6 sessions was authorized by the Claims "
                "Administrator. The remaining IMR eligible portion of the original request, 6 sessions is"
            ),
            ItemShape.REMAINING_PORTION,
            Outcome.UPHELD,
        ),
    )
    bases = (
        (GuidelineBasis.MTUS, GuidelineBasis.BOTH),
        (GuidelineBasis.NON_MTUS, GuidelineBasis.NON_MTUS),
        (GuidelineBasis.NONE, GuidelineBasis.NONE),
    )
    return FinalDeterminationLetter(
        template_version=wording.version,
        organization_name=wording.organization_name,
        reviewer_guideline_label=wording.reviewer_guideline_label,
        case_number="CM00-0000000",
        date_assigned=decision_date,
        date_of_injury=decision_date,
        decision_date=decision_date,
        ur_denial_date=decision_date,
        priority="Standard",
        application_received=decision_date,
        states_of_licensure=("California", "Texas"),
        certifications=("Physical Medicine & Rehabilitation", "Pain Management"),
        clinical_case_summary="This is a sample. Here stands what the reviewer writes about the injury and the care.",
        items=tuple(
            LetterItem(
                position=position,
                shape=shape,
                is_retrospective=False,
                text=text,
                outcome=outcome,
                claims_administrator=_block(wording, _CLAIMS, bases[position - 1][0]),
                reviewer=_block(wording, _REVIEWER, bases[position - 1][1]),
                rationale="This is a sample. Here stand the reviewer’s reasons for the decision on this item.",
            )
            for position, (text, shape, outcome) in enumerate(items, start=1)
        ),
    )


def _block(wording: LetterWording, side: CitationSide, basis: GuidelineBasis) -> GuidelineBlock:
    cited: dict[str, list[str]] = {}
    if basis in (GuidelineBasis.MTUS, GuidelineBasis.BOTH):
        cited |= _MTUS
    if basis in (GuidelineBasis.NON_MTUS, GuidelineBasis.BOTH):
        cited |= _OTHER
    text = printed_citations(
        basis=basis, mtus=cited.get("mtus", ()), others=cited.get("others", ()), phrases=wording.citation_phrases
    )
    return GuidelineBlock(side, basis, text, wording.lead(side, basis))
