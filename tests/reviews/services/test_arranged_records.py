"""What a reviewer read, noted and referred to when the pages of a record are arranged anew (B12)."""

from typing import Any

import pytest

from cases.models import Document
from reviews.models import PageNote
from reviews.rules.references import reference_problems
from reviews.selectors.note import note_count, notes_of, place_of_note
from reviews.selectors.records import ReadingState, coverage_of, moved_pages, numbered_records
from reviews.services.note import add_note
from reviews.services.reading import begin_visit, keep_pages_seen, open_document
from reviews.services.review import mark_documents, open_review
from tests.factories.arrangements import divide, turn
from tests.factories.cases import make_document, make_pdf
from tests.factories.reviews import Accepted, make_accepted, make_ready_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted() -> Accepted:
    return make_accepted(make_ready_case())


@pytest.fixture
def who(accepted: Accepted) -> dict[str, Any]:
    return {"assignment_id": accepted.assignment.pk, "actor": accepted.user}


@pytest.fixture
def scan(accepted: Accepted, who: dict[str, Any]) -> Document:
    """A record of four pages of which the reviewer has seen 1 and 3, with a note on 3, and marked it."""
    paper = make_document(accepted.case, data=make_pdf(4, mark="scan"), page_count=4, title="Scan")
    open_review(**who)
    begin_visit(**who)
    open_document(**who, document=paper)
    keep_pages_seen(**who, document=paper, pages=[1, 3])
    add_note(**who, document=paper, page=3, text="Antalgic gait.", quote="", tags=["gait"])
    mark_documents(**who, uses={paper.pk: "considered"})
    return paper


def test_pages_seen_and_notes_go_along_and_marks_are_proposed(
    accepted: Accepted, who: dict[str, Any], scan: Document
) -> None:
    first, second, third = divide(scan, accepted.case.created_by, "3, 1", "2", "4")

    readings = coverage_of(accepted.assignment).readings
    assert (readings[first.pk].state, readings[first.pk].seen, readings[first.pk].is_proposed) == (
        ReadingState.READ,
        2,
        True,
    )
    assert (readings[second.pk].state, readings[second.pk].is_proposed) == (ReadingState.UNOPENED, False)
    assert scan.pk not in readings
    assert coverage_of(accepted.assignment).words == "1 of 3 opened, 2 not; 2 of 4 pages read"
    # The numbers of records stay: the divided one keeps its own to itself.
    assert [(one.document_id, one.number) for one in numbered_records(accepted.assignment)] == [
        (first.pk, 2),
        (second.pk, 3),
        (third.pk, 4),
    ]
    (note,) = notes_of(accepted.assignment).shown
    assert (note.token, note.title, note.document_id) == ("[R2, page 1]", first.title, first.pk)
    assert note_count(accepted.assignment, readings) == 1
    assert place_of_note(PageNote.objects.get(), accepted.case.pk) == (first.pk, 1)


def test_turned_page_counts_as_not_read(accepted: Accepted, scan: Document) -> None:
    made = turn(scan, accepted.case.created_by, {90: [3]})
    reading = coverage_of(accepted.assignment).readings[made.pk]
    assert (reading.seen, reading.state) == (1, ReadingState.OPENED)
    (note,) = notes_of(accepted.assignment).shown
    assert (note.document_id, note.page) == (made.pk, 3)


def test_reference_to_a_divided_record_says_what_to_write(accepted: Accepted, scan: Document) -> None:
    divide(scan, accepted.case.created_by, "3, 1", "2", left_out=[4])
    records, moved = numbered_records(accepted.assignment), moved_pages(accepted.assignment)

    def problem(text: str) -> tuple[str, str]:
        (found,) = reference_problems(text, records, moved)
        return found.code, found.message

    assert problem("See [R1, page 3].") == (
        "reference_moved",
        "[R1, page 3] points to a record whose pages were arranged anew since. Write [R2, page 1] instead.",
    )
    assert problem("See [R1, pages 1-2].")[1].endswith("Write [R2, page 2] and [R3, page 1] instead.")
    assert problem("See [R1, pages 2-4].")[0] == "reference_unknown"
    assert problem("See [R9, page 1].")[0] == "reference_unknown"
    assert reference_problems("See [R2, page 1].", records, moved)[0].code == "reference_not_considered"
