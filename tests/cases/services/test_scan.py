"""Documents under the virus check: refused, open, or closed until there is an answer (F14, B50, B51, B66)."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.enums import CaseStatus, DocumentKind, ScanState
from cases.exceptions import IncompleteError
from cases.models import Case, Document
from cases.selectors.document import reviewable_documents
from cases.services.document import add_document
from cases.services.records import complete_records
from cases.services.scan import scan_document, watch_scans
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, jobs, storage
from imr.core.jobs import BACK_OFF
from imr.core.models import JobState, OutboxJob
from imr.core.pdf_intake import RefusedFileError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, upload_file
from tests.factories.clamd import FakeClamd, clamd
from tests.factories.viruses import infected_pdf

type ClientOf = Callable[..., Client]


@pytest.fixture
def scanner(settings: Settings) -> Iterator[FakeClamd]:
    with clamd() as fake:
        settings.IMR_CLAMD_ADDRESS = fake.address
        yield fake


def add(case: Case, actor: User, data: bytes | None = None, name: str = "report.pdf") -> Document:
    file = upload_file(name, data)
    return add_document(case_id=case.pk, actor=actor, file=file, name=name, kind=DocumentKind.MEDICAL_REPORT).document


def events(action: str) -> int:
    return Event.objects.filter(action=action).count()


def test_clean_file_is_open_at_once(cast: Cast, scanner: FakeClamd) -> None:
    document = add(make_case(user=cast.claims), cast.claims)

    assert document.scan == ScanState.CLEAN
    assert document.scanned_at is not None
    assert scanner.scanned == [document.size]


def test_infected_file_is_refused_and_nothing_of_it_kept(
    cast: Cast, scanner: FakeClamd, caplog: pytest.LogCaptureFixture
) -> None:
    """B51: 400 in words, destroyed, on the audit record, in the log as an error."""
    case, data = make_case(user=cast.claims), infected_pdf()
    before = Document.objects.count()

    with caplog.at_level(logging.ERROR), pytest.raises(RefusedFileError) as raised:
        add(case, cast.claims, data)

    assert (raised.value.status, raised.value.code) == (400, "virus")
    assert "did not pass the virus check" in raised.value.message
    assert Document.objects.count() == before
    assert not storage.local_path(hashlib.sha256(data).hexdigest()).exists()
    assert events("document.virus") == 1
    assert "virus_found" in caplog.text


@pytest.mark.parametrize("mode", ["error", "close"])
def test_without_an_answer_the_file_stays_closed_until_there_is_one(
    cast: Cast, client_of: ClientOf, scanner: FakeClamd, mode: str
) -> None:
    """F14, B66: told, not downloadable by anybody, not before the reviewer, tried again by the outbox."""
    scanner.mode = mode
    case = make_case(user=cast.claims)
    client = client_of(cast.claims)

    document = add(case, cast.claims)

    assert document.scan == ScanState.WAITING
    for name in ("cases:document-download", "cases:document-view"):
        answer = client.get(reverse(name, args=[case.pk, document.pk]))
        assert answer.status_code == 409
        assert "still being checked for viruses" in answer.content.decode()
    assert events("document.download") == events("document.view") == 0
    assert "Being checked for viruses" in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert document not in reviewable_documents(case.pk)
    assert not OutboxJob.objects.filter(name="cases.read_pages", args={"document_id": document.pk}).exists()

    job = OutboxJob.objects.get(name="cases.scan_document")
    assert jobs.run(job.pk) == JobState.PENDING
    job.refresh_from_db()
    assert job.available_at >= clock.now() + BACK_OFF[0] - timedelta(seconds=20)
    scanner.mode = "scan"
    OutboxJob.objects.filter(pk=job.pk).update(available_at=clock.now())
    assert jobs.run(job.pk) == JobState.DONE

    document.refresh_from_db()
    assert document.scan == ScanState.CLEAN
    assert b"".join(client.get(reverse("cases:document-download", args=[case.pk, document.pk])))[:5] == b"%PDF-"
    assert document in reviewable_documents(case.pk)
    assert OutboxJob.objects.filter(name="cases.read_pages", args={"document_id": document.pk}).exists()
    assert scan_document(document_id=document.pk) is None


def test_virus_found_later_takes_the_file_out_everywhere(cast: Cast, client_of: ClientOf, scanner: FakeClamd) -> None:
    """The same bytes in the case of somebody else, taken in before there was a signature, go with it."""
    data = infected_pdf()
    case = make_case(user=cast.claims)
    elsewhere = make_document(make_case(user=cast.away_claims), data=data, scan=ScanState.CLEAN)
    document = make_document(case, data=data, scan=ScanState.WAITING)

    scan_document(document_id=document.pk)

    for one in (document, elsewhere):
        one.refresh_from_db()
        assert (one.scan, one.removal, one.removed_by) == (ScanState.REFUSED, "virus", None)
    page = client_of(cast.claims).get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert "Refused: did not pass the virus check" in page
    answer = client_of(cast.claims).get(reverse("cases:document-download", args=[case.pk, document.pk]))
    assert answer.status_code == 404
    assert events("document.virus") == 2


def test_bytes_of_a_refused_file_are_destroyed(
    cast: Cast, scanner: FakeClamd, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    document = make_document(make_case(user=cast.claims), data=infected_pdf(), scan=ScanState.WAITING)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        scan_document(document_id=document.pk)

    assert not storage.local_path(document.sha256).exists()


def test_large_file_is_checked_by_a_worker(cast: Cast, scanner: FakeClamd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.services.scan.AT_ONCE_BYTES", 10)

    assert add(make_case(user=cast.claims), cast.claims).scan == ScanState.WAITING
    assert scanner.scanned == []


def test_without_a_scanner_files_are_taken_in_and_the_operators_page_says_so(
    cast: Cast, client_of: ClientOf, settings: Settings
) -> None:
    settings.IMR_CLAMD_ADDRESS = None
    assert add(make_case(user=cast.claims), cast.claims).scan == ScanState.NOT_CHECKED
    page = reverse("reviews:job-list")
    assert "uploads are taken in without a virus check" in client_of(cast.operator).get(page).content.decode()

    with clamd("close") as fake:
        settings.IMR_CLAMD_ADDRESS = fake.address
        make_document(make_case(user=cast.claims), scan=ScanState.WAITING)
        shown = client_of(cast.operator).get(page).content.decode()
    assert "Files stay closed until it does" in shown
    assert "1 document waits for the check" in shown


def test_waiting_for_too_long_raises_an_alarm_and_begins_again(
    cast: Cast, scanner: FakeClamd, caplog: pytest.LogCaptureFixture
) -> None:
    """F14: the alarm after 15 minutes, not before; a job that gave up is tried again."""
    scanner.mode = "close"
    document = add(make_case(user=cast.claims), cast.claims)
    OutboxJob.objects.filter(name="cases.scan_document").update(state=JobState.FAILED, finished_at=clock.now())
    with caplog.at_level(logging.ERROR):
        Document.objects.filter(pk=document.pk).update(received_at=clock.now() - timedelta(minutes=14))
        assert watch_scans() == 0
        assert "virus_check_overdue" not in caplog.text
        Document.objects.filter(pk=document.pk).update(received_at=clock.now() - timedelta(minutes=16))
        assert watch_scans() == 1

    assert "virus_check_overdue" in caplog.text
    assert OutboxJob.objects.get(name="cases.scan_document").state == JobState.PENDING


def test_records_under_check_do_not_complete_the_file(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    make_document(case, DocumentKind.MEDICAL_REPORT, scan=ScanState.WAITING)

    with pytest.raises(IncompleteError, match="still being checked"):
        complete_records(case_id=case.pk, actor=cast.administrator)


def test_file_that_is_cleared_after_the_signature_did_not_take_part(cast: Cast, scanner: FakeClamd) -> None:
    case = make_case(CaseStatus.QA, user=cast.claims)
    document = make_document(case, scan=ScanState.WAITING)

    scan_document(document_id=document.pk)

    document.refresh_from_db()
    assert (document.scan, document.lateness) == (ScanState.CLEAN, "after_signature")
    assert document not in reviewable_documents(case.pk)
