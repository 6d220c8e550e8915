"""Places where a worker of a rehearsal fails on purpose. Each notes the moment, so that delays can be counted from it.

They wrap what the worker calls, in the rehearsal's own processes only; no other code knows of them.
"""

import json
import os
import resource
import signal
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from imr.core import jobs, pdf_engine, storage
from imr.core.models import JobState, OutboxJob

NOTES = "faults.jsonl"
# While this file stands in the rehearsal's folder, the next letter kills its worker; then it is gone.
ARMED = "armed"
NO_GUARDS = "-no-guards"
WORKER_KILLED = "worker killed"
LATE_COMMIT_REFUSED = "late commit refused"
RUNAWAY_BYTES = 3 << 29
STEP_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Note:
    """One fault that happened: what it was, when (seconds since 1970), to which job, in which process."""

    what: str
    at: float
    job: int
    pid: int


def notes(folder: Path) -> list[Note]:
    """Every fault that was noted in the rehearsal's folder, in order."""
    path = folder / NOTES
    return [Note(**json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


def install(name: str, folder: Path) -> None:
    """From now on this process fails at the failpoint `name`; its children do too.

    With `-no-guards` at its end nothing keeps a job from being done twice: the control.
    """
    if name.endswith(NO_GUARDS):
        _drop_guards()
        name = name.removesuffix(NO_GUARDS)
    _FAILPOINTS[name](folder)


def _note(folder: Path, what: str) -> None:
    line = json.dumps({"what": what, "at": time.time(), "job": jobs.current_job_id() or 0, "pid": os.getpid()})
    with (folder / NOTES).open("a") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())


def _first_attempt(_: Path | None = None) -> bool:
    """Whether this is the first time that the job is tried: it fails once, so that the second try can succeed."""
    return OutboxJob.objects.filter(pk=jobs.current_job_id() or 0, attempts=1).exists()


def _before_writing(
    folder: Path, what: str, act: Callable[[], None], *, when: Callable[[Path], bool] = _first_attempt
) -> None:
    """`act` happens in the middle of a rendering: the page is laid out, nothing is written."""
    _always_render()
    write = pdf_engine.write

    def failing(html: str, **options: Any) -> tuple[object, int]:
        answer = write(html, **options)
        if jobs.current_job_id() and when(folder):
            _note(folder, what)
            act()
        return answer

    pdf_engine.write = failing


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _child_dies(folder: Path) -> None:
    _before_writing(folder, "child killed", _die)


def _worker_dies(folder: Path) -> None:
    _before_writing(folder, WORKER_KILLED, lambda: os.killpg(os.getpgrp(), signal.SIGKILL), when=_is_armed)


def _is_armed(folder: Path) -> bool:
    """Whether this process is the one that took the file `ARMED` away."""
    try:
        (folder / ARMED).unlink()
    except FileNotFoundError:
        return False
    return True


def _freezes(folder: Path) -> None:
    confirm = jobs.confirm_lease

    def confirming() -> None:
        try:
            confirm()
        except jobs.LeaseLostError:
            _note(folder, LATE_COMMIT_REFUSED)
            raise

    jobs.confirm_lease = confirming
    _before_writing(folder, "frozen", lambda: os.killpg(os.getpgrp(), signal.SIGSTOP))


def _endless(folder: Path) -> None:
    def act() -> None:
        while True:
            # As a library may: whatever is raised in here is swallowed.
            with suppress(BaseException):
                while True:
                    pass

    _before_writing(folder, "endless", act)


def _takes_memory(folder: Path) -> None:
    def act() -> None:
        taken = [bytearray(STEP_BYTES) for _ in range(RUNAWAY_BYTES // STEP_BYTES)]
        taken.clear()
        _note(folder, "not stopped")

    _before_writing(folder, "took memory", act, when=lambda _: True)


def _takes_memory_unlimited(folder: Path) -> None:
    """The control: the limit is lifted first."""

    def act() -> None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        taken = [bytearray(STEP_BYTES) for _ in range(RUNAWAY_BYTES // STEP_BYTES)]
        taken.clear()
        _note(folder, "not stopped")

    _before_writing(folder, "took memory", act, when=lambda _: True)


def _dies_around_rename(folder: Path) -> None:
    """Of two jobs one dies with the bytes written under a temporary name, the other with the final name in place."""
    _always_render()
    store, fsync = storage.store_bytes, os.fsync

    def dying_fsync(handle: Any) -> None:
        fsync(handle)
        job = jobs.current_job_id() or 0
        if job % 2 and _first_attempt():
            os.fsync = fsync
            _note(folder, "killed before the rename")
            _die()

    def dying_store(data: bytes) -> storage.StoredFile:
        os.fsync = dying_fsync  # type: ignore[assignment]
        try:
            stored = store(data)
        finally:
            os.fsync = fsync
        if jobs.current_job_id() and _first_attempt():
            _note(folder, "killed after the rename")
            _die()
        return stored

    storage.store_bytes = dying_store


def _dies_before_ack(folder: Path) -> None:
    run = jobs.run

    def dying(job_id: int) -> JobState | None:
        state = run(job_id)
        attempts = OutboxJob.objects.filter(pk=job_id, name="reviews.render_letter").values_list("attempts", flat=True)
        if state == JobState.DONE and list(attempts) == [1]:
            _note(folder, "killed before the message was acknowledged")
            _die()
        return state

    jobs.run = dying


def _always_render() -> None:
    """Letters are rendered in the worker, as when the trial of the signature is lost or outdated."""
    from reviews.services import letter

    letter.kept_trial = lambda *_: None  # type: ignore[attr-defined]


def _timed_rendering(folder: Path) -> None:
    """As `timed`, with every letter rendered in the worker."""
    _always_render()
    _timed(folder)


def _timed(folder: Path) -> None:
    """No fault: when each job was claimed and when it was done."""
    run = jobs.run

    def timing(job_id: int) -> JobState | None:
        started = time.time()
        state = run(job_id)
        ended = time.time()
        with (folder / "times.jsonl").open("a") as out:
            out.write(json.dumps([job_id, started, ended, state == JobState.DONE]) + "\n")
        return state

    jobs.run = timing


def _nothing(folder: Path) -> None:
    """No fault by itself: for `-no-guards` alone."""


def _drop_guards() -> None:
    """Every message is worked on, finished or leased or not, and every worker may commit."""
    from reviews.services import letter

    def claim(job_id: int) -> jobs.Lease | None:
        row = OutboxJob.objects.get(pk=job_id)
        token = row.lease_token or uuid.uuid4()
        OutboxJob.objects.filter(pk=job_id).update(
            state=JobState.RUNNING,
            attempts=row.attempts + 1,
            lease_token=token,
            lease_until=Now() + timedelta(seconds=settings.IMR_JOB_LEASE_SECONDS),
            finished_at=None,
        )
        return jobs.Lease(job_id=row.pk, token=token, handler=row.name, args=row.args)

    def insert(row: Any) -> bool:
        type(row).objects.bulk_create([row])
        return True

    class Blind:
        """Finds no letter that is there, but for the one that was just written."""

        def __init__(self, determination: Any) -> None:
            self._found = found(determination).order_by("-pk")

        def exists(self) -> bool:
            return False

        def get(self) -> Any:
            return self._found[0]

    found = letter._letters_of  # noqa: SLF001  the guard that is taken out
    jobs._claim = claim  # noqa: SLF001
    jobs.confirm_lease = lambda: None
    letter._insert_once = insert  # type: ignore[assignment]  # noqa: SLF001
    letter._letters_of = Blind  # type: ignore[assignment]  # noqa: SLF001


def drop_constraints() -> None:
    """For controls: the rehearsal's database no longer keeps letters apart."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reviews_letter DROP CONSTRAINT letter_once")
        cursor.execute("DROP INDEX letter_one_current")


_FAILPOINTS: dict[str, Callable[[Path], None]] = {
    "child-dies": _child_dies,
    "worker-dies": _worker_dies,
    "freezes": _freezes,
    "endless": _endless,
    "takes-memory": _takes_memory,
    "takes-memory-unlimited": _takes_memory_unlimited,
    "dies-around-rename": _dies_around_rename,
    "dies-before-ack": _dies_before_ack,
    "timed": _timed,
    "timed-rendering": _timed_rendering,
    "none": _nothing,
}
