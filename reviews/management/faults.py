"""The faults that letters must survive, one function each: it makes the fault happen and says what came of it."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, close_old_connections, connection, connections
from django.db.models.functions import Now
from django.test import RequestFactory

from cases.enums import CaseStatus
from cases.models import Case
from imr.core import storage
from imr.core.models import JobState, OutboxJob
from imr.core.tasks import run_job
from reviews.management import failpoints
from reviews.management.chaos import Stage
from reviews.management.fault_trial import Fault, Outcome, Signers, await_letters, counted, noted, session_of, until
from reviews.management.rehearsal import START_SECONDS, await_workers
from reviews.models import Determination, Letter
from reviews.services.determination import sign_determination
from reviews.services.rehearsal import PASSWORD

DELIVERIES = 5
REDIS_DOWN = (0.2, 1.0, 3.0, 10.0)
CUT_SECONDS = 0.5
# Letters that wait when a worker is killed; its children hold some of them.
BURST = 6


def at_failpoint(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """Every job fails once at the failpoint; each must end in one letter, in time."""
    signers = Signers(options["trials"])
    stage.start_redis()
    signers.sign(options["trials"])
    if options["without_guards"]:
        failpoints.drop_constraints()
    stage.open()
    await_letters(stage, options)
    # A message that was not acknowledged comes again when its letter is there already.
    time.sleep(options["linger"])
    return counted(stage, fault)


def worker_killed(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """A worker is killed with its children in the middle of a letter while others wait; all of them come in time."""
    signers = Signers(options["trials"] * BURST)
    stage.start_redis()
    stage.open()
    await_workers(len(stage.workers()))
    slowest = 0.0
    for trial in range(options["trials"]):
        (stage.folder / failpoints.ARMED).touch()
        signers.sign(BURST)
        until(lambda trial=trial: len(noted(stage, failpoints.WORKER_KILLED)) > trial, START_SECONDS)  # type: ignore[misc]
        killed = noted(stage, failpoints.WORKER_KILLED)
        if len(killed) <= trial:
            break
        await_letters(stage, options)
        slowest = max(slowest, time.time() - killed[-1].at)
    outcome = counted(stage, fault)
    outcome.facts |= {"slowest of its burst s": round(slowest, 1), "workers restarted": stage.deaths["worker"]}
    outcome.require(stage.deaths["worker"] >= options["trials"], "A worker was not killed.")
    outcome.require(slowest <= fault.seconds, "A letter of a burst came too late.")
    return outcome


def around_rename(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """As `at_failpoint`; and one file for each letter, nothing left over after the nightly clean-up."""
    outcome = at_failpoint(stage, fault, options)
    left = storage.remove_leftovers(older_than=timedelta(0))
    files = [path for path in (stage.folder / "documents").rglob("*") if path.is_file()]
    outcome.facts |= {"temporary files cleaned up": left, "files": len(files)}
    outcome.require(len(files) == Letter.objects.count(), "There are more files than letters.")
    return outcome


def out_of_memory(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """A letter that takes too much memory is given up after eight tries, and the others come."""
    signers = Signers(options["trials"])
    stage.start_redis()
    signers.sign(options["trials"])
    stage.open()
    deadline = time.monotonic() + options["drain"]
    open_jobs = OutboxJob.objects.filter(state__in=[JobState.PENDING, JobState.RUNNING])
    while open_jobs.exists() and time.monotonic() < deadline:
        time.sleep(0.25)
    outcome = Outcome()
    failed = OutboxJob.objects.filter(state=JobState.FAILED)
    notes = failpoints.notes(stage.folder)
    outcome.facts = {
        "given up": failed.count(),
        "tries": len([note for note in notes if note.what == "took memory"]),
        "not stopped": len([note for note in notes if note.what == "not stopped"]),
        "workers restarted": stage.deaths["worker"],
        "problem": next(iter(failed.values_list("problem", flat=True)), ""),
    }
    outcome.require(failed.count() == options["trials"], "A runaway was not given up.")
    outcome.require(not outcome.facts["not stopped"], "Nothing stopped the runaway.")
    outcome.require(not stage.deaths["worker"], "A worker died with its child.")
    return outcome


def frozen(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """A worker freezes in the middle of a letter; another makes it, and the frozen one may not commit when it wakes."""
    signers = Signers(options["trials"] * 6)
    stage.start_redis()
    stage.open()
    await_workers(len(stage.workers()))
    if options["without_guards"]:
        failpoints.drop_constraints()
    for _ in range(options["trials"]):
        before = len(noted(stage, "frozen"))
        while len(noted(stage, "frozen")) == before:
            signers.sign(1)
            until(lambda before=before: len(noted(stage, "frozen")) > before, 1.0)  # type: ignore[misc]
        await_letters(stage, options)
        stage.thaw("worker0")
        # What it does when it wakes is over when it answers again.
        time.sleep(1.0)
        await_workers(len(stage.workers()))
    await_letters(stage, options)
    outcome = counted(stage, fault)
    outcome.facts["late commits refused"] = len(noted(stage, failpoints.LATE_COMMIT_REFUSED))
    outcome.require(bool(outcome.facts["late commits refused"]), "The frozen worker was not refused.")
    return outcome


def redis_gone(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """Redis is killed and stays away for a while; signing goes on, and the letters come."""
    signers = Signers(options["trials"] * (fault.signatures + 1) + 2)
    stage.start_redis()
    stage.open()
    await_workers(len(stage.workers()))
    signers.sign(2)
    await_letters(stage, options)
    signers.seconds.clear()
    slowest, away = 0.0, options["down"] or 0
    for trial in range(options["trials"]):
        signers.sign(1)
        stage.stop_redis()
        back_at = time.monotonic() + (away or REDIS_DOWN[trial % len(REDIS_DOWN)])
        signers.sign(fault.signatures)
        time.sleep(max(0.0, back_at - time.monotonic()))
        stage.start_redis()
        back = time.monotonic()
        await_letters(stage, options)
        slowest = max(slowest, time.monotonic() - back)
    outcome = counted(stage, fault)
    outcome.facts |= {
        "signature p95 ms": round(signers.slowest_of_20 * 1000),
        "slowest letters after return s": round(slowest, 1),
    }
    if fault.signing:
        outcome.require(signers.slowest_of_20 <= fault.signing, "Signing took too long.")
    outcome.require(slowest <= fault.seconds, "Letters came too late after the return.")
    return outcome


def flushed(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """Every message of a queue of 200 is lost at once."""
    queue = options["queue"]
    signers = Signers(options["trials"] * queue)
    session = session_of(signers.signer)
    stage.start_redis()
    slowest = 0.0
    for trial in range(options["trials"]):
        signers.sign(queue)
        stage.redis().flushall()
        started = time.monotonic()
        if trial == 0:
            stage.open()
            await_workers(len(stage.workers()))
        await_letters(stage, options)
        slowest = max(slowest, time.monotonic() - started)
    outcome = counted(stage, fault)
    outcome.facts["slowest queue s"] = round(slowest, 1)
    outcome.require(slowest <= fault.seconds, "A queue took too long.")
    outcome.require(Session.objects.filter(pk=session).exists(), "A session was lost.")
    return outcome


def delivered_often(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """Each message is delivered five times at once, and again when its letter has been superseded."""
    signers = Signers(options["trials"])
    stage.start_redis()
    signers.sign(options["trials"])
    if options["without_guards"]:
        failpoints.drop_constraints()
    ids = list(OutboxJob.objects.filter(name="reviews.render_letter").values_list("pk", flat=True))
    _deliver([one for one in ids for _ in range(DELIVERIES - 1)])
    stage.open()
    await_letters(stage, options)
    until(lambda: not stage.redis().llen("letters"), options["drain"])
    Letter.objects.filter(superseded_at__isnull=True).update(superseded_at=Now())
    _deliver(ids)
    until(lambda: not stage.redis().llen("letters"), options["drain"])
    time.sleep(1.0)
    outcome = counted(stage, fault)
    outcome.facts["messages"] = len(ids) * (DELIVERIES + 1)
    return outcome


def database_gone(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """Every connection to the database is cut in the middle of signatures and letters, and refused for a moment."""
    if options["control"]:
        settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
        connection.settings_dict["CONN_HEALTH_CHECKS"] = False
    signers = Signers(options["trials"] * 4)
    stage.start_redis()
    stage.open()
    await_workers(len(stage.workers()))
    cookie, page = session_of(signers.signer), get_wsgi_application()
    failed_requests, interrupted = 0, 0
    for _ in range(options["trials"]):
        _get(page, cookie)
        errors: list[Exception] = []
        thread = threading.Thread(target=_sign_through, args=(signers, 4, errors))
        thread.start()
        time.sleep(0.15)
        _cut_connections()
        failed_requests += _get(page, cookie) >= 500
        thread.join()
        interrupted += len(errors)
        await_letters(stage, options)
    outcome = counted(stage, fault)
    signed = Determination.objects.values("case_id")
    half = Case.objects.exclude(status=CaseStatus.IN_REVIEW).exclude(pk__in=signed).count()
    half += Case.objects.filter(status=CaseStatus.IN_REVIEW, pk__in=signed).count()
    outcome.facts |= {
        "signatures interrupted, then repeated": interrupted,
        "failed requests after return": failed_requests,
        "half-written cases": half,
    }
    outcome.require(not failed_requests, "The first request after the return failed.")
    outcome.require(not half, "A case was left half-written.")
    return outcome


def _sign_through(signers: Signers, count: int, errors: list[Exception]) -> None:
    """Sign `count` drafts; what was interrupted is signed again, as a person would."""
    try:
        for _ in range(count):
            draft = next(signers.left)
            for _attempt in range(40):
                try:
                    close_old_connections()
                    sign_determination(assignment_id=draft, actor=signers.signer, password=PASSWORD)
                    break
                except DatabaseError as error:
                    errors.append(error)
                    connection.close()
                    time.sleep(0.1)
    finally:
        connections.close_all()


def _cut_connections() -> None:
    """As a restart looks from outside: every connection ends at once, and for a moment none is accepted."""
    name = str(connection.settings_dict["NAME"])
    # A connection to another database of the server, for this one refuses.
    other = connection.copy()
    other.settings_dict["NAME"] = "postgres"
    quoted = connection.ops.quote_name(name)
    with other.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {quoted} ALLOW_CONNECTIONS false")
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        time.sleep(CUT_SECONDS)
        cursor.execute(f"ALTER DATABASE {quoted} ALLOW_CONNECTIONS true")
    other.close()


def _get(page: Callable[..., Any], cookie: str) -> int:
    """The status of the start page for a person who is signed in, as a web process would answer."""
    request = RequestFactory().get("/", headers={"host": "localhost"})
    request.COOKIES[settings.SESSION_COOKIE_NAME] = cookie
    environment = {**request.META, "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
    found: list[int] = []
    response = page(environment, lambda status, *_: found.append(int(status.split()[0])))
    list(response)
    response.close()
    return found[0]


def _deliver(ids: Sequence[int]) -> None:
    for one in ids:
        run_job.apply_async(args=[one], queue="letters")


FAULTS: dict[str, Fault] = {
    "F1": Fault("pool child killed in the middle of a letter", at_failpoint, 50, 90, "sweeper", "child-dies"),
    "F2": Fault("worker killed with its children in the middle", worker_killed, 20, 90, "sweeper", "worker-dies"),
    "F3": Fault("child killed before and after the rename", around_rename, 20, 90, "sweeper", "dies-around-rename"),
    "F4": Fault("child killed after the commit", at_failpoint, 20, 90, "dies-before-ack-no-guards", "dies-before-ack"),
    "F5": Fault("Redis killed and away", redis_gone, 40, 90, "sweeper", signing=1),
    "F6": Fault("a queue emptied", flushed, 20, 180, "sweeper"),
    "F7": Fault("Redis away for long", redis_gone, 3, 300, "sweeper", signatures=100),
    "F8": Fault("database connections cut", database_gone, 20, 90, "health checks"),
    "F13": Fault("every message delivered often and late", delivered_often, 50, 90, "none-no-guards"),
    "F16": Fault("a letter that takes too much memory", out_of_memory, 5, 90, "takes-memory-unlimited", "takes-memory"),
    "F17": Fault("a letter without end", at_failpoint, 5, 150, "time limit", "endless"),
    "F18": Fault("worker frozen in the middle of a letter", frozen, 10, 135, "freezes-no-guards", "freezes"),
}
