"""The faults that letters must survive, one function each: it makes the fault happen and says what came of it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import CommandError
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, close_old_connections, connection, connections
from django.db.models.functions import Now
from django.test import RequestFactory

from cases.enums import CaseStatus
from cases.models import Case
from imr.accounts.models import User
from imr.core import pdf, storage
from imr.core.models import JobState, OutboxJob
from imr.core.tasks import run_job
from reviews.management import failpoints
from reviews.management.chaos import Stage
from reviews.management.rehearsal import START_SECONDS, await_workers, count_letters, drain
from reviews.models import Determination, Letter
from reviews.services.determination import sign_determination
from reviews.services.rehearsal import PASSWORD, make_rehearsal_drafts

DELIVERIES = 5
REDIS_DOWN = (0.2, 1.0, 3.0, 10.0)
CUT_SECONDS = 0.5


@dataclass(slots=True)
class Outcome:
    """`problems` are sentences, empty when the fault did no harm; `facts` are figures by name."""

    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def require(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the fault matrix. `seconds` is what its letters may take from the fault on.

    `signatures` is how many are given while Redis is away, `signing` what the 95th of a hundred may take (s; 0: any).
    `control` is the failpoint, or the guard, that the control takes away: `sweeper`, `health checks`, `time limit`.
    """

    words: str
    run: "Callable[[Stage, Fault, dict[str, Any]], Outcome]"
    trials: int
    seconds: float
    control: str
    failpoint: str = ""
    signatures: int = 5
    signing: float = 0


class Signers:
    """Signs drafts one after the other, and knows how long each took."""

    def __init__(self, count: int) -> None:
        self.signer, self._drafts = make_rehearsal_drafts(count=count)
        self._left: Iterator[int] = iter(self._drafts)
        self.seconds: list[float] = []
        pdf.warm_up()

    def sign(self, count: int) -> None:
        for _ in range(count):
            draft = next(self._left, None)
            if draft is None:
                raise CommandError("There are no drafts left to sign.")
            started = time.monotonic()
            sign_determination(assignment_id=draft, actor=self.signer, password=PASSWORD)
            self.seconds.append(time.monotonic() - started)

    @property
    def slowest_of_20(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.95) - 1] if ordered else 0.0


