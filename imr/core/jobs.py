"""The outbox: background work that is neither lost nor done twice.

`enqueue` writes a row in the caller's transaction; after commit the id of the row is published to Celery, best
effort. A sweeper publishes again what was not picked up, so a lost broker, a killed worker or a doubled message
changes nothing. A job is claimed with a lease that its holder renews; the handler's own last transaction calls
`confirm_lease`, so a holder that was frozen and comes back late cannot commit.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from imr.core.models import Heartbeat, JobState, OutboxJob

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
BACK_OFF = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
SWEEP_LIMIT = 100
OVERDUE_AFTER = timedelta(minutes=15)
SWEEP_LOCK = 0x494D5201


class Queue(StrEnum):
    """Separate queues, so that five thousand scans never stand before one letter."""

    LETTERS = "letters"
    SCAN = "scan"
    MAIL = "mail"
    MISC = "misc"


class JobCanceledError(Exception):
    """The work is no longer wanted; the job ends as canceled and is not tried again."""


class LeaseLostError(Exception):
    """Another worker has taken the job over; this one must not commit."""


@dataclass(frozen=True, slots=True)
class Handler:
    name: str
    queue: Queue
    run: Callable[..., None]


@dataclass(frozen=True, slots=True)
class Lease:
    job_id: int
    token: uuid.UUID
    handler: str
    args: dict[str, int]


_handlers: dict[str, Handler] = {}
_lease: ContextVar[Lease | None] = ContextVar("imr_job_lease", default=None)


def job(name: str, *, queue: Queue) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the decorated function as the handler of jobs called `name`.

    It takes integer ids by keyword, is safe to run twice, and leaves its effect in one transaction.
    """

    def register(run: Callable[..., None]) -> Callable[..., None]:
        if name in _handlers:
            raise RuntimeError(f"Two handlers are registered for the job {name!r}.")
        _handlers[name] = Handler(name=name, queue=queue, run=run)
        return run

    return register


def handlers() -> dict[str, Handler]:
    """All registered handlers by name; the apps' `tasks` modules are imported for it."""
    _import_tasks()
    return dict(_handlers)


@cache
def _import_tasks() -> None:
    """Web processes promise jobs without ever importing a `tasks` module otherwise."""
    autodiscover_modules("tasks")


def enqueue(name: str, *, unique_key: str | None = None, not_before: datetime | None = None, **ids: int) -> OutboxJob:
    """Promise the job `name` with the caller's transaction and publish it after commit.

    With `unique_key` a second promise of the same key returns the first job. A job that may not be done before a
    later instant, `not_before`, is published by the sweeper when that has come. Must be called inside a
    transaction: otherwise the promise could outlive the change that it belongs to.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("enqueue() needs the transaction of the change that it belongs to.")
    handler = handlers()[name]
    values: dict[str, Any] = {"name": name, "queue": handler.queue, "args": ids}
    if not_before is not None:
        values["available_at"] = not_before
    if unique_key is None:
        row, created = OutboxJob.objects.create(**values), True
    else:
        row, created = OutboxJob.objects.get_or_create(unique_key=unique_key, defaults=values)
    if created and (not_before is None or not_before <= timezone.now()):
        transaction.on_commit(lambda: publish([row.pk]))
    return row


def publish(job_ids: list[int]) -> int:
    """Send the ids to the broker, without retries; how many went out. Never raises: the sweeper will come."""
    from imr.core.tasks import run_job

    sent = 0
    for pk, queue, before in OutboxJob.objects.filter(pk__in=job_ids).values_list("pk", "queue", "published_at"):
        # Noted before it is sent: a worker claims at once, and passes over a row that is being written.
        OutboxJob.objects.filter(pk=pk).update(published_at=Now(), publications=F("publications") + 1)
        try:
            run_job.apply_async(args=[pk], queue=queue, retry=False)
        except Exception as error:  # noqa: BLE001  any broker fault is the sweeper's to mend
            logger.warning("job_publish_failed", extra={"job_id": pk, "error": type(error).__name__})
            OutboxJob.objects.filter(pk=pk).update(published_at=before, publications=F("publications") - 1)
            break
        sent += 1
    return sent


def run(job_id: int) -> JobState | None:
    """Claim the job and run its handler; the state it ended in, or None when there was nothing to do.

    An unknown, finished or leased job is a logged no-op: messages may be forged, doubled or late.
    """
    lease = _claim(job_id)
    if lease is None:
        logger.info("job_not_claimed", extra={"job_id": job_id})
        return None
    handler = handlers().get(lease.handler)
    if handler is None:
        return _finish(lease, JobState.FAILED, "no handler of that name")
    token = _lease.set(lease)
    problem = ""
    try:
        with _kept_alive(lease):
            handler.run(**lease.args)
    except LeaseLostError:
        logger.warning("job_lease_lost", extra={"job_id": job_id, "job": lease.handler})
        return None
    except JobCanceledError as error:
        return _finish(lease, JobState.CANCELED, str(error))
    except Exception as error:
        problem = _kinds(error)
        logger.exception("job_failed", extra={"job_id": job_id, "job": lease.handler})
    finally:
        _lease.reset(token)
    # Out here the error is gone, and what its frames held: a job that ran out of memory can be written down.
    return _retry_or_fail(lease, problem) if problem else _finish(lease, JobState.DONE, "")


def confirm_lease() -> None:
    """Inside the handler's last transaction: lock the job row and make sure it is still ours.

    Outside of a job (a service called by hand or in a test) it does nothing. Raises `LeaseLostError`.
    """
    lease = _lease.get()
    if lease is None:
        return
    held = (
        OutboxJob.objects.select_for_update(of=("self",))
        .filter(pk=lease.job_id, state=JobState.RUNNING, lease_token=lease.token)
        .exists()
    )
    if not held:
        raise LeaseLostError(lease.job_id)


def current_job_id() -> int | None:
    """The job that is being run here; None outside of one."""
    lease = _lease.get()
    return lease.job_id if lease else None


def sweep() -> int:
    """Publish again what was promised and not picked up; how many went out. Two at once do no harm."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
            row = cursor.fetchone()
        if not (row and row[0]):
            return 0
        wait = timedelta(seconds=settings.IMR_JOB_REPUBLISH_SECONDS)
        overdue = Case(
            When(publications__lte=1, then=Now() - wait),
            When(publications=2, then=Now() - 2 * wait),
            When(publications=3, then=Now() - 4 * wait),
            default=Now() - 8 * wait,
        )
        due = Q(state=JobState.PENDING, available_at__lte=Now()) & (
            Q(published_at__isnull=True) | Q(published_at__lte=overdue) | Q(published_at__lt=F("available_at"))
        )
        expired = Q(state=JobState.RUNNING, lease_until__lt=Now()) & (
            Q(published_at__isnull=True) | Q(published_at__lte=F("lease_until")) | Q(published_at__lte=overdue)
        )
        ids = list(
            OutboxJob.objects.select_for_update(skip_locked=True)
            .filter(due | expired)
            .order_by("available_at", "pk")
            .values_list("pk", flat=True)[:SWEEP_LIMIT]
        )
    return publish(ids)


