"""Pages that hold only a picture (N10)."""

from cases.enums import RecordState
from cases.rules.records.scans import check_scans
from tests.factories.records import facts, paper


def test_documents_with_bare_pages_are_named_with_how_many() -> None:
    line = check_scans(facts(paper(1), paper(2, page_count=10, readable_pages=7), paper(3, readable_pages=0)))
    assert line.state == RecordState.QUESTION
    assert [(place.document, place.words) for place in line.places] == [
        (2, "3 of 10 pages hold no text"),
        (3, "no page holds text"),
    ]


def test_what_is_still_being_read_is_no_bare_scan() -> None:
    assert check_scans(facts(paper(1, readable_pages=0, is_read=False))).state == RecordState.WAITING
    assert check_scans(facts(paper(1))).state == RecordState.HERE
