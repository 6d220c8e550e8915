"""Reading a file with applications into rows that wait, one for each application.

What the columns mean is known by the forms of the pages. They stand above services, so the project hands them over as
`BulkReader` when it starts.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypedDict

from cases.enums import BatchRowState, DraftStep
from cases.models import Batch, BatchRow
from imr.accounts.models import Organization
from imr.core import storage
from imr.core.spreadsheet import Row, SpreadsheetError, read_rows

MAX_ROWS = 50_000
MAX_APPLICATION_ROWS = 60
MOST_TOLD = 20
STORED_AT_ONCE = 500


class Answer(TypedDict):
    """A row of an application as it was read: its number, its cells by heading, and the headings of formulas."""

    row: int
    cells: dict[str, str]
    formulas: list[str]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one cell; `column` is empty where it concerns the whole row."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One application as its forms and rules see it."""

    steps: Mapping[DraftStep, Mapping[str, Any]]
    items: Sequence[Mapping[str, Any]]
    problems: list[RowProblem]
    to_confirm: Mapping[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    is_filed_anyway: bool = False


class BulkReader(ABC):
    """Knows the columns and the forms behind them."""

    @abstractmethod
    def headings(self, cells: Sequence[str]) -> tuple[list[str], list[str]]: ...

    @abstractmethod
    def read(self, rows: Sequence[Answer], organization: Organization) -> Reading: ...


_readers: list[Callable[[], BulkReader]] = []


def reader_of_job() -> BulkReader:
    """A fresh reader, with the kinds of treatment of today."""
    return _readers[0]()


def use_reader(make: Callable[[], BulkReader]) -> None:
    """Let `make` give the reader of each job from now on."""
    _readers[:] = [make]


def store_rows(batch: Batch, reader: BulkReader) -> int:
    """The rows of the file as rows of the database, one for each application; how many."""
    rows = read_rows(storage.local_path(batch.sha256), batch.kind, most=MAX_ROWS)
    first = next(rows, None)
    if first is None:
        raise SpreadsheetError("The file has no rows. Fill in the template and send it again.")
    headings, problems = reader.headings(first.cells)
    if problems:
        raise SpreadsheetError(
            " ".join(problems[:20]) + (f" And {len(problems) - 20} more." if len(problems) > 20 else "")
        )
    count = 0
    waiting: list[BatchRow] = []
    seen: dict[str, int] = {}
    for reference, answers in _applications(rows, headings):
        waiting.append(_row(batch, reference, answers, seen))
        count += 1
        if len(waiting) == STORED_AT_ONCE:
            BatchRow.objects.bulk_create(waiting)
            waiting.clear()
    BatchRow.objects.bulk_create(waiting)
    if not count:
        raise SpreadsheetError("Below the headings the file has no rows. Fill in one row for each item.")
    return count


def _row(batch: Batch, reference: str, answers: list[Answer], seen: dict[str, int]) -> BatchRow:
    number = answers[0]["row"]
    row = BatchRow(batch=batch, number=number, reference=reference[:100], answers=answers)
    words = ""
    if reference and reference in seen:
        words = (
            f"The reference “{reference[:100]}” stands in row {seen[reference]} already. Put the rows of one "
            "application together, and give each application a reference of its own."
        )
    elif len(answers) > MAX_APPLICATION_ROWS:
        words = f"An application holds at most {MAX_APPLICATION_ROWS} items; this one has {len(answers)} rows."
    if words:
        row.state, row.problems = BatchRowState.REFUSED, [asdict(RowProblem(number, "Reference", words))]
    seen.setdefault(reference, number)
    return row


def _applications(rows: Iterator[Row], headings: Sequence[str]) -> Iterator[tuple[str, list[Answer]]]:
    """The rows that stand together under one reference; a row without a reference is an application of its own."""
    reference = ""
    group: list[Answer] = []
    for row in rows:
        answer = _answer(row, headings)
        own = answer["cells"].pop("Reference", "")
        if group and (not own or own != reference):
            yield reference, group
            group = []
        reference = own
        group.append(answer)
    if group:
        yield reference, group


def _answer(row: Row, headings: Sequence[str]) -> Answer:
    cells: dict[str, str] = {}
    for index, text in enumerate(row.cells):
        if not text:
            continue
        if index >= len(headings) or not headings[index]:
            raise SpreadsheetError(f"Row {row.number} has an entry in column {index + 1}, which has no heading.")
        cells[headings[index]] = text.replace("\x00", "\ufffd")
    formulas = [headings[index] for index in sorted(row.formulas) if index < len(headings) and headings[index]]
    return Answer(row=row.number, cells=cells, formulas=formulas)
