"""Reading files with applications: whose they are, how far they are, and what became of each application."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from cases.enums import BatchRowState, BatchState
from cases.models import Batch, BatchRow
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How many applications of a file are in each state."""

    counts: Mapping[str, int]

    def of(self, *states: BatchRowState) -> int:
        return sum(self.counts.get(state.value, 0) for state in states)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.total - self.of(BatchRowState.WAITING)

    @property
    def checked(self) -> int:
        return self.of(BatchRowState.CHECKED)

    @property
    def refused(self) -> int:
        return self.of(BatchRowState.REFUSED, BatchRowState.FAILED)

    @property
    def drafted(self) -> int:
        return self.of(BatchRowState.DRAFTED)

    @property
    def filed(self) -> int:
        return self.of(BatchRowState.FILED)


def batches_of(user: User) -> QuerySet[Batch]:
    """The files that exist for `user`: claims people see their organization's, administrators all."""
    scope = user.scope(Action.CASE_CREATE)
    rows = Batch.objects.select_related("organization", "created_by")
    if scope == Scope.ANY:
        return rows
    if scope == Scope.ORGANIZATION:
        return rows.filter(organization_id=user.organization_id)
    return rows.none()


def progress_of(batch: Batch) -> Progress:
    """The applications of the file counted by state; one query."""
    found = BatchRow.objects.filter(batch=batch).order_by().values_list("state").annotate(count=Count("pk"))
    return Progress(dict(found))


def is_at_work(batch: Batch) -> bool:
    """Whether the file's page will change by itself."""
    return batch.state in {BatchState.READING, BatchState.WORKING}


def rows_of(batch: Batch, *, state: str = "") -> QuerySet[BatchRow]:
    """The applications of the file, of one state where that is given, without what was read of them."""
    rows = BatchRow.objects.filter(batch=batch).select_related("case").defer("answers")
    return rows.filter(state=state) if state else rows


def result_lines(batch: Batch) -> Iterator[tuple[Any, ...]]:
    """A line for each application: row, reference, result, case number, problems."""
    yield ("Row", "Reference", "Result", "Case", "What to correct")
    for row in rows_of(batch).order_by("number").iterator(chunk_size=AT_ONCE):
        words = " ".join(_words(problem) for problem in row.problems)
        case = (row.case.number or f"Draft {row.case.pk}") if row.case else ""
        yield (row.number, row.reference, BatchRowState(row.state).label, case, words)


def lines_to_correct(batch: Batch, headings: tuple[str, ...], remarks: tuple[str, str]) -> Iterator[tuple[str, ...]]:
    """The rows of the applications with errors as they were sent, under `headings`, and what to correct in each.

    The last two columns, `remarks`, may stay when the corrected file is sent again.
    """
    yield (*headings, *remarks)
    refused = BatchRow.objects.filter(batch=batch, state__in=[BatchRowState.REFUSED, BatchRowState.FAILED])
    for row in refused.order_by("number").iterator(chunk_size=AT_ONCE):
        for answer in row.answers:
            own = [one for one in row.problems if one["row"] == answer["row"]]
            cells = {**answer["cells"], "Reference": row.reference}
            words = " ".join(_words(problem) for problem in own)
            yield (*(cells.get(heading, "") for heading in headings), str(answer["row"]), words)


def _words(problem: Mapping[str, Any]) -> str:
    place = f"{problem['column']}: " if problem["column"] else ""
    return f"Row {problem['row']}, {place}{problem['message']}"
