"""How a print pack is put together: the records that fit, behind the list that says where each of them stands."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string

from cases.rules.package import bookmark_title
from cases.services.rendering import render_paper
from imr.core import clock, storage
from imr.core.pdf_binder import Bookmark, PageLabel, bind, bind_each
from reviews.models import Assignment
from reviews.rules.print_pack import MOST_PAGES, places, within_cap
from reviews.selectors.print_pack import Pack, PackRecord, pack_content

WHOLE: Final = "whole.pdf"
WATERMARK: Final = "Confidential – destroy after review"
_TOO_LARGE: Final = f"Not in this file: more than {MOST_PAGES:,} pages or 200 MB in all. Read it in the workspace."
_UNREADABLE: Final = "Not in this file: it cannot be read. Open it in the workspace."


def bind_pack(*, assignment: Assignment, folder: Path) -> int:
    """The pack lies under `WHOLE` in the folder, with a bookmark and page labels (R3-1, R3-2) for each record; its
    pages. Raises `RenderError` and `BindingError`.
    """
    pack = pack_content(assignment)
    counts = _bind_records(pack, folder / "records.pdf")
    front, starts = _front(pack, counts, folder / "front.pdf")
    held = [record for record in pack.records if record.document_id in starts]
    kids = tuple(
        Bookmark(bookmark_title(record.number, record.title, record.dated_on), starts[record.document_id])
        for record in held
    )
    bookmarks = [Bookmark(f"Review of {pack.case.number}", 0)]
    if kids:
        bookmarks.append(Bookmark("Records", kids[0].page, kids))
    labels = [PageLabel(0, ""), *(PageLabel(starts[one.document_id], f"R{one.number}-") for one in held)]
    parts = [front, *([folder / "records.pdf"] if kids else [])]
    return sum(bind(parts, folder / WHOLE, title=f"Review of {pack.case.number}", bookmarks=bookmarks, labels=labels))


def _bind_records(pack: Pack, target: Path) -> dict[int, int]:
    """The records that fit are one file; how many pages each gave, 0 for one that cannot be read."""
    fitting = within_cap((one.document_id, one.page_count, one.size) for one in pack.records)
    taken = [record for record in pack.records if record.document_id in fitting]
    sound = [record for record in taken if _is_sound(record)]
    counts = {record.document_id: 0 for record in taken}
    if sound:
        bound = bind_each([storage.local_path(record.sha256) for record in sound], target)
        counts |= {record.document_id: count for record, count in zip(sound, bound, strict=True)}
    return counts


def _is_sound(record: PackRecord) -> bool:
    try:
        storage.open_verified(record.sha256).close()
    except storage.IntegrityError:
        return False
    return True


def _front(pack: Pack, counts: Mapping[int, int], path: Path) -> tuple[Path, dict[int, int]]:
    """The list as a PDF, and the first page of each record: the list names them, and they depend on its length."""
    pages = 1
    for _ in range(3):
        starts = places(counts, first=pages)
        rendered = render_paper(_page(pack, counts, starts), style_sheet="print_pack.css")
        if rendered.page_count == pages:
            break
        pages = rendered.page_count
    path.write_bytes(rendered.data)
    return path, places(counts, first=rendered.page_count)


def _page(pack: Pack, counts: Mapping[int, int], starts: Mapping[int, int]) -> str:
    records = tuple(replace(record, place=_place(record, counts, starts)) for record in pack.records)
    context = {
        "pack": replace(pack, records=records),
        "made_at": clock.now(),
        "watermark": WATERMARK,
        "organization_name": settings.IMR_ORGANIZATION_NAME,
    }
    return render_to_string("letters/print_pack.html", context)


def _place(record: PackRecord, counts: Mapping[int, int], starts: Mapping[int, int]) -> str:
    if record.document_id not in counts:
        return _TOO_LARGE
    if record.document_id not in starts:
        return _UNREADABLE
    first = starts[record.document_id] + 1
    last = first + counts[record.document_id] - 1
    return f"page {first:,}" if first == last else f"pages {first:,}–{last:,}"
