"""The workbook to fill in: headings, drop-downs, and a sheet that explains every column."""

import io
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from cases.forms.bulk_columns import FILE_ANYWAY, REFERENCE, Column, columns

ROWS_WITH_HELP: Final = 5_000
_KINDS: Final = {
    "text": "Text",
    "date": "Date, mm/dd/yyyy",
    "choice": "One of the list",
    "tick": "Yes or No; blank is No",
}
_ADVICE: Final = (
    (
        "One row for each disputed item. Rows of one application stand together and have the same Reference, a name of "
        "your own choice; the application's other columns are filled in its first row and may stay blank below."
    ),
    "Columns marked * are needed. You may leave out or reorder the others.",
    "Enter values, not formulas: formulas are not calculated and are reported as errors.",
    (
        "The UR decision letter and the signed form are added to each application afterwards. Until then an "
        "application may be found ineligible (INE-UR, INE-SIG), so make drafts first unless the time to file is short."
    ),
    (
        "An application that your organization has on file already is reported. Write Yes under "
        f"“{FILE_ANYWAY}” to file it all the same."
    ),
)
_HEAD: Final = PatternFill("solid", start_color="D9E8F6")
_NEEDED: Final = PatternFill("solid", start_color="FAF3D1")


def template_workbook() -> bytes:
    """The XLSX, the same for everybody."""
    found = columns()
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("A new workbook begins with a worksheet.")
    sheet.title = "Applications"
    guide, lists = book.create_sheet("Guide"), book.create_sheet("Lists")
    lists.sheet_state = "hidden"
    _heading(sheet, 1, REFERENCE, is_required=False, kind="text")
    for index, column in enumerate(found, start=2):
        _heading(sheet, index, column.heading, is_required=column.is_required, kind=column.kind)
        if column.choices:
            _drop_down(sheet, lists, index, column)
    _heading(sheet, len(found) + 2, FILE_ANYWAY, is_required=False, kind="tick")
    sheet.freeze_panes = "B2"
    sheet.row_dimensions[1].height = 45
    _guide(guide, found)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _heading(sheet: Worksheet, index: int, heading: str, *, is_required: bool, kind: str) -> None:
    cell = sheet.cell(1, index, f"{heading}*" if is_required else heading)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.fill = _NEEDED if is_required else _HEAD
    column = sheet.column_dimensions[get_column_letter(index)]
    column.width = 22
    # Text stays as it is typed: no ZIP code loses its zero and no claim number becomes a date.
    column.number_format = "mm/dd/yyyy" if kind == "date" else "@"


def _drop_down(sheet: Worksheet, lists: Worksheet, index: int, column: Column) -> None:
    letter = get_column_letter(index)
    for number, word in enumerate(column.choices, start=1):
        lists.cell(number, index, word)
    source = f"Lists!${letter}$1:${letter}${len(column.choices)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.error, rule.errorTitle = "Choose an entry of the list.", column.heading[:30]
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{ROWS_WITH_HELP}")


def _guide(guide: Worksheet, found: tuple[Column, ...]) -> None:
    guide.cell(1, 1, "How to fill in the sheet “Applications”").font = Font(bold=True, size=14)
    for number, words in enumerate(_ADVICE, start=2):
        guide.cell(number, 1, words).alignment = Alignment(wrap_text=True, vertical="top")
        guide.merge_cells(start_row=number, start_column=1, end_row=number, end_column=5)
        guide.row_dimensions[number].height = 32
    head = len(_ADVICE) + 3
    for index, words in enumerate(("Column", "Needed", "What to enter", "Hint", "Choices"), start=1):
        cell = guide.cell(head, index, words)
        cell.font, cell.fill = Font(bold=True), _HEAD
    for number, column in enumerate(found, start=head + 1):
        choices = "" if len(column.choices) > 12 else ", ".join(column.choices)
        line = (
            column.heading,
            "Yes" if column.is_required else "",
            _KINDS[column.kind],
            column.help_text,
            choices or ("See the list in the column" if column.choices else ""),
        )
        for index, words in enumerate(line, start=1):
            guide.cell(number, index, words).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDE", (38, 9, 22, 70, 50), strict=True):
        guide.column_dimensions[letter].width = width
