"""Reading tables from XLSX and CSV, row by row and under limits; writing cells that no program takes for formulas.

A workbook is a ZIP of XML: entities are refused (defusedxml), sizes are checked before anything is inflated, and
formulas are named, never evaluated.
"""

import csv
import io
import itertools
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, Final

import openpyxl

from imr.core.errors import DomainError

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_INFLATED: Final = 300 * 1024 * 1024
# Texts that cells share are held in memory as a whole; everything else passes through.
MAX_SHARED_TEXT: Final = 60 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_COLUMNS: Final = 300
MAX_CELL: Final = 32_767

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_SEPARATORS: Final = ",;\t"
_NO_WORKBOOK: Final = "This is not a workbook. Send the filled-in template (.xlsx), or a CSV file."


class SpreadsheetError(DomainError):
    """The file is no table that can be read; the message says what to do."""

    code = "spreadsheet"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text: `number` as the spreadsheet program shows it, `formulas` the places (from 0) of formulas."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()

    @property
    def is_blank(self) -> bool:
        return not any(self.cells) and not self.formulas


def check_file(path: Path, size: int, *, name: str = "") -> str:
    """`xlsx` or `csv`. Raises `SpreadsheetError` for what is neither, too large, or would inflate beyond the limits.

    Reads the beginning of the file and the directory of the ZIP alone. `name` is what the person calls the file: one
    that is named as a workbook and is none is not taken for a CSV file.
    """
    if size == 0:
        raise SpreadsheetError("The file is empty. Fill in the template and send it again.")
    if size > MAX_BYTES:
        raise SpreadsheetError(
            f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Divide it into several files.", code="too_large"
        )
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLD_EXCEL:
        raise SpreadsheetError("This is a workbook of an old format, or one with a password. Save it as .xlsx or CSV.")
    if start != b"PK\x03\x04":
        if name.casefold().endswith((".xlsx", ".xlsm")):
            raise SpreadsheetError(_NO_WORKBOOK)
        return "csv"
    _check_parts(path)
    return "xlsx"


def read_rows(path: Path, kind: str, *, most: int) -> Iterator[Row]:
    """The rows of the first sheet with their numbers, blank ones left out; memory does not grow with their number.

    Raises `SpreadsheetError` when the file breaks off, is no UTF-8, or has more than `most` rows.
    """
    rows = _xlsx_rows(path, most) if kind == "xlsx" else _csv_rows(path)
    for count, row in enumerate((row for row in rows if not row.is_blank), start=1):
        if count > most:
            raise SpreadsheetError(f"The file has more than {most:,} rows. Divide it into several files.")
        yield row


def write_csv(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as lines of CSV, each cell as text that no spreadsheet program takes for a formula."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(str(cell)) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def safe_cell(text: str) -> str:
    """`text` with an apostrophe in front where it would be a formula; `plain_cell` takes it off again."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def plain_cell(text: str) -> str:
    """The text of a cell as it was before `safe_cell`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def _check_parts(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SpreadsheetError(_DAMAGED) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise SpreadsheetError(_NO_WORKBOOK)
    # `zipfile` never reads more of a part than is declared here, so the sums hold whatever the file claims.
    shared = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_INFLATED
        or shared > MAX_SHARED_TEXT
        or any(part.flag_bits & 0x1 for part in parts)
    ):
        raise SpreadsheetError(
            "The workbook holds far more than a table of applications. Copy the rows into a fresh template.",
            code="too_large",
        )


_DAMAGED: Final = "The workbook is damaged and cannot be read to its end. Save it again and send it once more."


def _xlsx_rows(path: Path, most: int) -> Iterator[Row]:
    with path.open("rb") as file:
        # Whatever a hostile file makes the reader raise, the person reads one sentence.
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        except Exception as error:
            raise SpreadsheetError(_DAMAGED) from error
        with closing(book):
            try:
                sheet: Any = book.worksheets[0]
                # What the file says about its own extent is not believed.
                sheet.reset_dimensions()
                # Blank rows do not count, but an endless run of them is not read either.
                for number, cells in enumerate(sheet.iter_rows(max_row=most * 2 + 100, max_col=MAX_COLUMNS), start=1):
                    yield _xlsx_row(number, cells)
            except Exception as error:
                raise SpreadsheetError(_DAMAGED) from error


def _xlsx_row(number: int, cells: Iterable[Any]) -> Row:
    texts: list[str] = []
    formulas = set()
    for index, cell in enumerate(cells):
        if cell.data_type == "f":
            formulas.add(index)
            texts.append("")
        else:
            texts.append(plain_cell(_text(cell.value)))
    while texts and not texts[-1] and len(texts) - 1 not in formulas:
        texts.pop()
    return Row(number, tuple(texts), frozenset(formulas))


def _text(value: object) -> str:
    """A cell's value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[: MAX_CELL + 1].strip()


def _csv_rows(path: Path) -> Iterator[Row]:
    csv.field_size_limit(MAX_CELL * 4)
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            separator = _separator(file)
            for number, cells in enumerate(csv.reader(file, delimiter=separator), start=1):
                texts = [plain_cell(cell.strip()) for cell in itertools.islice(cells, MAX_COLUMNS)]
                while texts and not texts[-1]:
                    texts.pop()
                yield Row(number, tuple(texts))
        except UnicodeDecodeError as error:
            raise SpreadsheetError(
                "The file is not in UTF-8, so names with accents would be misread. Save it as “CSV UTF-8” or as .xlsx."
            ) from error
        except csv.Error as error:
            raise SpreadsheetError("The file cannot be read as CSV. Save it as “CSV UTF-8” or as .xlsx.") from error


def _separator(file: IO[str]) -> str:
    first = file.readline(MAX_CELL)
    file.seek(0)
    return max(_SEPARATORS, key=first.count)