def at_failpoint(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """Every job fails once at the failpoint; each must end in one letter, in time."""
    signers = Signers(options["trials"])
    stage.start_redis()
    signers.sign(options["trials"])
    if options["without_guards"]:
        failpoints.drop_constraints()
    stage.open()
    _drain(stage, options)
    # A message that was not acknowledged comes again when its letter is there already.
    time.sleep(options["linger"])
    return _counted(stage, fault)


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
    noted = failpoints.notes(stage.folder)
    outcome.facts = {
        "given up": failed.count(),
        "tries": len([note for note in noted if note.what == "took memory"]),
        "not stopped": len([note for note in noted if note.what == "not stopped"]),
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
        before = len(_noted(stage, "frozen"))
        while len(_noted(stage, "frozen")) == before:
            signers.sign(1)
            _until(lambda before=before: len(_noted(stage, "frozen")) > before, 1.0)  # type: ignore[misc]
        _drain(stage, options)
        stage.thaw("worker0")
        # What it does when it wakes is over when it answers again.
        time.sleep(1.0)
        await_workers(len(stage.workers()))
    _drain(stage, options)
    outcome = _counted(stage, fault)
    outcome.facts["late commits refused"] = len(_noted(stage, failpoints.LATE_COMMIT_REFUSED))
    outcome.require(bool(outcome.facts["late commits refused"]), "The frozen worker was not refused.")
    return outcome


def redis_gone(stage: Stage, fault: Fault, options: dict[str, Any]) -> Outcome:
    """Redis is killed and stays away for a while; signing goes on, and the letters come."""
    signers = Signers(options["trials"] * (fault.signatures + 1) + 2)
    stage.start_redis()
    stage.open()
    await_workers(len(stage.workers()))
    signers.sign(2)
    _drain(stage, options)
    signers.seconds.clear()
    slowest, away = 0.0, options["down"] or 0
    for trial in range(options["trials"]):
        signers.sign(1)
        stage.stop_redis()
        until = time.monotonic() + (away or REDIS_DOWN[trial % len(REDIS_DOWN)])
        signers.sign(fault.signatures)
        time.sleep(max(0.0, until - time.monotonic()))
        stage.start_redis()
        back = time.monotonic()
        _drain(stage, options)
        slowest = max(slowest, time.monotonic() - back)
    outcome = _counted(stage, fault)
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
    session = _session(signers.signer)
    stage.start_redis()
    slowest = 0.0
    for trial in range(options["trials"]):
        signers.sign(queue)
        stage.redis().flushall()
        started = time.monotonic()
        if trial == 0:
            stage.open()
            await_workers(len(stage.workers()))
        _drain(stage, options)
        slowest = max(slowest, time.monotonic() - started)
    outcome = _counted(stage, fault)
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
    _drain(stage, options)
    _until(lambda: not stage.redis().llen("letters"), options["drain"])
    Letter.objects.filter(superseded_at__isnull=True).update(superseded_at=Now())
    _deliver(ids)
    _until(lambda: not stage.redis().llen("letters"), options["drain"])
    time.sleep(1.0)
    outcome = _counted(stage, fault)
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
    cookie, page = _session(signers.signer), get_wsgi_application()
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
        _drain(stage, options)
    outcome = _counted(stage, fault)
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
            draft = next(signers._left)  # noqa: SLF001  of this module
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


def _session(user: User) -> str:
    from importlib import import_module

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[-1]
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _deliver(ids: Sequence[int]) -> None:
    for one in ids:
        run_job.apply_async(args=[one], queue="letters")


def _counted(stage: Stage, fault: Fault) -> Outcome:
    """Letters lost, doubled and wrong, and how long each took from its fault on."""
    counts = count_letters()
    outcome = Outcome(facts={"signed": Determination.objects.count(), **counts})
    for name in ("lost", "doubled", "wrong"):
        outcome.require(not counts[name], f"Letters were {name}.")
    # The last fault of a job: a run that lasts over several takes as long as the last of them. A commit that is refused
    # follows from one, and may come when the letter is there already.
    faults = [note for note in failpoints.notes(stage.folder) if note.what != failpoints.LATE_COMMIT_REFUSED]
    hit = {note.job: note.at for note in faults}
    jobs = dict(OutboxJob.objects.filter(pk__in=hit).values_list("args__determination_id", "pk"))
    delays = [
        rendered_at.timestamp() - hit[jobs[determination_id]]
        for determination_id, rendered_at in Letter.objects.values_list("determination_id", "rendered_at")
        if determination_id in jobs
    ]
    if hit:
        slowest = max(delays, default=0.0)
        outcome.facts |= {"faults": len(faults), "slowest letter s": round(slowest, 1)}
        outcome.require(slowest <= fault.seconds, "A letter came too late.")
    return outcome


def _noted(stage: Stage, what: str) -> list[failpoints.Note]:
    return [note for note in failpoints.notes(stage.folder) if note.what == what]


def _until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)


def _drain(stage: Stage, options: dict[str, Any]) -> None:
    """Wait for the letters; in a control, whose letters may never come, only while some do."""
    patience = 0.0
    if options["control"] and not options["without_guards"]:
        if options["failpoint"]:
            _until(lambda: bool(failpoints.notes(stage.folder)), START_SECONDS)
        patience = max(8.0, 2.0 * options["lease"])
    drain(seconds=options["drain"], patience=patience)


FAULTS: dict[str, Fault] = {
    "F1": Fault("pool child killed in the middle of a letter", at_failpoint, 50, 90, "sweeper", "child-dies"),
    "F2": Fault("worker killed with its children in the middle", at_failpoint, 40, 90, "sweeper", "worker-dies"),
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
