"""Reading the rows of one application of a spreadsheet: the same forms and rules as on the pages.

This is the reader of `cases.services.bulk`, which gives it the rows as they were read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms

from cases.enums import DraftStep
from cases.forms.bulk_columns import ALIASES, FILE_ANYWAY, REFERENCE, REMARKS, columns, required_headings
from cases.forms.filing_items import ItemForm
from cases.forms.filing_whole import clean_steps
from cases.models import DisputedItem
from cases.rules.finding import Finding, Severity, stopping
from cases.selectors.draft import Draft, blank_draft, draft_findings
from cases.services.bulk_reading import Answer, BulkReader, Reading, RowProblem
from cases.services.item import ITEM_FIELDS
from imr.accounts.models import Organization
from imr.core import clock


class ApplicationReader(BulkReader):
    """Reads applications of one file; the columns are looked up once."""

    def __init__(self) -> None:
        self._columns = columns()
        self._by_heading = {_plain(column.heading): column for column in self._columns}
        self._headings = {_plain(one): one for one in (REFERENCE, FILE_ANYWAY, *REMARKS)}
        self._required = required_headings()

    def headings(self, cells: Sequence[str]) -> tuple[list[str], list[str]]:
        """The headings as the template spells them, and in sentences what is wrong with the heading row."""
        known = {plain: column.heading for plain, column in self._by_heading.items()} | self._headings
        found = [known.get(_plain(cell), "") for cell in cells]
        problems = [
            f"Column {index}, “{cell[:80]}”, is not a column of the template."
            for index, (cell, heading) in enumerate(zip(cells, found, strict=True), start=1)
            if cell and not heading
        ]
        problems += [
            f"The column “{one}” stands there twice." for one in {h for h in found if h and found.count(h) > 1}
        ]
        problems += [f"The column “{one}” is missing." for one in self._required if one not in found]
        return found, problems

    def read(self, rows: Sequence[Answer], organization: Organization) -> Reading:
        """The cleaned answers of one application with everything that is wrong with them."""
        problems: list[RowProblem] = []
        sent, shared_rows = self._application(rows, problems)
        draft = blank_draft(organization)
        bound = clean_steps({step: sent.get(step, {}) for step in _STEPS}, draft)
        for step, form in bound.items():
            problems += self._form_problems(form, step, shared_rows, rows[0]["row"])
        items, item_rows = self._items(rows, draft, problems)
        draft = replace(draft, items=tuple(_item(index, cleaned) for index, cleaned in enumerate(items, start=1)))
        findings = draft_findings(draft, today=clock.today()) if not problems else []
        for finding in stopping(findings):
            problems.append(self._finding_problem(finding, shared_rows, item_rows, rows[0]["row"]))
        return Reading(
            steps={step: form.cleaned_data for step, form in bound.items()},
            items=items,
            problems=problems,
            to_confirm={finding.code: finding.message for finding in findings if finding.severity == Severity.CONFIRM},
            notes=[finding.message for finding in findings if finding.severity == Severity.WARNING],
            is_filed_anyway=any(_is_yes(row["cells"].get(FILE_ANYWAY, "")) for row in rows),
        )

    def _application(
        self, rows: Sequence[Answer], problems: list[RowProblem]
    ) -> tuple[dict[DraftStep, dict[str, Any]], dict[str, int]]:
        """The answers of the application by step, and by heading the row in which each stands.

        Further rows of the application may repeat an answer or leave it open, not contradict it.
        """
        given: dict[str, tuple[str, int]] = {}
        for row in rows:
            for heading, text in row["cells"].items():
                column = self._by_heading.get(_plain(heading))
                if column is None or column.is_item:
                    continue
                if heading not in given:
                    given[heading] = (text, row["row"])
                elif given[heading][0] != text:
                    words = f"This differs from row {given[heading][1]} of the same application. Leave it blank here."
                    problems.append(RowProblem(row["row"], heading, words))
        sent: dict[DraftStep, dict[str, Any]] = {}
        for heading, (text, number) in given.items():
            column = self._by_heading[_plain(heading)]
            if not column.accepts(text):
                problems.append(RowProblem(number, heading, "Write Yes or No."))
            sent.setdefault(column.step, {})[column.field] = column.value(text)
        return sent, {heading: number for heading, (_, number) in given.items()}

    def _items(
        self, rows: Sequence[Answer], draft: Draft, problems: list[RowProblem]
    ) -> tuple[list[dict[str, Any]], list[int]]:
        items, numbers = [], []
        for row in rows:
            typed: dict[str, Any] = {}
            for heading, text in row["cells"].items():
                column = self._by_heading.get(_plain(heading))
                if column is None or not column.is_item:
                    continue
                if not column.accepts(text):
                    problems.append(RowProblem(row["row"], heading, "Write Yes or No."))
                typed[column.field] = column.value(text)
            form = ItemForm(typed, draft=draft)
            problems += self._form_problems(form, DraftStep.ITEMS, {}, row["row"])
            items.append(form.cleaned_data)
            numbers.append(row["row"])
        return items, numbers

    def _form_problems(
        self, form: forms.Form, step: DraftStep, rows: Mapping[str, int], first: int
    ) -> list[RowProblem]:
        found = []
        for name, errors in form.errors.as_data().items():
            heading = self._heading(step, "" if name == "__all__" else name)
            for error in errors:
                lines = error.messages
                if error.code == "invalid_choice":
                    typed = " ".join(str(form.data.get(name, "")).split())[:60]
                    lines = [f"“{typed}” is none of the choices. The sheet “Lists” of the template has all of them."]
                found += [RowProblem(rows.get(heading, first), heading, line) for line in lines]
        return found

    def _finding_problem(
        self, finding: Finding, rows: Mapping[str, int], item_rows: Sequence[int], first: int
    ) -> RowProblem:
        heading = self._heading(finding.step, finding.field)
        if finding.step == DraftStep.ITEMS:
            # The rules number the items; here each has its row.
            position = next((n for n in range(len(item_rows), 0, -1) if f"Item {n}" in finding.message), 1)
            return RowProblem(item_rows[position - 1] if item_rows else first, heading, finding.message)
        return RowProblem(rows.get(heading, first), heading, finding.message)

    def _heading(self, step: DraftStep, field: str) -> str:
        name = ALIASES.get((step, field), field)
        return next((one.heading for one in self._columns if (one.step, one.field) == (step, name)), "")


_STEPS = [step for step in DraftStep if step not in (DraftStep.ITEMS, DraftStep.DOCUMENTS)]


def _item(position: int, cleaned: Mapping[str, Any]) -> DisputedItem:
    answers = {name: cleaned[name] for name in ITEM_FIELDS if name in cleaned}
    if not answers.get("category"):
        answers.pop("category", None)
    return DisputedItem(position=position, **answers)


def _plain(heading: str) -> str:
    return " ".join(heading.replace("’", "'").casefold().rstrip("*").split())


def _is_yes(text: str) -> bool:
    return text.casefold() in {"yes", "y", "x", "true", "1"}
