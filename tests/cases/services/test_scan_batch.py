"""Scans of the mail room: read in slices, taken apart, filed once by a person."""

from datetime import timedelta
from functools import partial
from typing import Any

import pypdfium2
import pytest
import time_machine

from cases.enums import (
    CaseStatus,
    DocumentKind,
    DocumentSource,
    Lateness,
    ScanBatchState,
    ScanPartProblem,
    ScanPartState,
)
from cases.exceptions import GoneError, IncompleteError
from cases.models import Case, Deadline, Document, ScanBatch, ScanPart
from cases.services import scan_batch as service
from cases.services.cover_sheet import render_cover_sheet
from cases.services.document import AddedDocument
from cases.services.scan_batch import file_scan_part, read_scan_batch, set_aside_scan_part
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, storage
from imr.core.errors import ConflictError
from imr.core.models import OutboxJob
from imr.core.qr_reading import QrReadingError
from tests.factories.accounts import Cast, make_cast
from tests.factories.cases import make_case, make_draft
from tests.factories.scans import add_scan, make_scan, make_sheet, make_split_scan, scan_of
from tests.races import REPETITIONS, race


def filed(part: ScanPart, actor: User, case: Case, **fields: Any) -> AddedDocument:
    """The part as a medical report of a physician."""
    values: dict[str, Any] = {
        "kind": DocumentKind.MEDICAL_REPORT,
        "source": DocumentSource.PHYSICIAN,
        "title": "Report",
    }
    return file_scan_part(part_id=part.pk, actor=actor, case=case, **{**values, **fields})


def test_printed_sheet_is_read_back_from_its_own_page(cast: Cast) -> None:
    sheet = render_cover_sheet(sheet_id=make_sheet(make_case(user=cast.claims)).pk)
    with storage.open_verified(sheet.pdf_sha256) as handle:
        data = handle.read()
    document = pypdfium2.PdfDocument(data)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert str(sheet.case.number) in text
    for told in ("Sandoval", "Lumbago", sheet.case.application.claim_number, sheet.code):
        assert told not in text
    batch = read_scan_batch(batch_id=add_scan(cast.administrator, data).pk, first=1)
    assert [(part.sheet, part.problem) for part in batch.parts.all()] == [(sheet, ScanPartProblem.SHEET_ALONE)]
    assert render_cover_sheet(sheet_id=sheet.pk).rendered_at == sheet.rendered_at


def test_scan_is_taken_apart_and_nothing_is_filed_by_itself(cast: Cast) -> None:
    one, two = (make_sheet(make_case(user=user)) for user in (cast.claims, cast.away_claims))
    before = Document.objects.count()
    batch = add_scan(cast.administrator, scan_of(("", 1), (one, 2), ("IMR-SHEET:UNKNOWN", 1), (two, 3)))
    batch = read_scan_batch(batch_id=batch.pk, first=1)
    assert batch.state == ScanBatchState.READY
    assert [(part.first_page, part.last_page, part.sheet, part.problem) for part in batch.parts.all()] == [
        (1, 1, None, ScanPartProblem.NO_SHEET),
        (3, 4, one, ""),
        (5, 6, None, ScanPartProblem.UNKNOWN),
        (8, 10, two, ""),
    ]
    assert Document.objects.count() == before


