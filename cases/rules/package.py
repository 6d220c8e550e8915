"""What the records of a case are as one file: order, names, parts of the work, and what is left out and why. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from cases.enums import KEPT_REMOVALS, DocumentKind, DocumentRemoval, LeftOut, PackageForm, ScanState
from cases.rules.documents import MAX_TITLE, OPENABLE, download_name
from imr.core.words import mmddyyyy

# What one job takes on: a few seconds of work, at most one large file more.
PART_BYTES: Final = 200 * 1024 * 1024
PART_PAGES: Final = 2_500
PART_FILES: Final = 40
# More pages than this are no file that a viewer opens in a reasonable time.
MAX_PDF_PAGES: Final = 20_000
# The process that joins the parts holds what it joins.
MAX_PDF_BYTES: Final = 1024 * 1024 * 1024
# Names in a zip stay under what Windows can unpack into a folder of some depth.
MAX_NAME: Final = 90


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A document of the case as the rules see it."""

    pk: int
    kind: str
    title: str
    dated_on: date | None
    received_at: datetime
    size: int
    page_count: int
    scan: str
    removal: str = ""


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """A line of the index. `part` counts from 1; 0 for what is left out, for the reason `left_out`."""

    document: int
    number: int
    name: str
    part: int
    left_out: LeftOut | None = None


def plan_package(files: Sequence[RecordFile], form: PackageForm) -> tuple[PlannedEntry, ...]:
    """Every file with its number, its name and its part of the work, or the reason for which it is left out.

    Files are sorted by kind, then by their own date (those without one last), then as they arrived, and numbered
    through. None is missing: what cannot be put in has a line too.
    """
    planned: list[PlannedEntry] = []
    part, files_in, size, pages, all_pages, all_bytes = 1, 0, 0, 0, 0, 0
    for number, file in enumerate(sorted(files, key=_order), start=1):
        name = entry_name(number, file)
        reason = why_left_out(file)
        is_too_large = all_pages + file.page_count > MAX_PDF_PAGES or all_bytes + file.size > MAX_PDF_BYTES
        if reason is None and form == PackageForm.PDF and is_too_large:
            reason = LeftOut.TOO_LARGE
        if reason is not None:
            planned.append(PlannedEntry(file.pk, number, name, 0, reason))
            continue
        is_full = size + file.size > PART_BYTES or pages + file.page_count > PART_PAGES or files_in >= PART_FILES
        if files_in and is_full:
            part, files_in, size, pages = part + 1, 0, 0, 0
        files_in, size, pages = files_in + 1, size + file.size, pages + file.page_count
        all_pages, all_bytes = all_pages + file.page_count, all_bytes + file.size
        planned.append(PlannedEntry(file.pk, number, name, part))
    return tuple(planned)


def why_left_out(file: RecordFile) -> LeftOut | None:
    """Why the file cannot be put in; None when it can."""
    if file.removal == DocumentRemoval.VIRUS or file.scan == ScanState.REFUSED:
        return LeftOut.VIRUS
    if file.removal in KEPT_REMOVALS:
        return LeftOut.REPLACED
    if file.scan not in OPENABLE:
        return LeftOut.SCANNING
    return None


def entry_name(number: int, file: RecordFile) -> str:
    """`Medical report/003 Progress report 2026-02-27.pdf`: a folder for each kind, number, title, date."""
    day = f" {file.dated_on.isoformat()}" if file.dated_on else ""
    title = download_name(file.title[:MAX_TITLE]).removesuffix(".pdf")[: MAX_NAME - len(day) - 8].strip()
    folder = download_name(DocumentKind(file.kind).label).removesuffix(".pdf")
    return f"{folder}/{number:03} {title}{day}.pdf"


def bookmark_title(number: int, title: str, dated_on: date | None) -> str:
    """`3. Progress report, 02/27/2026`."""
    return f"{number}. {title}" + (f", {mmddyyyy(dated_on)}" if dated_on else "")


def _order(file: RecordFile) -> tuple[int, bool, date, datetime, int]:
    kinds = list(DocumentKind)
    day = file.dated_on or date.max
    return kinds.index(DocumentKind(file.kind)), file.dated_on is None, day, file.received_at, file.pk
