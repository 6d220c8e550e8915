"""Taking a scan apart at its cover sheets."""

from itertools import product

from cases.enums import ScanPartProblem
from cases.rules.scan import SHEET_PREFIX, PlannedScanPart, SheetMark, mark_of, split_at_sheets

A, B = "A" * 26, "B" * 26


def test_pages_go_with_the_sheet_before_them() -> None:
    assert split_at_sheets(6, [SheetMark(4, B), SheetMark(1, A)], known={A, B}) == (
        PlannedScanPart(2, 3, A),
        PlannedScanPart(5, 6, B),
    )


def test_what_has_no_sheet_that_can_be_relied_on_waits_for_a_person() -> None:
    marks = [SheetMark(3, A), SheetMark(5), SheetMark(7, "C" * 26), SheetMark(9, B)]
    assert split_at_sheets(9, marks, known={A, B}) == (
        PlannedScanPart(1, 2, problem=ScanPartProblem.NO_SHEET),
        PlannedScanPart(4, 4, A),
        PlannedScanPart(5, 6, problem=ScanPartProblem.UNREADABLE),
        PlannedScanPart(7, 8, problem=ScanPartProblem.UNKNOWN),
        PlannedScanPart(9, 9, B, ScanPartProblem.SHEET_ALONE),
    )


def test_scan_without_sheets_is_one_part() -> None:
    assert split_at_sheets(3, [], known=set()) == (PlannedScanPart(1, 3, problem=ScanPartProblem.NO_SHEET),)


def test_other_codes_are_no_sheets_and_two_sheets_on_a_page_are_none() -> None:
    assert mark_of(1, ["https://example.org/check/1"], unreadable=False) is None
    assert mark_of(1, [SHEET_PREFIX + A, SHEET_PREFIX + A, "other"], unreadable=True) == SheetMark(1, A)
    assert mark_of(1, [SHEET_PREFIX + A, SHEET_PREFIX + B], unreadable=False) == SheetMark(1)
    assert mark_of(1, [], unreadable=True) == SheetMark(1)


def test_no_page_is_lost_and_none_is_in_two_parts() -> None:
    """Every scan of five pages: each page none, a sheet of two cases, one that is unknown, or one not to be read."""
    for codes in product([None, A, B, "unknown", ""], repeat=5):
        marks = [SheetMark(page, code) for page, code in enumerate(codes, start=1) if code is not None]
        parts = split_at_sheets(5, marks, known={A, B})
        pages = [page for part in parts for page in range(part.first, part.last + 1)]
        assert len(pages) == len(set(pages))
        assert set(range(1, 6)) - set(pages) <= {mark.page for mark in marks if mark.code in {A, B}}
