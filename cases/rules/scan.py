"""A scan of several papers with cover sheets between them: which pages belong together, and to what. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from cases.enums import ScanPartProblem

# What stands in the QR code of a cover sheet before its code, so that other QR codes are not taken for one.
SHEET_PREFIX: Final = "IMR-SHEET:"


@dataclass(frozen=True, slots=True)
class SheetMark:
    """A page on which a cover sheet was seen; without `code` it could not be read."""

    page: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class PlannedScanPart:
    """Pages that belong together, counted from 1, without their cover sheet; `code` is of a sheet that is known."""

    first: int
    last: int
    code: str = ""
    problem: ScanPartProblem | None = None


def mark_of(page: int, texts: Sequence[str], *, unreadable: bool) -> SheetMark | None:
    """Whether the page is a cover sheet. Two different codes on one page are as good as none."""
    codes = {text.removeprefix(SHEET_PREFIX) for text in texts if text.startswith(SHEET_PREFIX)}
    if len(codes) == 1:
        return SheetMark(page, codes.pop())
    return SheetMark(page) if codes or unreadable else None


def split_at_sheets(
    page_count: int, marks: Sequence[SheetMark], *, known: Collection[str]
) -> tuple[PlannedScanPart, ...]:
    """Every page is in exactly one part, but for the cover sheets that are known and have pages behind them.

    What is before the first sheet, and behind a sheet that is unknown or cannot be read, has no case and a problem that
    a person has to solve; so has a sheet without pages. A page that cannot be read as a sheet stays in its part, for it
    may be none.
    """
    parts: list[PlannedScanPart] = []
    starts = sorted(marks, key=lambda mark: mark.page)
    if page_count and (not starts or starts[0].page > 1):
        last = starts[0].page - 1 if starts else page_count
        parts.append(PlannedScanPart(1, last, problem=ScanPartProblem.NO_SHEET))
    for mark, following in pairwise([*starts, SheetMark(page_count + 1)]):
        last = following.page - 1
        if not mark.code:
            parts.append(PlannedScanPart(mark.page, last, problem=ScanPartProblem.UNREADABLE))
        elif mark.code not in known:
            parts.append(PlannedScanPart(mark.page, last, problem=ScanPartProblem.UNKNOWN))
        elif last == mark.page:
            parts.append(PlannedScanPart(mark.page, last, mark.code, ScanPartProblem.SHEET_ALONE))
        else:
            parts.append(PlannedScanPart(mark.page + 1, last, mark.code))
    return tuple(parts)
