"""Many letters as one zip file, with an index that says what each of them is."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime

from django.template.loader import render_to_string

from imr.accounts.models import User
from imr.core import clock, storage
from imr.core.words import mmddyyyy
from reviews.models import Letter
from reviews.services.letter import record_letter_access

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A line of the index; every value is in words."""

    file: str
    case: str
    claims_administrator: str
    outcome: str
    service_date: str
    version: str
    state: str
    pages: str
    sha256: str


def zip_of_letters(*, letters: Sequence[Letter], actor: User) -> Iterator[bytes]:
    """The letters as one zip in pieces, each under a name of its own, with `index.csv` and `index.html` first.

    Every file was checked and the download is on record before the first piece. The letters' cases with their
    organizations, and their determinations, must be loaded. Raises `IntegrityError` when one is not what was stored.
    """
    for letter in letters:
        storage.open_verified(letter.sha256).close()
    record_letter_access(letters=letters, actor=actor, how="zip")
    return _zip(letters)


def safe_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class _Sink:
    """A file that only grows, and gives away what was written to it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _zip(letters: Sequence[Letter]) -> Iterator[bytes]:
    sink = _Sink()
    rows = _index(letters)
    now = clock.now()
    # PDF is compressed already.
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry("index.csv", now), _csv(rows))
        archive.writestr(_entry("index.html", now), render_to_string("reviews/letter/zip_index.html", {"rows": rows}))
        for letter, row in zip(letters, rows, strict=True):
            with storage.open_verified(letter.sha256) as handle:
                archive.writestr(_entry(row.file, letter.released_at or letter.rendered_at), handle.read())
            yield sink.take()
    yield sink.take()


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, moment.astimezone(clock.PACIFIC).timetuple()[:6])


def _index(letters: Sequence[Letter]) -> list[IndexRow]:
    names: Counter[str] = Counter()
    rows = []
    for letter in letters:
        names[letter.file_name] += 1
        number = names[letter.file_name]
        name = letter.file_name if number == 1 else letter.file_name.replace(".pdf", f"_{number}.pdf")
        rows.append(
            IndexRow(
                file=name,
                case=str(letter.case.number),
                claims_administrator=letter.case.organization.name,
                outcome=letter.determination.get_outcome_display(),
                service_date=mmddyyyy(letter.service_date) if letter.service_date else "",
                version=str(letter.version),
                state=letter.state_words,
                pages=str(letter.page_count),
                sha256=letter.sha256,
            )
        )
    return rows


def _csv(rows: Sequence[IndexRow]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([field.name.replace("_", " ").capitalize() for field in fields(IndexRow)])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in astuple(row)])
    # The mark tells a spreadsheet that the file is UTF-8.
    return "\ufeff" + text.getvalue()