def overdue() -> int:
    """How many jobs were promised more than `OVERDUE_AFTER` ago and are neither finished nor put off to later."""
    return OutboxJob.objects.filter(
        state__in=[JobState.PENDING, JobState.RUNNING],
        created_at__lt=Now() - OVERDUE_AFTER,
        available_at__lte=Now(),
    ).count()


def retry(job_id: int) -> bool:
    """Give a failed job a fresh set of attempts; whether it was a failed one."""
    changed = OutboxJob.objects.filter(pk=job_id, state=JobState.FAILED).update(
        state=JobState.PENDING,
        attempts=0,
        available_at=Now(),
        finished_at=None,
        problem="",
        published_at=None,
    )
    if changed:
        transaction.on_commit(lambda: publish([job_id]))
    return bool(changed)


def beat(process: str) -> None:
    """Note that `process` did a round of work now, by the database's clock."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": Now()})


def _lease_span() -> timedelta:
    return timedelta(seconds=settings.IMR_JOB_LEASE_SECONDS)


def _claim(job_id: int) -> Lease | None:
    token = uuid.uuid4()
    with transaction.atomic():
        row = (
            OutboxJob.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=job_id)
            .filter(
                Q(state=JobState.PENDING, available_at__lte=Now()) | Q(state=JobState.RUNNING, lease_until__lt=Now())
            )
            .first()
        )
        if row is None:
            return None
        if row.attempts >= MAX_ATTEMPTS:
            OutboxJob.objects.filter(pk=row.pk).update(
                state=JobState.FAILED,
                finished_at=Now(),
                lease_token=None,
                lease_until=None,
                problem="gave up after the last attempt died",
            )
            logger.error("job_gave_up", extra={"job_id": row.pk, "job": row.name})
            return None
        OutboxJob.objects.filter(pk=row.pk).update(
            state=JobState.RUNNING,
            attempts=F("attempts") + 1,
            lease_token=token,
            lease_until=Now() + _lease_span(),
        )
    return Lease(job_id=row.pk, token=token, handler=row.name, args=row.args)


def _finish(lease: Lease, state: JobState, problem: str) -> JobState | None:
    changed = OutboxJob.objects.filter(pk=lease.job_id, state=JobState.RUNNING, lease_token=lease.token).update(
        state=state, finished_at=Now(), lease_token=None, lease_until=None, problem=problem[:200]
    )
    return state if changed else None


def _kinds(error: Exception) -> str:
    """The kind of error and of its cause: never the message, which may hold words of a case."""
    kind = type(error).__name__
    return f"{kind} from {type(error.__cause__).__name__}" if error.__cause__ else kind


def _retry_or_fail(lease: Lease, problem: str) -> JobState | None:
    attempts = OutboxJob.objects.values_list("attempts", flat=True).get(pk=lease.job_id)
    if attempts >= MAX_ATTEMPTS:
        logger.error("job_gave_up", extra={"job_id": lease.job_id, "job": lease.handler})
        return _finish(lease, JobState.FAILED, problem)
    pause = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    changed = OutboxJob.objects.filter(pk=lease.job_id, state=JobState.RUNNING, lease_token=lease.token).update(
        state=Value(JobState.PENDING.value),
        available_at=Now() + pause,
        lease_token=None,
        lease_until=None,
        problem=problem[:200],
    )
    return JobState.PENDING if changed else None


@contextmanager
def _kept_alive(lease: Lease) -> Iterator[None]:
    """Renew the lease three times within its span, from a thread with a connection of its own.

    A killed or frozen process stops renewing, so another worker may take over when the lease has run out.
    """
    stop = threading.Event()

    def renew() -> None:
        try:
            while not stop.wait(settings.IMR_JOB_LEASE_SECONDS / 3):
                OutboxJob.objects.filter(pk=lease.job_id, state=JobState.RUNNING, lease_token=lease.token).update(
                    lease_until=Now() + _lease_span()
                )
        except Exception:
            logger.exception("job_lease_renewal_failed", extra={"job_id": lease.job_id})
        finally:
            connections.close_all()

    thread = threading.Thread(target=renew, name=f"lease-{lease.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
