"""The outbox: claims, leases, retries, the sweeper. Real rows, no broker needed."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection, connections, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from imr.core import jobs
from imr.core.models import Heartbeat, JobState, OutboxJob
from imr.core.tasks import run_job

calls: list[int] = []
behavior: dict[str, Callable[[], None]] = {}


def _probe(*, number: int) -> None:
    calls.append(number)
    behavior.get("act", lambda: None)()


@pytest.fixture(autouse=True)
def probe() -> Iterator[None]:
    jobs.handlers()
    jobs._handlers["tests.probe"] = jobs.Handler("tests.probe", jobs.Queue.MISC, _probe)
    calls.clear()
    behavior.clear()
    yield
    del jobs._handlers["tests.probe"]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids that went to the broker, which is not asked."""
    found: list[int] = []

    def send(*, args: list[int], queue: str, retry: bool) -> None:
        assert not retry
        found.append(args[0])

    monkeypatch.setattr(run_job, "apply_async", send)
    return found


def _promise(**fields: object) -> OutboxJob:
    return OutboxJob.objects.create(**{"name": "tests.probe", "queue": "misc", "args": {"number": 1}, **fields})


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_to_the_row_after_the_message_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that claims while the row is being written passes it over, and the job waits for the sweeper."""
    job = _promise()
    claimed: list[jobs.Lease | None] = []

    def claim() -> None:
        try:
            claimed.append(jobs._claim(job.pk))
        finally:
            connections.close_all()

    def claim_elsewhere() -> None:
        worker = threading.Thread(target=claim)
        worker.start()
        worker.join()

    # The control: the row is locked as by the note of a publication.
    with transaction.atomic():
        OutboxJob.objects.filter(pk=job.pk).update(published_at=Now())
        claim_elsewhere()
    assert claimed == [None]

    written: list[str] = []

    def send(**_options: object) -> None:
        claim_elsewhere()
        written.clear()

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        written.append(sql)
        return execute(sql, *rest)

    monkeypatch.setattr(run_job, "apply_async", send)
    with connection.execute_wrapper(note):
        assert jobs.publish([job.pk]) == 1
    assert claimed[1] is not None
    assert written == []


@pytest.mark.django_db(transaction=True)
def test_enqueue_needs_a_transaction_and_publishes_after_commit(sent: list[int]) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        jobs.enqueue("tests.probe", number=1)
    with transaction.atomic():
        job = jobs.enqueue("tests.probe", unique_key="once", number=1)
        again = jobs.enqueue("tests.probe", unique_key="once", number=2)
        assert sent == []
    assert again.pk == job.pk
    assert sent == [job.pk]
    job.refresh_from_db()
    assert (job.publications, job.args) == (1, {"number": 1})


@pytest.mark.django_db(transaction=True)
def test_rolled_back_promise_leaves_nothing(sent: list[int]) -> None:
    with transaction.atomic():
        jobs.enqueue("tests.probe", number=1)
        transaction.set_rollback(True)
    assert not OutboxJob.objects.exists()
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_broker_fault_is_never_shown_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**options: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(run_job, "apply_async", refuse)
    with transaction.atomic():
        job = jobs.enqueue("tests.probe", number=1)
    job.refresh_from_db()
    assert (job.state, job.published_at) == (JobState.PENDING, None)


@pytest.mark.django_db(transaction=True)
def test_run_is_done_once_and_forged_or_late_messages_do_nothing() -> None:
    job = _promise()
    assert jobs.run(job.pk) == JobState.DONE
    assert jobs.run(job.pk) is None
    assert jobs.run(10**15) is None
    assert calls == [1]
    job.refresh_from_db()
    assert (job.attempts, job.lease_token, job.problem) == (1, None, "")


@pytest.mark.django_db(transaction=True)
def test_five_deliveries_at_once_run_the_handler_once() -> None:
    job = _promise()
    barrier = threading.Barrier(5)
    states: list[JobState | None] = []

    def deliver() -> None:
        try:
            barrier.wait()
            states.append(jobs.run(job.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=deliver) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]
    assert sorted(states, key=str) == [None, None, None, None, JobState.DONE]


@pytest.mark.django_db(transaction=True)
def test_failure_waits_longer_each_time_and_ends_as_failed_after_eight() -> None:
    def fail() -> None:
        raise ValueError("not today")

    behavior["act"] = fail
    job = _promise()
    pauses = []
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        OutboxJob.objects.update(available_at=Now())
        state = jobs.run(job.pk)
        job.refresh_from_db()
        assert job.attempts == attempt
        if attempt < jobs.MAX_ATTEMPTS:
            assert state == JobState.PENDING
            with connection.cursor() as cursor:
                cursor.execute("SELECT available_at - now() FROM core_outboxjob WHERE id = %s", [job.pk])
                pauses.append(cursor.fetchone()[0])
    assert (state, job.state, job.problem) == (JobState.FAILED, JobState.FAILED, "ValueError")
    rounded = [round(pause / timedelta(seconds=10)) * 10 for pause in pauses]
    assert rounded == [30, 120, 600, 1800, 1800, 1800, 1800]
    assert jobs.run(job.pk) is None


@pytest.mark.django_db(transaction=True)
def test_handler_that_dies_every_time_is_given_up(settings: LazySettings) -> None:
    job = _promise(
        state=JobState.RUNNING,
        attempts=jobs.MAX_ATTEMPTS,
        lease_token="12345678-1234-5678-1234-567812345678",
        lease_until=Now() - timedelta(seconds=1),
    )
    assert jobs.run(job.pk) is None
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "gave up" in job.problem


@pytest.mark.django_db(transaction=True)
def test_canceled_work_is_not_tried_again() -> None:
    def cancel() -> None:
        raise jobs.JobCanceledError("withdrawn")

    behavior["act"] = cancel
    job = _promise()
    assert jobs.run(job.pk) == JobState.CANCELED
    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.CANCELED, "withdrawn")


@pytest.mark.django_db(transaction=True)
def test_holder_that_lost_its_lease_cannot_commit() -> None:
    """A frozen worker comes back after another has taken the job over (F18)."""
    job = _promise()
    finished: list[JobState | None] = []

    def freeze() -> None:
        if len(calls) == 1:
            OutboxJob.objects.update(lease_until=Now() - timedelta(seconds=1))
            finished.append(jobs.run(job.pk))
        with transaction.atomic():
            jobs.confirm_lease()
            Heartbeat.objects.create(process=f"effect {len(calls)}")

    behavior["act"] = freeze
    assert jobs.run(job.pk) is None
    assert finished == [JobState.DONE]
    assert list(Heartbeat.objects.values_list("process", flat=True)) == ["effect 2"]


@pytest.mark.django_db(transaction=True)
def test_lease_is_renewed_while_the_handler_works(settings: LazySettings) -> None:
    settings.IMR_JOB_LEASE_SECONDS = 1
    job = _promise()

    def work() -> None:
        threading.Event().wait(2.2)
        with transaction.atomic():
            jobs.confirm_lease()
        assert not OutboxJob.objects.filter(pk=job.pk, lease_until__lt=Now()).exists()

    behavior["act"] = work
    assert jobs.run(job.pk) == JobState.DONE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "is_swept"),
    [
        ({"published_at": None}, True),
        ({"published_at": Now(), "publications": 1}, False),
        ({"published_at": Now() - timedelta(seconds=31), "publications": 1}, True),
        ({"published_at": Now() - timedelta(seconds=31), "publications": 2}, False),
        ({"published_at": Now() - timedelta(seconds=241), "publications": 9}, True),
        ({"published_at": None, "available_at": Now() + timedelta(seconds=60)}, False),
        ({"published_at": Now() - timedelta(seconds=20), "available_at": Now() - timedelta(seconds=1)}, True),
        ({"state": "done", "finished_at": Now()}, False),
        ({"state": "running", "lease_until": Now() + timedelta(seconds=9)}, False),
        ({"state": "running", "lease_until": Now() - timedelta(seconds=1), "published_at": Now()}, False),
        (
            {
                "state": "running",
                "lease_until": Now() - timedelta(seconds=1),
                "published_at": Now() - timedelta(seconds=9),
            },
            True,
        ),
    ],
)
def test_sweep_publishes_what_was_not_picked_up(fields: dict[str, object], is_swept: bool, sent: list[int]) -> None:
    if "lease_until" in fields:
        fields["lease_token"] = "12345678-1234-5678-1234-567812345678"
    job = _promise(**{"available_at": Now() - timedelta(hours=1), **fields})
    jobs.sweep()
    assert sent == ([job.pk] if is_swept else [])


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_do_no_harm(sent: list[int]) -> None:
    job = _promise()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [jobs.SWEEP_LOCK])
        swept: list[int] = []

        def other() -> None:
            swept.append(jobs.sweep())
            connections.close_all()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert swept == [0]
    assert jobs.sweep() == 1
    assert sent == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_retry_gives_a_failed_job_a_fresh_set_of_attempts(sent: list[int]) -> None:
    job = _promise(state=JobState.FAILED, attempts=8, finished_at=Now(), problem="ValueError")
    assert jobs.retry(job.pk) is True
    assert jobs.retry(job.pk) is False
    assert sent == [job.pk]
    assert jobs.run(job.pk) == JobState.DONE


def test_every_handler_has_a_queue_that_the_workers_listen_to(settings: LazySettings) -> None:
    known = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    assert {handler.queue for handler in jobs.handlers().values()} <= known
    assert "reviews.render_letter" in jobs.handlers()


@pytest.mark.django_db
def test_overdue_counts_what_should_long_be_done() -> None:
    old = Now() - timedelta(minutes=16)
    _promise(created_at=old, available_at=old)
    _promise(created_at=old, available_at=Now() + timedelta(minutes=5))
    _promise(created_at=old, available_at=old, state=JobState.DONE, finished_at=Now())
    _promise()
    assert jobs.overdue() == 1
