"""Records that the UR decision letter names (N10)."""

from datetime import date

import pytest

from cases.enums import DocumentKind, RecordState
from cases.rules.records.facts import NamedRecord
from cases.rules.records.named import check_named
from tests.factories.records import facts, paper

MRI = NamedRecord("MRI report of 12/01/2025", date(2025, 12, 1), 2)
NOTE = NamedRecord("Progress note of 01/05/2026", date(2026, 1, 5), 2)


def test_all_that_the_letter_names_are_found_by_date() -> None:
    papers = [paper(1, dated_on=MRI.dated_on), paper(2, dates=(date(2026, 1, 5),))]
    assert check_named(facts(*papers, named=(MRI, NOTE))).state == RecordState.HERE


def test_what_has_no_document_of_its_date_is_asked_for_with_the_page_of_the_letter() -> None:
    line = check_named(facts(paper(1, dated_on=MRI.dated_on), named=(MRI, NOTE)))
    assert (line.state, line.details) == (
        RecordState.QUESTION,
        ("Progress note of 01/05/2026 (page 2 of the letter)",),
    )


def test_the_letter_itself_is_not_the_record_that_it_names() -> None:
    letter = paper(1, DocumentKind.UR_DECISION, dates=(date(2025, 12, 1),))
    assert check_named(facts(letter, named=(MRI,))).details


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"has_letter": False}, RecordState.MISSING),
        ({"is_letter_read": False}, RecordState.WAITING),
        ({"named": ()}, RecordState.QUESTION),
    ],
)
def test_a_letter_that_is_not_there_or_not_read_says_so(fields: dict[str, object], state: RecordState) -> None:
    assert check_named(facts(**fields)).state == state
