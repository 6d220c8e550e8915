"""Applications from a spreadsheet: every error at once at its place, each application filed exactly once."""

import io
from typing import Any

import openpyxl
import pytest
from django.db import OperationalError
from pytest_django import DjangoAssertNumQueries

from cases.enums import BatchGoal, BatchRowState, BatchState, CaseStatus, Priority
from cases.forms.bulk_columns import FILE_ANYWAY, columns
from cases.forms.bulk_template import template_workbook
from cases.models import Batch, BatchRow, Case, FilingReceipt
from cases.services import bulk
from cases.services.bulk import go_on_with_checked, read_batch, take_batch, work_batch
from cases.services.filing import file_application
from imr.accounts.models import User
from imr.core import storage
from imr.core.errors import ConflictError, DomainError
from imr.core.models import OutboxJob
from tests.factories.accounts import Cast
from tests.factories.batches import answers, csv_file, further_item, make_batch, xlsx_file

pytestmark = pytest.mark.django_db


def worked(user: User, rows: list[dict[str, str]], *, goal: BatchGoal = BatchGoal.CHECK, **more: Any) -> Batch:
    """The file of these rows, read and worked through."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    batch = make_batch(user, csv_file(rows, headings), goal=goal, **more)
    read_batch(batch_id=batch.pk)
    work_batch(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def problems(batch: Batch) -> list[tuple[int, str, str]]:
    return [
        (one["row"], one["column"], one["message"]) for row in batch.rows.order_by("number") for one in row.problems
    ]


def states(batch: Batch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("state", flat=True))


def test_submitted_file_gives_numbered_cases_with_receipts(cast: Cast) -> None:
    rows = [
        answers("A-1"),
        further_item("A-1", "Lumbar MRI", **{"Item: already provided": "x", "Item: date of service": "01/05/2026"}),
        answers("A-2", **{"Type of review": "EXPEDITED"}),
    ]

    batch = worked(cast.claims, rows, goal=BatchGoal.SUBMIT)

    assert problems(batch) == []
    assert (batch.state, states(batch)) == (BatchState.DONE, ["filed", "filed"])
    first, second = (row.case for row in batch.rows.select_related("case"))
    assert isinstance(first, Case)
    assert isinstance(second, Case)
    assert (first.status, first.organization, first.received_by) == (CaseStatus.RECEIVED, cast.home, cast.claims)
    assert [item.is_retrospective for item in first.items.all()] == [False, True]
    assert (second.priority, second.application.claim_number) == (Priority.EXPEDITED, "BULK-A-2")
    notes = FilingReceipt.objects.get(case=first).manifest["notes"]
    assert {note.split(":")[0] for note in notes} == {"INE-UR", "INE-SIG"}
    assert first.application.attested_by_name == cast.claims.full_name
    # What was read is kept no longer than it is needed.
    assert not batch.rows.exclude(answers=[]).exists()


def test_drafts_wait_for_their_papers(cast: Cast) -> None:
    batch = worked(cast.claims, [answers("A-1")], goal=BatchGoal.DRAFT)
    [row] = batch.rows.all()
    assert row.state == BatchRowState.DRAFTED
    assert row.case is not None
    assert row.case.is_draft
    assert row.case.items.count() == 1


def test_every_error_is_told_with_its_row_and_column(cast: Cast) -> None:
    rows = [
        answers("A-1", **{"Worker: ZIP code": "1", "Claim: claim number": "", "Item: UR outcome": "maybe"}),
        answers("A-2"),
        further_item("A-2", "x" * 1001, **{"Item: UR outcome": "Modified"}),
        answers("A-3", **{"UR decision: date served": "01/01/2019", "Item: kind of treatment": "Magic"}),
        further_item("A-3", "Lumbar MRI", **{"Claim: claim number": "other", "Item: goes with a surgery": "perhaps"}),
    ]

    batch = worked(cast.claims, rows)

    found = problems(batch)
    places = {(row, column) for row, column, _ in found}
    assert places == {
        (2, "Worker: ZIP code"),
        (2, "Claim: claim number"),
        (2, "Item: UR outcome"),
        (4, "Item: requested treatment"),
        (4, "Item: what you authorized"),
        (4, "Item: what is left in dispute"),
        (5, "UR decision: date served"),
        (5, "Item: kind of treatment"),
        (6, "Claim: claim number"),
        (6, "Item: goes with a surgery"),
    }
    assert (2, "Claim: claim number", "Enter the claim number.") in found
    assert states(batch) == ["refused", "refused", "refused"]
    assert Case.objects.count() == 0


def test_kind_is_taken_by_the_name_that_pages_show_and_another_one_is_told(cast: Cast) -> None:
    kind = "Item: kind of treatment"
    batch = worked(cast.claims, [answers("A-1", **{kind: "Imaging and radiology"})])
    assert problems(batch) == []
    batch = worked(cast.claims, [answers("A-2", **{kind: "X-rays, somehow"})])
    [(_, column, words)] = problems(batch)
    assert column == kind
    assert words == "“X-rays, somehow” is none of the choices. The sheet “Lists” of the template has all of them."


def test_character_that_was_lost_on_the_way_is_not_filed(cast: Cast) -> None:
    batch = worked(cast.claims, [answers("A-1", **{"Worker: last name": "a\x00b"})], goal=BatchGoal.SUBMIT)
    assert not Case.objects.exists()
    [(_, column, words)] = problems(batch)
    assert (column, "after “a”" in words) == ("Worker: last name", True)


def test_same_item_twice_is_told_at_its_own_row(cast: Cast) -> None:
    rows = [answers("A-1"), further_item("A-1", "Knee brace"), further_item("A-1", "knee  BRACE")]
    [(row, column, words)] = problems(worked(cast.claims, rows))
    assert (row, column) == (4, "Item: requested treatment")
    assert "repeats item 2" in words


def test_check_files_nothing_and_finds_what_submitting_finds(cast: Cast) -> None:
    rows = [answers("A-1"), answers("A-2", **{"Signature: signed by": "The injured worker's attorney"}), answers("A-3")]
    checked = worked(cast.claims, rows)
    assert (states(checked), Case.objects.count()) == (["checked", "refused", "checked"], 0)
    filed = worked(cast.claims, rows, goal=BatchGoal.SUBMIT)
    assert problems(filed) == problems(checked)
    assert states(filed) == ["filed", "refused", "filed"]


def test_checked_applications_are_taken_up_again(cast: Cast) -> None:
    batch = worked(cast.claims, [answers("A-1"), answers("A-2", **{"Worker: city": ""})])
    with pytest.raises(DomainError):
        go_on_with_checked(batch_id=batch.pk, actor=cast.claims, goal=BatchGoal.SUBMIT)
    go_on_with_checked(batch_id=batch.pk, actor=cast.claims, goal=BatchGoal.DRAFT)
    with pytest.raises(ConflictError, match="still at work"):
        go_on_with_checked(batch_id=batch.pk, actor=cast.claims, goal=BatchGoal.DRAFT)
    work_batch(batch_id=batch.pk)
    assert states(batch) == ["drafted", "refused"]
    with pytest.raises(ConflictError, match="no checked applications"):
        go_on_with_checked(batch_id=batch.pk, actor=cast.claims, goal=BatchGoal.DRAFT)


def test_file_sent_twice_is_not_filed_twice(cast: Cast) -> None:
    worked(cast.claims, [answers("A-1")], goal=BatchGoal.SUBMIT)
    again = worked(cast.claims, [answers("A-1")], goal=BatchGoal.SUBMIT)
    assert "already on file as case CM" in problems(again)[0][2]
    assert Case.objects.count() == 1
    meant = worked(cast.claims, [answers("A-1", **{FILE_ANYWAY: "Yes"})], goal=BatchGoal.SUBMIT)
    assert states(meant) == ["filed"]
    # Another organization's file says nothing of these.
    assert problems(worked(cast.away_claims, [answers("A-1")])) == []


def test_application_twice_in_one_file_is_told_with_the_first_row(cast: Cast) -> None:
    rows = [answers("A-1"), answers("A-2", **{"Claim: claim number": "BULK-A-1", "Worker: last name": "Sandoval A-1"})]
    for goal in (BatchGoal.CHECK, BatchGoal.DRAFT):
        [(row, _, words)] = problems(worked(cast.claims, rows, goal=goal))
        assert row == 3
        assert "repeats the application in row 2" in words


def test_reference_that_comes_back_is_refused_at_its_row(cast: Cast) -> None:
    batch = worked(cast.claims, [answers("A-1"), answers("A-2"), further_item("A-1", "Lumbar MRI")])
    [(row, column, words)] = problems(batch)
    assert (row, column) == (4, "Reference")
    assert "stands in row 2 already" in words


def test_formula_is_an_error_of_its_cell(cast: Cast) -> None:
    data = xlsx_file([answers("A-1", **{"Claim: claim number": "=1+1"})])
    batch = make_batch(cast.claims, data)
    read_batch(batch_id=batch.pk)
    work_batch(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.problem == ""
    [(row, column, words)] = problems(batch)
    assert (row, column) == (2, "Claim: claim number")
    assert "holds a formula" in words


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (["Reference", "Claim number"], "Column 2, “Claim number”, is not a column of the template."),
        (["Reference", "Reference"], "The column “Reference” stands there twice."),
        (["Reference"], "The column “Claim: claim number” is missing."),
    ],
)
def test_wrong_headings_refuse_the_file_with_all_of_them(cast: Cast, headings: list[str], words: str) -> None:
    batch = make_batch(cast.claims, (",".join(headings) + "\nx,y\n").encode())
    batch = read_batch(batch_id=batch.pk)
    assert (batch.state, batch.rows.count()) == (BatchState.REFUSED, 0)
    assert words in batch.problem


def test_cell_below_no_heading_and_empty_table_refuse_the_file(cast: Cast) -> None:
    row = answers()
    beside = csv_file([row]).decode().rstrip() + ",stray\r\n"
    assert "which has no heading" in read_batch(batch_id=make_batch(cast.claims, beside.encode()).pk).problem
    assert "no rows" in read_batch(batch_id=make_batch(cast.claims, csv_file([row]).splitlines()[0]).pk).problem


def test_killed_work_goes_on_without_loss_or_double(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [answers(f"A-{number}") for number in range(6)]
    batch = make_batch(cast.claims, csv_file(rows), goal=BatchGoal.SUBMIT)
    read_batch(batch_id=batch.pk)
    read_batch(batch_id=batch.pk)
    assert batch.rows.count() == 6
    filed: list[int] = []

    def dies_at_the_third(**given: Any) -> Case:
        case = file_application(**given)
        filed.append(case.pk)
        if len(filed) == 3:
            raise OperationalError("the server closed the connection")
        return case

    monkeypatch.setattr(bulk, "file_application", dies_at_the_third)
    with pytest.raises(OperationalError):
        work_batch(batch_id=batch.pk)
    assert states(batch) == ["filed", "filed", "waiting", "waiting", "waiting", "waiting"]
    assert Case.objects.count() == 2
    work_batch(batch_id=batch.pk)
    work_batch(batch_id=batch.pk)
    assert states(batch) == ["filed"] * 6
    assert Case.objects.count() == 6
    assert BatchRow.objects.values("case").distinct().count() == 6


def test_slices_promise_each_other_and_the_last_one_ends_the_batch(cast: Cast) -> None:
    batch = make_batch(cast.claims, csv_file([answers(f"A-{number}") for number in range(3)]))
    read_batch(batch_id=batch.pk)
    assert work_batch(batch_id=batch.pk, most=2) == 2
    keys = set(OutboxJob.objects.filter(name="cases.work_batch").values_list("unique_key", flat=True))
    assert keys == {f"batch:{batch.pk}:1:2", f"batch:{batch.pk}:1:4"}
    batch.refresh_from_db()
    assert batch.state == BatchState.WORKING
    work_batch(batch_id=batch.pk, most=2)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert batch.finished_at is not None


def test_application_that_breaks_does_not_hold_up_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks_once(**given: Any) -> Case:
        if given["steps"]["claim"]["claim_number"] == "BULK-A-1":
            raise RuntimeError("a fault of the program")
        return file_application(**given)

    monkeypatch.setattr(bulk, "file_application", breaks_once)
    batch = worked(cast.claims, [answers("A-1"), answers("A-2")], goal=BatchGoal.SUBMIT)
    assert states(batch) == ["failed", "filed"]
    assert batch.state == BatchState.DONE


def test_only_claims_administrators_have_files(cast: Cast) -> None:
    with pytest.raises(DomainError, match="Choose the claims administrator"):
        take_batch(actor=cast.administrator, stored=storage.store_bytes(b"x"), name="a.csv", goal=BatchGoal.CHECK)
    batch = worked(cast.administrator, [answers("A-1")], goal=BatchGoal.DRAFT, organization=cast.home)
    [row] = batch.rows.all()
    assert row.case is not None
    assert row.case.organization == cast.home


def test_template_can_be_filled_in_and_read_back(cast: Cast) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    sheet = book["Applications"]
    headings = [str(cell.value) for cell in sheet[1]]
    assert len(headings) == len(set(headings)) == len(columns()) + 2
    assert book.sheetnames == ["Applications", "Guide", "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    assert len(sheet.data_validations.dataValidation) == sum(bool(column.choices) for column in columns())
    cells = answers("A-1")
    for index, heading in enumerate(headings, start=1):
        sheet.cell(2, index, cells.get(heading.rstrip("*")))
    out = io.BytesIO()
    book.save(out)
    batch = make_batch(cast.claims, out.getvalue(), goal=BatchGoal.DRAFT)
    read_batch(batch_id=batch.pk)
    work_batch(batch_id=batch.pk)
    assert problems(batch) == []
    assert states(batch) == ["drafted"]


def test_filing_a_row_costs_few_questions_to_the_database(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    headings = list(answers("A-1"))
    batch = make_batch(cast.claims, csv_file([answers("A-1")], headings), goal=BatchGoal.SUBMIT)
    read_batch(batch_id=batch.pk)
    # Ten thousand of them are one file.
    with django_assert_max_num_queries(100):
        assert work_batch(batch_id=batch.pk) == 1
    assert states(batch) == ["filed"]