def test_filed_part_is_a_document_received_when_the_paper_arrived(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    batch = make_split_scan(cast.administrator, make_sheet(case))
    document = filed(batch.parts.get(), cast.administrator, case).document
    assert (document.received_at, document.page_count) == (batch.arrived_at, 2)
    assert (document.source, document.uploaded_by) == (DocumentSource.PHYSICIAN, cast.administrator)
    assert document.original_name == "monday, pages 2 to 3.pdf"
    part = batch.parts.get()
    assert (part.state, part.document, part.decided_by) == (ScanPartState.FILED, document, cast.administrator)
    act = Event.objects.get(action="scan_batch.file")
    assert (act.case_id, act.detail["document"], act.detail["proposed"]) == (case.pk, document.pk, True)


@pytest.mark.parametrize(("hours", "lateness"), [(-1, ""), (1, Lateness.AFTER_DUE)])
def test_lateness_goes_by_the_arrival_and_not_by_the_filing(cast: Cast, hours: int, lateness: str) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    due_at = Deadline.objects.get(case=case, kind="records").due_at
    with time_machine.travel(due_at + timedelta(days=2)):
        arrived_at = due_at + timedelta(hours=hours)
        batch = add_scan(cast.administrator, scan_of((make_sheet(case), 1)), arrived_at=arrived_at)
        read_scan_batch(batch_id=batch.pk, first=1)
        assert filed(batch.parts.get(), cast.administrator, case).document.lateness == lateness


def test_person_decides_also_against_the_sheet(cast: Cast) -> None:
    proposed, right = make_case(user=cast.claims), make_case(user=cast.away_claims)
    batch = make_split_scan(cast.administrator, make_sheet(proposed))
    assert filed(batch.parts.get(), cast.administrator, right).document.case == right
    assert Event.objects.get(action="scan_batch.file").detail["proposed"] is False


def test_long_scan_is_read_in_slices_that_may_run_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SLICE_PAGES", 2)
    sheets = [make_sheet(make_case(user=cast.claims)) for _ in range(2)]
    batch = add_scan(cast.administrator, scan_of((sheets[0], 2), (sheets[1], 1)))
    for first in (1, 1, 3, 1, 3):
        read_scan_batch(batch_id=batch.pk, first=first)
    batch.refresh_from_db()
    assert (batch.pages_read, batch.state, batch.parts.count()) == (4, ScanBatchState.READING, 0)
    read_scan_batch(batch_id=batch.pk, first=5)
    batch.refresh_from_db()
    assert (batch.pages_read, batch.state) == (5, ScanBatchState.READY)
    assert [(part.first_page, part.last_page) for part in batch.parts.all()] == [(2, 3), (5, 5)]
    promised = OutboxJob.objects.filter(unique_key__startswith=f"scan-batch:{batch.pk}:")
    assert sorted(job.args["first"] for job in promised) == [1, 3, 5]


def test_scan_that_cannot_be_looked_through_waits_whole_for_a_person(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise QrReadingError("limit")

    monkeypatch.setattr(service, "read_qr_codes", fail)
    batch = make_split_scan(cast.administrator, make_sheet(make_case(user=cast.claims)))
    assert [(part.first_page, part.last_page, part.problem) for part in batch.parts.all()] == [
        (1, 3, ScanPartProblem.NO_SHEET)
    ]


def test_same_scan_is_not_added_twice(cast: Cast) -> None:
    data = make_scan(["=Once"])
    add_scan(cast.administrator, data)
    with pytest.raises(ConflictError, match="on file already"):
        add_scan(cast.administrator, data)
    with pytest.raises(IncompleteError, match="in the future"):
        add_scan(cast.administrator, make_scan(["=Late"]), arrived_at=clock.now() + timedelta(hours=1))
    assert ScanBatch.objects.count() == 1


def test_same_pages_twice_are_one_document(cast: Cast) -> None:
    """A filing that was cut off before its end and is done once more finds what it had stored."""
    case = make_case(user=cast.claims)
    batch = make_split_scan(cast.administrator, make_sheet(case))
    part = batch.parts.get()
    first = filed(part, cast.administrator, case).document
    ScanPart.objects.filter(pk=part.pk).update(
        state=ScanPartState.WAITING, document=None, decided_at=None, decided_by=None
    )
    again = filed(part, cast.administrator, case)
    assert (again.document, again.is_new) == (first, False)


def test_set_aside_pages_keep_their_reason_and_are_not_filed(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    part = make_split_scan(cast.administrator, make_sheet(case)).parts.get()
    with pytest.raises(IncompleteError):
        set_aside_scan_part(part_id=part.pk, actor=cast.administrator, reason=" ")
    set_aside_scan_part(part_id=part.pk, actor=cast.administrator, reason="Advertising.")
    with pytest.raises(GoneError, match="set aside meanwhile"):
        filed(part, cast.administrator, case)


def test_case_that_has_ended_takes_no_pages_and_gets_no_sheet(cast: Cast) -> None:
    part = make_split_scan(cast.administrator, make_sheet(make_case(user=cast.claims))).parts.get()
    ended = make_case(CaseStatus.WITHDRAWN, user=cast.claims)
    with pytest.raises(ConflictError, match="no longer be added"):
        filed(part, cast.administrator, ended)
    for case in (ended, make_draft(cast.claims)):
        with pytest.raises(ConflictError):
            make_sheet(case)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_file_the_same_pages_one_does() -> None:
    cast = make_cast()
    for _ in range(max(REPETITIONS // 2, 1)):
        one, two = make_case(user=cast.claims), make_case(user=cast.away_claims)
        part = make_split_scan(cast.administrator, make_sheet(one)).parts.get()
        before = Document.objects.count()
        results = race(partial(filed, part, cast.administrator, one), partial(filed, part, cast.medical_director, two))
        assert sorted(type(result).__name__ for result in results) == ["AddedDocument", "GoneError"]
        assert Document.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_the_same_pages_land_in_two_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: nobody asks whether somebody decided meanwhile."""
    monkeypatch.setattr(service, "_require_waiting", lambda _: None)
    cast = make_cast()
    one, two = make_case(user=cast.claims), make_case(user=cast.away_claims)
    part = make_split_scan(cast.administrator, make_sheet(one)).parts.get()
    before = Document.objects.count()
    race(partial(filed, part, cast.administrator, one), partial(filed, part, cast.medical_director, two))
    assert Document.objects.count() == before + 2
