"""Our own letters, with the pages around them, read back from what we render."""

from datetime import date
from itertools import product

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cases.enums import GuidelineBasis, Outcome
from reviews.enums import CitationSide
from reviews.letters import (
    ExchangedDetermination,
    ExchangedItem,
    FinalDeterminationLetter,
    GuidelineBlock,
    LetterItem,
)
from reviews.letters.reader import UnreadableLetterError, read_letter
from tests.factories.letters_text import make_served, render_served_pdf
from tests.factories.seed_letter import make_item, make_letter, render_letter_pdf
from tests.factories.wording import reviewed_wording
from tests.reviews.letters.reader.published import extracted, joined, loosely

ORDERS: dict[str, tuple[str, ...]] = {"default": (), "layout": ("-layout",), "raw": ("-raw",)}
TRAPS = [
    "MRI of the knee",
    "self-directed non-certified home-based exercise",
    ": Upheld",
    "Overturned.",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "Decision rationale: as above",
    "Claims Administrator guideline: none given",
    "MAXIMUS guideline: ODG",
    "IMRO guideline: x",
    "Documents considered",
    "Case Number: CM11-1111111",
    "Date Assigned: 01/01/2011",
    "page 1 of 2",
    "CM14-0046246 · page 2 of 2",
    "https://www.example.org/aaa/bbb-ccc/ddd?x=1&y=2#fragment",
    "“quoted – text”",
    "5/325mg; QTY: 60",
    "Guide- lines",
    "45° × 3 ®",
    "e.g.",
    "1)",
    "a" * 60,
    *["the patient was seen for pain of the back and the leg again."] * 12,
]


def words(most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(TRAPS), min_size=1, max_size=most).map(" ".join)


def paragraphs(most: int) -> st.SearchStrategy[str]:
    return st.lists(words(most), min_size=1, max_size=3).map("\n\n".join)


@st.composite
def letters(draw: st.DrawFn) -> FinalDeterminationLetter:
    items = [
        make_item(
            position=position,
            text=draw(words(6)).rstrip(" :."),
            outcome=draw(st.sampled_from([Outcome.UPHELD, Outcome.OVERTURNED])),
            claims_administrator=_block(CitationSide.CLAIMS_ADMINISTRATOR, draw(paragraphs(5))),
            reviewer=_block(CitationSide.REVIEWER, draw(paragraphs(5))),
            rationale=draw(paragraphs(25)),
        )
        for position in range(1, draw(st.integers(1, 4)) + 1)
    ]
    return make_letter(items=tuple(items), clinical_case_summary=draw(paragraphs(30)))


def _block(side: CitationSide, text: str) -> GuidelineBlock:
    return GuidelineBlock(side, GuidelineBasis.MTUS, f"Decision based on MTUS {text}")


def _said(letter: FinalDeterminationLetter) -> ExchangedDetermination:
    """What the letter says, in the exchange form."""
    return ExchangedDetermination(
        case_number=letter.case_number,
        priority=letter.priority,
        date_assigned=letter.date_assigned,
        date_of_injury=letter.date_of_injury,
        decision_date=letter.decision_date,
        ur_denial_date=letter.ur_denial_date,
        application_received=letter.application_received,
        states_of_licensure=letter.states_of_licensure,
        certifications=letter.certifications,
        clinical_case_summary=letter.clinical_case_summary,
        items=tuple(_item_said(item) for item in letter.items),
    )


def _item_said(item: LetterItem) -> ExchangedItem:
    assert item.outcome is not None
    return ExchangedItem(
        item=item.text,
        decision=item.outcome.label,
        claims_administrator_guideline=item.claims_administrator.printed,
        reviewer_guideline=item.reviewer.printed,
        decision_rationale=item.rationale,
    )


@hypothesis_settings(max_examples=10, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(letter=letters())
def test_nasty_letter_is_read_back_from_pdf_as_it_was(letter: FinalDeterminationLetter) -> None:
    read = read_letter(render_letter_pdf(letter).data, wordings=[reviewed_wording()])

    assert read.determination is not None
    assert read.determination.to_data() == _said(letter).to_data()
    assert read.is_certain


@hypothesis_settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(letter=letters())
def test_nasty_letter_is_read_right_from_text_or_reported(letter: FinalDeterminationLetter) -> None:
    data = render_letter_pdf(letter).data
    for order, options in ORDERS.items():
        try:
            read = read_letter(extracted(data, *options), wordings=[reviewed_wording()])
        except UnreadableLetterError:
            continue
        same = loosely if order == "default" else joined
        assert read.determination is not None
        right = same(repr(read.determination.to_data())) == same(repr(_said(letter).to_data()))
        assert right or not read.is_certain, order


def test_pages_around_the_letter_stay_out_of_it() -> None:
    items = tuple(make_item(position=position, text=f"Item: number {position}") for position in range(1, 5))
    letter = make_letter(items=items, priority="Expedited", date_of_injury=date(2010, 1, 31))
    data = render_served_pdf(make_served(letter)).data
    sources: list[bytes | str] = [data, *(extracted(data, *options) for options in ORDERS.values())]
    for source, knows in product(sources, (True, False)):
        read = read_letter(source, wordings=[reviewed_wording()] if knows else [])
        assert read.determination is not None
        assert loosely(repr(read.determination.to_data())) == loosely(repr(_said(letter).to_data()))
        assert read.is_certain or not knows
        assert read.organization_name == letter.organization_name
        assert (read.era, read.reviewer_guideline_label) == ("own", "IMRO guideline")
