"""The words of the letter, as pure values."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import CaseOutcome, GuidelineBasis, Outcome
from reviews.enums import CitationSide
from reviews.letters import (
    FinalDeterminationLetter,
    GuidelineBlock,
    ItemShape,
    LetterItem,
    ReviewedDocument,
    SignedSnapshot,
    item_shape,
    item_text,
    linked,
    printed_citations,
)
from tests.factories.seed_letter import make_item, make_letter
from tests.factories.wording import reviewed_wording


def test_no_field_can_hold_a_reviewers_name() -> None:
    fields = {
        field.name
        for kind in (FinalDeterminationLetter, LetterItem, GuidelineBlock)
        for field in dataclasses.fields(kind)
    }
    assert not {name for name in fields if "name" in name} - {"organization_name"}
    assert fields.isdisjoint({"reviewer_id", "signed_by", "signer", "license_number", "npi", "code"})


@given(
    summary=st.text(max_size=300),
    rationale=st.text(max_size=300),
    text=st.text(min_size=1, max_size=200),
    basis=st.sampled_from(GuidelineBasis),
)
def test_snapshot_reads_back_without_loss(summary: str, rationale: str, text: str, basis: GuidelineBasis) -> None:
    letter = make_letter(
        clinical_case_summary=summary,
        items=(make_item(text=text, rationale=rationale, reviewer=GuidelineBlock(CitationSide.REVIEWER, basis, text)),),
    )
    snapshot = SignedSnapshot(letter, (ReviewedDocument(7, "ab", 3, "considered"),))
    read = SignedSnapshot.from_data(snapshot.to_data())
    assert read == snapshot
    assert read.sha256 == SignedSnapshot.from_json(snapshot.to_json()).sha256 == snapshot.sha256


def test_every_field_counts_in_the_digest() -> None:
    base = make_letter()
    digests = {SignedSnapshot(base).sha256}
    for field in dataclasses.fields(base):
        value = getattr(base, field.name)
        other = (
            date(1999, 1, 1)
            if isinstance(value, date)
            else (*value, value[0])
            if isinstance(value, tuple)
            else value + "x"
        )
        digests.add(SignedSnapshot(make_letter(**{field.name: other})).sha256)
    assert len(digests) == 1 + len(dataclasses.fields(base))


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("upheld", "upheld"), CaseOutcome.UPHOLD),
        (("overturned",), CaseOutcome.OVERTURN),
        (("upheld", "overturned"), CaseOutcome.PARTIAL_OVERTURN),
        (("upheld", None), None),
        ((), None),
    ],
)
def test_outcome_follows_from_the_items(outcomes: tuple[str | None, ...], expected: CaseOutcome | None) -> None:
    items = tuple(make_item(outcome=Outcome(value) if value else None) for value in outcomes)
    assert make_letter(items=items).outcome == expected


@pytest.mark.parametrize(
    ("facts", "shape", "text"),
    [
        ({}, ItemShape.PLAIN, "MRI of the right shoulder without contrast"),
        (
            {"is_associated_service": True},
            ItemShape.ASSOCIATED_SERVICE,
            "Associated surgical service: MRI of the right shoulder without contrast",
        ),
        (
            {"is_modified": True, "authorized": "One MRI", "remaining": "a second MRI"},
            ItemShape.REMAINING_PORTION,
            (
                "MRI of the right shoulder without contrast was the original request. One MRI was authorized by the "
                "Claims Administrator. The remaining IMR eligible portion of the original request, a second MRI is"
            ),
        ),
        (
            {"is_modified": True, "authorized": "an X-ray"},
            ItemShape.ORIGINAL_REQUEST,
            (
                "MRI of the right shoulder without contrast was the original request. The Claims Administrator "
                "authorized an X-ray, leaving the original request IMR eligible. The original request, MRI of the "
                "right shoulder without contrast is"
            ),
        ),
    ],
)
def test_item_text_has_four_shapes(facts: dict[str, object], shape: ItemShape, text: str) -> None:
    given_facts = {"is_associated_service": False, "is_modified": False, "authorized": "", "remaining": "", **facts}
    found = item_shape(**given_facts)  # type: ignore[arg-type]
    assert found == shape
    printed = item_text(
        shape=found,
        description="MRI of the right shoulder without contrast",
        authorized=str(given_facts["authorized"]),
        remaining=str(given_facts["remaining"]),
    )
    assert printed == text
    retrospective = item_text(
        shape=found,
        description="MRI of the right shoulder without contrast",
        authorized=str(given_facts["authorized"]),
        remaining=str(given_facts["remaining"]),
        is_retrospective=True,
        service_date=date(2016, 11, 11),
    )
    assert retrospective.startswith("Retrospective ")
    assert "(DOS: 11/11/2016)" in retrospective


def test_item_text_keeps_the_words_of_the_request() -> None:
    words = "Lumbar Spine , 3 times: CBC: QTY: 2"
    assert item_text(shape=ItemShape.PLAIN, description=words) == words
    said = "Retrospective request for labs (DOS: 11/11/2016)"
    assert (
        item_text(shape=ItemShape.PLAIN, description=said, is_retrospective=True, service_date=date(2016, 11, 11))
        == said
    )


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        ({"basis": "none", "text": "left over"}, ""),
        ({"basis": "mtus", "mtus": ["Low Back Complaints 2004"]}, "Decision based on MTUS Low Back Complaints 2004."),
        ({"basis": "mtus", "mtus": ["A 2004", "B 2009"]}, "Decision based on MTUS A 2004, and B 2009."),
        ({"basis": "mtus", "text": "Knee Complaints 2004."}, "Decision based on MTUS Knee Complaints 2004."),
        ({"basis": "non_mtus", "text": "ACOEM"}, "Decision based on Non-MTUS Citation ACOEM."),
        (
            {"basis": "mtus", "mtus": ["A 2004"], "text": "See the table on page 3."},
            "Decision based on MTUS A 2004. See the table on page 3.",
        ),
        (
            {"basis": "both", "mtus": ["A 2004"], "others": ["ODG"], "text": "The trial was small"},
            "Decision based on MTUS A 2004. Decision based on Non-MTUS Citation ODG. The trial was small.",
        ),
        (
            {"basis": "both", "mtus": ["A 2004"], "others": ["ODG, Low Back Chapter"]},
            "Decision based on MTUS A 2004. Decision based on Non-MTUS Citation ODG, Low Back Chapter.",
        ),
        (
            {"basis": "both", "text": "A 2004\nODG, Neck"},
            "Decision based on MTUS A 2004. Decision based on Non-MTUS Citation ODG, Neck.",
        ),
        (
            {"basis": "both", "text": "Decision based on MTUS A. Decision based on Non-MTUS Citation B"},
            "Decision based on MTUS A. Decision based on Non-MTUS Citation B",
        ),
        (
            {"basis": "non_mtus", "text": "ODG https://example.org/a"},
            "Decision based on Non-MTUS Citation ODG https://example.org/a.",
        ),
    ],
)
def test_citations_follow_the_grammar(arguments: dict[str, object], printed: str) -> None:
    assert printed_citations(**arguments) == printed  # type: ignore[arg-type]


def test_lead_sentence_says_where_nothing_or_nothing_of_the_schedule_was_cited() -> None:
    for side, subject in (
        (CitationSide.CLAIMS_ADMINISTRATOR, "The Claims Administrator"),
        (CitationSide.REVIEWER, "The Expert Reviewer"),
    ):
        wording = reviewed_wording()
        assert wording.lead(side, GuidelineBasis.NONE).startswith(f"{subject} did not base the decision on any ")
        lead = wording.lead(side, GuidelineBasis.NON_MTUS)
        assert lead == f"{subject} did not base the decision on the MTUS but on other sources."
        assert GuidelineBlock(side, GuidelineBasis.NON_MTUS, "X.", lead).printed == f"{lead} X."
        assert wording.lead(side, GuidelineBasis.MTUS) == wording.lead(side, GuidelineBasis.BOTH) == ""
        assert GuidelineBlock(side, GuidelineBasis.MTUS, "X.").printed == "X."


@given(st.text(max_size=200))
def test_linked_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in linked(text)) == text


def test_only_web_addresses_become_links() -> None:
    pieces = linked("see (https://www.example.org/Low%20Back); javascript:alert(1) http://a.example/b.")
    assert [piece.href for piece in pieces if piece.href] == [
        "https://www.example.org/Low%20Back",
        "http://a.example/b",
    ]
