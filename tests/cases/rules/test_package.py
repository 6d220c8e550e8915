"""What a file of all records holds, in what order, under what names (B18)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cases.enums import DocumentKind, LeftOut, PackageForm, ScanState
from cases.rules.package import (
    MAX_PDF_BYTES,
    MAX_PDF_PAGES,
    PART_BYTES,
    RecordFile,
    bookmark_title,
    entry_name,
    plan_package,
)

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)


def record(pk: int, kind: str = DocumentKind.MEDICAL_REPORT, **fields: Any) -> RecordFile:
    values: dict[str, Any] = {
        "title": f"Report {pk}",
        "dated_on": None,
        "received_at": AT,
        "size": 1_000,
        "page_count": 2,
    }
    return RecordFile(**{"pk": pk, "kind": kind, "scan": ScanState.CLEAN, **values, **fields})


def test_documents_are_sorted_by_kind_then_by_their_own_date() -> None:
    files = [
        record(1),
        record(2, dated_on=date(2026, 2, 1)),
        record(3, DocumentKind.UR_DECISION),
        record(4, dated_on=date(2026, 1, 1)),
    ]
    plan = plan_package(files, PackageForm.ZIP)
    assert [(entry.document, entry.number) for entry in plan] == [(3, 1), (4, 2), (2, 3), (1, 4)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"scan": ScanState.WAITING}, LeftOut.SCANNING),
        ({"scan": ScanState.REFUSED, "removal": "virus"}, LeftOut.VIRUS),
        ({"removal": "replaced"}, LeftOut.REPLACED),
        ({"scan": ScanState.NOT_CHECKED}, None),
    ],
)
def test_what_cannot_be_put_in_has_a_line_with_the_reason(fields: dict[str, Any], reason: LeftOut | None) -> None:
    (entry,) = plan_package([record(1, **fields)], PackageForm.ZIP)
    assert entry.left_out == reason
    assert entry.part == (0 if reason else 1)


def test_pages_beyond_what_a_pdf_can_hold_are_left_out_of_the_pdf_alone() -> None:
    for first in (record(1, page_count=MAX_PDF_PAGES), record(1, size=MAX_PDF_BYTES)):
        _only_the_first_fits_into_a_pdf([first, record(2, page_count=1, size=1)])


def _only_the_first_fits_into_a_pdf(files: list[RecordFile]) -> None:
    assert [entry.left_out for entry in plan_package(files, PackageForm.PDF)] == [None, LeftOut.TOO_LARGE]
    assert [entry.left_out for entry in plan_package(files, PackageForm.ZIP)] == [None, None]


def test_work_is_parted_so_that_no_job_takes_on_more_than_its_share() -> None:
    half = PART_BYTES // 2
    files = [record(pk, size=size) for pk, size in enumerate([half, half, 1, PART_BYTES * 3, 5], start=1)]
    assert [entry.part for entry in plan_package(files, PackageForm.ZIP)] == [1, 1, 2, 3, 4]


def test_name_has_folder_number_title_and_date_and_leads_out_of_nowhere() -> None:
    assert entry_name(3, record(1, title="Progress report", dated_on=date(2026, 2, 27))) == (
        "Medical report/003 Progress report 2026-02-27.pdf"
    )
    name = entry_name(4, record(1, title="../../etc/passwd\u202e" + "x" * 300))
    folder, _, file = name.partition("/")
    assert folder == "Medical report"
    assert "/" not in file
    assert "\u202e" not in file
    assert len(file) <= 110


def test_bookmark_says_number_title_and_date() -> None:
    assert bookmark_title(2, "MRI report", date(2026, 1, 5)) == "2. MRI report, 01/05/2026"
    assert bookmark_title(2, "MRI report", None) == "2. MRI report"
