"""Scans of the mail room under the virus check: closed until there is an answer, refused and destroyed with a virus."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.enums import ScanBatchState
from cases.models import ScanBatch
from cases.services.scan_batch import read_scan_batch, watch_scan_batches
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, jobs, storage
from imr.core.errors import ConflictError
from imr.core.models import JobState, OutboxJob
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.clamd import FakeClamd, clamd
from tests.factories.scans import add_scan, make_sheet, scan_of
from tests.factories.viruses import infected_pdf

type ClientOf = Callable[[User], Client]


@pytest.fixture
def scanner(settings: Settings) -> Iterator[FakeClamd]:
    with clamd() as fake:
        settings.IMR_CLAMD_ADDRESS = fake.address
        yield fake


def is_open(client: Client, batch: ScanBatch) -> bool:
    answer = client.get(reverse("cases:scan-view", args=[batch.pk]))
    b"".join(answer)
    return answer.status_code == 200


def page_of(client: Client, batch: ScanBatch) -> str:
    return client.get(reverse("cases:scan-detail", args=[batch.pk])).content.decode()


def test_scan_is_closed_until_the_scanner_has_answered_and_then_taken_apart(
    cast: Cast, client_of: ClientOf, scanner: FakeClamd
) -> None:
    scanner.mode = "error"
    client = client_of(cast.administrator)
    batch = add_scan(cast.administrator, scan_of((make_sheet(make_case(user=cast.claims)), 2)))
    job = OutboxJob.objects.get(name="cases.read_scan_batch")
    assert jobs.run(job.pk) == JobState.PENDING
    batch.refresh_from_db()
    assert (batch.state, batch.pages_read, batch.parts.count()) == (ScanBatchState.READING, 0, 0)
    assert not is_open(client, batch)
    assert "Until the virus scanner has answered nobody can open it" in page_of(client, batch)

    scanner.mode = "scan"
    OutboxJob.objects.filter(pk=job.pk).update(available_at=clock.now())
    assert jobs.run(job.pk) == JobState.DONE

    batch.refresh_from_db()
    assert (batch.state, batch.parts.count()) == (ScanBatchState.READY, 1)
    assert scanner.scanned[-1] == batch.size
    assert is_open(client, batch)


def test_scan_with_a_virus_is_refused_destroyed_and_said(
    cast: Cast,
    client_of: ClientOf,
    scanner: FakeClamd,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    client, data = client_of(cast.administrator), infected_pdf()
    batch = add_scan(cast.administrator, data)
    assert storage.local_path(batch.sha256).exists()

    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        batch = read_scan_batch(batch_id=batch.pk, first=1)

    assert (batch.state, batch.parts.count()) == (ScanBatchState.VIRUS, 0)
    assert not storage.local_path(batch.sha256).exists()
    assert "virus_found" in caplog.text
    assert Event.objects.filter(action="scan_batch.virus", object_id=batch.pk).count() == 1
    assert not is_open(client, batch)
    assert "did not pass the virus check and was destroyed" in page_of(client, batch)
    assert "Refused: virus" in client.get(reverse("cases:scan-list")).content.decode()

    with pytest.raises(ConflictError, match="did not pass the virus check") as raised:
        add_scan(cast.administrator, data)
    assert raised.value.code == "virus"
    assert not storage.local_path(batch.sha256).exists()


def test_reading_that_gave_up_begins_again_and_waiting_raises_an_alarm(
    cast: Cast, scanner: FakeClamd, caplog: pytest.LogCaptureFixture
) -> None:
    batch = add_scan(cast.administrator, scan_of(("", 1)))
    OutboxJob.objects.filter(name="cases.read_scan_batch").update(state=JobState.FAILED, finished_at=clock.now())
    with caplog.at_level(logging.ERROR):
        ScanBatch.objects.filter(pk=batch.pk).update(added_at=clock.now() - timedelta(minutes=14))
        assert watch_scan_batches() == 0
        assert "virus_check_overdue" not in caplog.text
        ScanBatch.objects.filter(pk=batch.pk).update(added_at=clock.now() - timedelta(minutes=16))
        assert watch_scan_batches() == 1
    assert "virus_check_overdue" in caplog.text
    assert OutboxJob.objects.get(name="cases.read_scan_batch").state == JobState.PENDING


def test_without_a_scanner_nothing_waits_for_one(cast: Cast, client_of: ClientOf) -> None:
    batch = add_scan(cast.administrator, scan_of(("", 1)))
    ScanBatch.objects.filter(pk=batch.pk).update(added_at=clock.now() - timedelta(hours=1))
    assert watch_scan_batches() == 0
    assert "virus scanner" not in page_of(client_of(cast.administrator), batch)
