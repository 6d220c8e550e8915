"""Tables from files: right row numbers, no formula evaluated, nothing inflated beyond the limits."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from imr.core import spreadsheet
from imr.core.spreadsheet import SpreadsheetError, check_file, plain_cell, read_rows, safe_cell, write_csv


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(path: Path, *, most: int = 100) -> list[tuple[int, tuple[str, ...]]]:
    kind = check_file(path, path.stat().st_size)
    return [(row.number, row.cells) for row in read_rows(path, kind, most=most)]


def test_both_kinds_give_text_with_the_row_numbers_of_the_spreadsheet(tmp_path: Path) -> None:
    data = workbook(
        ("A", "B"), (1.0, date(2026, 3, 1)), (), (True, None), (datetime.fromisoformat("2026-03-01T09:05"), 2.5)
    )
    assert rows_of(saved(tmp_path / "a.xlsx", data)) == [
        (1, ("A", "B")),
        (2, ("1", "2026-03-01")),
        (4, ("Yes",)),
        (5, ("2026-03-01 09:05:00", "2.5")),
    ]
    text = '\ufeffA;B\r\n"two\nlines";x\r\n;\r\n\'=1;3\r\n'
    assert rows_of(saved(tmp_path / "a.csv", text.encode())) == [
        (1, ("A", "B")),
        (2, ("two\nlines", "x")),
        (4, ("=1", "3")),
    ]


def test_formulas_are_named_and_never_evaluated(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", workbook(("A", "B"), ("=1+1", "x"), ('=HYPERLINK("http://x","y")',)))
    found = [(row.number, row.cells, set(row.formulas)) for row in read_rows(path, "xlsx", most=10)]
    assert found[1:] == [(2, ("", "x"), {0}), (3, ("",), {0})]


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", "\rx"])
def test_written_cells_are_text_and_come_back_as_they_were(text: str) -> None:  # B33
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text
    line = "".join(write_csv([["a", text]]))
    assert "'" + text[0] in line
    assert safe_cell("plain") == plain_cell("plain") == "plain"
    assert plain_cell("'quoted") == "'quoted"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0rest", "old format"),
        (b"PK\x03\x04 not a zip", "damaged"),
        ("Reference\nMüller".encode("latin-1"), "UTF-8"),
        (b'A\n"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_words(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(SpreadsheetError, match=words):
        rows_of(saved(tmp_path / "a", data))


def test_other_archive_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(SpreadsheetError, match="not a workbook"):
        rows_of(path)


def test_bomb_is_refused_before_anything_is_inflated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_INFLATED", 1_000_000)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 2_000_000)
    assert path.stat().st_size < 10_000
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **__: pytest.fail("was opened"))
    with pytest.raises(SpreadsheetError, match="far more than a table"):
        rows_of(path)


def test_entities_of_a_workbook_are_refused(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.xlsx", workbook(("A",), ("x",)))
    path = tmp_path / "b.xlsx"
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = bomb.encode() + text.replace(b'<?xml version="1.0"?>', b"")
            new.writestr(part.filename, text)
    with pytest.raises(SpreadsheetError, match="damaged"):
        rows_of(path)


def test_too_many_rows_are_refused_and_an_endless_blank_is_not_read(tmp_path: Path) -> None:
    many = saved(tmp_path / "a.csv", b"A\n" + b"x\n" * 20)
    with pytest.raises(SpreadsheetError, match="more than 10 rows"):
        rows_of(many, most=10)
    book = Workbook()
    sheet: Any = book.active
    sheet["A1"], sheet["A1000000"] = "A", "far below"
    out = io.BytesIO()
    book.save(out)
    assert rows_of(saved(tmp_path / "b.xlsx", out.getvalue()), most=10) == [(1, ("A",))]


def test_large_file_is_refused_by_its_size(tmp_path: Path) -> None:
    with pytest.raises(SpreadsheetError, match="larger than 20 MB"):
        check_file(tmp_path / "never-read", spreadsheet.MAX_BYTES + 1)


def test_file_that_is_named_as_a_workbook_is_not_read_as_text(tmp_path: Path) -> None:
    path = saved(tmp_path / "a", b"MZ\x90\x00")
    with pytest.raises(SpreadsheetError, match="This is not a workbook"):
        check_file(path, 4, name="Applications.XLSX")
    assert check_file(path, 4, name="applications.csv") == "csv"
