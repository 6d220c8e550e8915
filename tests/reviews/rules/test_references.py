"""References to pages of the records in the reviewer's texts."""

import pytest

from reviews.rules.references import (
    NumberedRecord,
    ReferenceProblem,
    reference_problems,
    references_in,
    token_of,
    with_printed_references,
    without_references,
)

RECORDS = [
    NumberedRecord(71, 1, 1, "UR decision", 2, is_considered=True),
    # The second record was removed: its number is not given again, and the letter's list is one shorter.
    NumberedRecord(73, 3, 2, "Progress report", 12, is_considered=True),
    NumberedRecord(74, 4, 3, "MRI report", 1, is_considered=False),
]


def test_token_is_read_back() -> None:
    (found,) = references_in(f"Weakness {token_of(3, 12)} was noted.")
    assert (found.number, found.page, found.last, found.token) == (3, 12, 12, "[R3, page 12]")


@pytest.mark.parametrize(
    "typed", ["[r3 p. 12]", "[R3,page 12]", "[ R 3, p 12 ]", "[R3, pages 12-12]", "[R03, page 012]", "[R3, pp. 12]"]
)
def test_what_people_type_is_read_as_meant(typed: str) -> None:
    assert [(found.number, found.page) for found in references_in(typed)] == [(3, 12)]
    assert reference_problems(typed, RECORDS) == []


def test_letter_prints_the_number_of_its_own_list() -> None:
    text = "Seen [R1, page 2] and [R3, pages 4-6]; not [R9, page 1]."
    assert with_printed_references(text, RECORDS) == (
        "Seen (document 1, page 2) and (document 2, pages 4-6); not [R9, page 1]."
    )
    assert with_printed_references("Nothing [sic] to R3 here.", RECORDS) == "Nothing [sic] to R3 here."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[R2, page 1]", "reference_unknown"),
        ("[R9, page 1]", "reference_unknown"),
        ("[R3, page 13]", "reference_page"),
        ("[R3, page 0]", "reference_page"),
        ("[R3, pages 9-5]", "reference_page"),
        ("[R3, pages 9-13]", "reference_page"),
        ("[R4, page 1]", "reference_not_considered"),
        ("[R3 page twelve]", "reference_unreadable"),
        ("[R3, page 12", "reference_unreadable"),
    ],
)
def test_what_cannot_be_printed_is_named(text: str, code: str) -> None:
    (problem,) = reference_problems(f"Before {text} after.", RECORDS)
    assert problem.code == code
    assert problem.document_id == (74 if code == "reference_not_considered" else None)


def test_the_same_problem_is_named_once_and_good_references_never() -> None:
    text = "[R1, page 1] [R9, page 1] [R3, page 12] [R9, page 1]"
    problems = reference_problems(text, RECORDS)
    assert problems == [
        ReferenceProblem(
            "reference_unknown", "[R9, page 1] points to a record that is not on the case. Change or remove it."
        )
    ]


def test_without_references_leaves_the_sentence() -> None:
    assert without_references("Weakness [R3, page 12] was noted [r1 p. 2].") == "Weakness was noted."
