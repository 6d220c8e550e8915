"""The rules of completeness at their boundaries."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cases.enums import Outcome
from reviews.rules.completeness import (
    LETTER_TEXT_LIMIT,
    CitedPlace,
    DocumentMark,
    ItemDraft,
    ReviewDraft,
    find_gaps,
    stated_outcome,
)

UR_DAY = date(2014, 3, 17)
ITEM = ItemDraft(
    item_id=7,
    position=1,
    outcome="upheld",
    rationale="The sessions are not medically necessary.",
    claims_basis="none",
    reviewer_basis="mtus",
    citations=(CitedPlace(True, "Chronic Pain 2009", date(2009, 7, 18), date(2016, 7, 28)),),
)
PAPERS = (DocumentMark(1, "UR", "ur_decision", "not_relevant"), DocumentMark(2, "PR-2", "medical_report", "considered"))
DRAFT = ReviewDraft(summary="A summary.", items=(ITEM,), documents=PAPERS, relevant_on=UR_DAY)
MTUS = CitedPlace(True, text="MTUS, in words")
OTHER = CitedPlace(False, text="ODG, in words")


def codes(**changes: Any) -> list[str]:
    """The codes for the complete draft with its item changed."""
    return [gap.code for gap in find_gaps(replace(DRAFT, items=(replace(ITEM, **changes),)))]


def test_complete_draft_has_no_gaps() -> None:
    assert find_gaps(DRAFT) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"outcome": ""}, ["outcome"]),
        ({"outcome": "modified"}, ["outcome"]),
        ({"rationale": "Not medically necessary for {{age}}."}, ["mark_left"]),
        ({"reviewer_text": "{{yours: a | stored: b}}"}, ["mark_left"]),
        ({"rationale": ""}, ["rationale"]),
        ({"claims_basis": ""}, ["claims_basis"]),
        ({"claims_basis": "mtus"}, ["claims_text"]),
        ({"claims_basis": "mtus", "claims_text": "Low Back 2004"}, []),
        ({"reviewer_basis": ""}, ["reviewer_basis"]),
        ({"citations": ()}, ["mtus_citation"]),
        ({"citations": (), "reviewer_text": "Low Back 2004"}, []),
        ({"citations": (OTHER,)}, ["basis_without_other"]),
        ({"reviewer_basis": "non_mtus", "hierarchy_reason": "Silent."}, ["basis_without_mtus"]),
        ({"reviewer_basis": "non_mtus", "citations": (), "hierarchy_reason": "Silent."}, ["other_citation"]),
        ({"reviewer_basis": "non_mtus", "citations": (OTHER,)}, ["hierarchy_reason"]),
        ({"reviewer_basis": "both", "citations": (MTUS, OTHER)}, ["hierarchy_reason"]),
        ({"reviewer_basis": "both", "citations": (MTUS, OTHER), "hierarchy_reason": "Silent."}, []),
        ({"reviewer_basis": "both", "citations": (MTUS,), "hierarchy_reason": "Silent."}, ["other_citation"]),
        ({"reviewer_basis": "both", "citations": (OTHER,), "hierarchy_reason": "Silent."}, ["mtus_citation"]),
        ({"reviewer_basis": "none"}, ["none_with_citation"]),
        ({"reviewer_basis": "none", "citations": ()}, ["nothing_cited"]),
        ({"outcome": "overturned"}, ["contradiction"]),
    ],
)
def test_item_gap_is_named(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(**changes) == expected


@pytest.mark.parametrize(
    ("day", "is_in_force"),
    [
        (date(2009, 7, 17), False),
        (date(2009, 7, 18), True),
        (date(2016, 7, 27), True),
        (date(2016, 7, 28), False),
    ],
)
def test_edition_counts_from_its_first_day_until_the_day_before_the_next(day: date, is_in_force: bool) -> None:
    gaps = find_gaps(replace(DRAFT, relevant_on=day))
    assert [gap.code for gap in gaps] == ([] if is_in_force else ["edition_not_in_force"])
    assert all(gap.needs_confirmation and gap.key for gap in gaps)
    explained = replace(ITEM, citations=(replace(ITEM.citations[0], text="Cited for comparison."),))
    assert find_gaps(replace(DRAFT, relevant_on=day, items=(explained,))) == []


def test_documents_must_be_marked_and_more_than_ur_information() -> None:
    def found(*uses: str) -> list[str]:
        marks = tuple(replace(mark, use=use) for mark, use in zip(PAPERS, uses, strict=True))
        return [gap.code for gap in find_gaps(replace(DRAFT, documents=marks))]

    assert found("considered", "considered") == []
    assert found("considered", "not_relevant") == ["ur_information_alone"]
    assert found("considered", "unread") == ["documents_unmarked", "ur_information_alone"]
    assert found("not_relevant", "not_relevant") == ["documents_none"]
    assert [gap.code for gap in find_gaps(replace(DRAFT, documents=()))] == ["documents_none"]


def test_summary_items_and_length_are_asked_for() -> None:
    assert [gap.code for gap in find_gaps(replace(DRAFT, summary=""))] == ["summary"]
    assert [gap.code for gap in find_gaps(replace(DRAFT, items=()))] == ["no_items"]
    rest = len(ITEM.rationale)
    assert find_gaps(replace(DRAFT, summary="x" * (LETTER_TEXT_LIMIT - rest))) == []
    longer = find_gaps(replace(DRAFT, summary="x" * (LETTER_TEXT_LIMIT - rest + 1)))
    assert [gap.code for gap in longer] == ["letter_too_long"]


def test_every_gap_names_the_item_and_its_place() -> None:
    empty = ItemDraft(item_id=9, position=3)
    gaps = find_gaps(replace(DRAFT, items=(ITEM, empty)))
    assert [gap.code for gap in gaps] == ["claims_basis", "reviewer_basis", "outcome", "rationale"]
    assert all(gap.message.startswith("Item 3: ") and gap.place.startswith("item_9_") for gap in gaps)


@pytest.mark.parametrize(
    ("rationale", "expected"),
    [
        ("The request is not medically necessary.", Outcome.UPHELD),
        ("It is not-medically necessary.", Outcome.UPHELD),
        ("It does not appear medically necessary.", Outcome.UPHELD),
        ("It cannot be deemed medically necessary.", Outcome.UPHELD),
        ("This is not a medical necessity.", Outcome.UPHELD),
        ("Medical necessity is not established.", Outcome.UPHELD),
        ("None of the associated services are medically necessary.", Outcome.UPHELD),
        ("It isn’t medically necessary and appropriate.", Outcome.UPHELD),
        ("The request is medically necessary.", Outcome.OVERTURNED),
        ("There was no response to care, so the request is medically necessary.", Outcome.OVERTURNED),
        ("It is not on the list, but the request is medically necessary.", Outcome.OVERTURNED),
        ("It is not medically necessary. Taper the drug slowly.", Outcome.UPHELD),
        ("At first it was not medically necessary. It is medically necessary now.", Outcome.OVERTURNED),
        ("The guideline recommends it.", None),
        ("", None),
    ],
)
def test_stated_outcome_reads_the_last_words_on_necessity(rationale: str, expected: Outcome | None) -> None:
    assert stated_outcome(rationale) == expected
