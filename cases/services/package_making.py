"""How the file of all records is put together: a PDF from parts that are bound, a zip that grows."""

import os
import shutil
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Final

from django.template.loader import render_to_string

from cases.enums import DocumentKind, LeftOut
from cases.models import CasePackage, PackageEntry
from cases.rules.package import bookmark_title
from cases.selectors.package import package_index
from cases.services.rendering import render_paper
from imr.core import clock, storage
from imr.core.pdf_binder import Bookmark, bind, bind_each
from imr.core.spreadsheet import write_csv

_COPY: Final = 1024 * 1024
_INDEX_TITLE: Final = "Index of the records"
_OFFSET_BYTES: Final = 8


def add_to_pdf(folder: Path, part: int, entries: Sequence[PackageEntry]) -> None:
    """The pages of `entries` are a file of the part, and each entry knows how many it has; or why it has none."""
    target = folder / f"{part:05}.pdf"
    sources = [storage.local_path(entry.document.sha256) for entry in entries]
    counts = bind_each(sources, target)
    for entry, count in zip(entries, counts, strict=True):
        entry.page_count = count
        if count == 0:
            entry.left_out = LeftOut.UNREADABLE


def finish_pdf(package: CasePackage, folder: Path, entries: Sequence[PackageEntry]) -> int:
    """Index and parts are one PDF with a bookmark for every document; returns its pages."""
    index_path, index_pages = _index_pdf(package, folder, entries)
    starts = _starts(entries, index_pages)
    bookmarks = [Bookmark(_INDEX_TITLE, 0)]
    held = [entry for entry in entries if entry.pk in starts]
    for kind, group in groupby(held, key=lambda entry: entry.document.kind):
        kids = tuple(
            Bookmark(bookmark_title(one.number, one.document.title, one.document.dated_on), starts[one.pk])
            for one in group
        )
        bookmarks.append(Bookmark(DocumentKind(kind).label, kids[0].page, kids))
    parts = [path for part in range(1, package.parts + 1) if (path := folder / f"{part:05}.pdf").exists()]
    counts = _whole(
        folder / "whole.pdf",
        lambda target: bind([index_path, *parts], target, title=f"Records of {package.case}", bookmarks=bookmarks),
    )
    return sum(counts)


def add_to_zip(folder: Path, part: int, entries: Sequence[PackageEntry]) -> None:
    """The files of `entries` are in the zip, each once, however often the part was begun."""
    path = folder / "whole.zip"
    _rewind(path, part)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            info = _member(entry.name, entry.document.received_at)
            info.file_size = entry.document.size
            with storage.open_verified(entry.document.sha256) as source, archive.open(info, "w") as member:
                shutil.copyfileobj(source, member, _COPY)


def finish_zip(package: CasePackage, folder: Path, entries: Sequence[PackageEntry]) -> int:
    """The index stands in the zip as a page and as a table; returns 0, for a zip has no pages."""
    path = folder / "whole.zip"
    _rewind(path, package.parts + 1)
    index = package_index(package, entries, {})
    now = clock.now()
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(_member("00 Index.html", now), render_to_string("cases/package/index.html", {"index": index}))
        # The mark tells a spreadsheet that the file is UTF-8.
        archive.writestr(_member("00 Index.csv", now), "\ufeff" + "".join(write_csv(index.table())))
    return 0


def _index_pdf(package: CasePackage, folder: Path, entries: Sequence[PackageEntry]) -> tuple[Path, int]:
    """The index as a PDF, and its pages: it names the page of each document, which depend on how long it is itself."""
    pages = 1
    for _ in range(3):
        index = package_index(package, entries, _starts(entries, pages))
        html = render_to_string("letters/package_index.html", {"index": index})
        rendered = render_paper(html, style_sheet="package.css")
        if rendered.page_count == pages:
            break
        pages = rendered.page_count
    path = folder / "index.pdf"
    path.write_bytes(rendered.data)
    return path, rendered.page_count


def _starts(entries: Sequence[PackageEntry], first: int) -> dict[int, int]:
    """The first page of each entry that has pages, counted from 0, when the first of all is page `first`."""
    starts = {}
    for entry in entries:
        if entry.page_count and not entry.left_out:
            starts[entry.pk] = first
            first += entry.page_count
    return starts


def _whole[T](path: Path, make: Callable[[Path], T]) -> T:
    """What `make` writes stands under `path` when all of it is on disk, or nothing does."""
    coming = path.with_suffix(".coming")
    made = make(coming)
    coming.replace(path)
    return made


def _rewind(path: Path, part: int) -> None:
    """The zip is as it was before `part`: another try may have been cut off in the middle of it.

    A zip is closed by its directory, which the next file overwrites. So the directory is kept aside first.
    """
    if part == 1:
        path.unlink(missing_ok=True)
        return
    aside = path.with_name(f"before-{part:05}")
    if aside.exists():
        kept = aside.read_bytes()
        with path.open("r+b") as handle:
            handle.truncate(int.from_bytes(kept[:_OFFSET_BYTES]))
            handle.seek(0, os.SEEK_END)
            handle.write(kept[_OFFSET_BYTES:])
        return
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    with path.open("rb") as handle:
        handle.seek(start)
        directory = handle.read()
    _whole(aside, lambda coming: coming.write_bytes(start.to_bytes(_OFFSET_BYTES) + directory))
    with suppress(FileNotFoundError):
        path.with_name(f"before-{part - 1:05}").unlink()


def _member(name: str, moment: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, moment.astimezone(clock.PACIFIC).timetuple()[:6])
