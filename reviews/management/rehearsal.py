"""A rehearsal's own world: a throw-away database beside the one in use, a Redis and a folder; nothing of it stays."""

import io
import shutil
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import connection
from django.utils.crypto import get_random_string

from imr.audit.models import Event
from imr.celery import app
from imr.core import jobs, storage
from reviews.enums import LetterKind
from reviews.management import failpoints
from reviews.management.chaos import QUEUES, Stage, free_port
from reviews.models import Determination, Letter
from reviews.selectors.letter import missing_letters
from reviews.selectors.snapshot import snapshot_of
from reviews.services.rehearsal import DATABASE_PREFIX
from reviews.services.rendering import render_letter_pdf

START_SECONDS = 120


def add_role_arguments(parser: ArgumentParser, *, lease: int, republish: int) -> None:
    """The options that every process of a rehearsal takes."""
    parser.add_argument("--lease", type=int, default=lease, help="seconds after which a dead worker's job is free")
    parser.add_argument("--republish", type=int, default=republish, help="seconds until a job is published again")
    parser.add_argument("--role", default="", help="used inside: run one worker or sweeper")
    parser.add_argument("--failpoint", default="", help="used inside: where a worker fails")
    parser.add_argument("--time-limit", type=int, default=0, help="seconds for a task in a worker (default as always)")


def use_pace(options: dict[str, Any]) -> None:
    """Lease and republication as the command was told, in this process."""
    settings.IMR_JOB_LEASE_SECONDS = options["lease"]
    settings.IMR_JOB_REPUBLISH_SECONDS = options["republish"]


def play(options: dict[str, Any]) -> None:
    """Be one worker or sweeper of a rehearsal until killed."""
    role: str = options["role"]
    if not str(connection.settings_dict["NAME"]).startswith(DATABASE_PREFIX):
        raise CommandError("A rehearsal has a database of its own.")
    if role.startswith("sweeper"):
        call_command("sweep_jobs", every=0.5)
        return
    if options["failpoint"]:
        failpoints.install(options["failpoint"], Path(settings.IMR_DOCUMENT_ROOT).parent)
        # Eight attempts in seconds, not in two hours.
        jobs.BACK_OFF = (timedelta(seconds=0.2),) * 4
    limits = []
    if options["time_limit"]:
        limits = ["--time-limit", str(options["time_limit"]), "--soft-time-limit", str(options["time_limit"])]
    app.worker_main(
        [
            "worker", "--queues", QUEUES, "--concurrency", "2", "--without-gossip", "--without-mingle",
            "--loglevel", "ERROR", "--hostname", f"{role}@rehearsal", *limits,
        ]
    )  # fmt: skip


@contextmanager
def base_database() -> Iterator[str]:
    """The name of a migrated database with the reference data, to be copied by several rehearsals."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    home, name = str(connection.settings_dict["NAME"]), _database_name()
    use_database(home, create=name)
    try:
        _fill()
        connection.close()
        connection.settings_dict["NAME"] = home
        yield name
    finally:
        use_database(home, drop=name)


@contextmanager
def rehearsal(options: dict[str, Any], *, workers: int, sweepers: int, base: str = "") -> Iterator[Stage]:
    """Settings, database and queue are those of a rehearsal inside; nothing of it is left afterwards.

    Redis and the processes of the stage are not started yet. `base` is a `base_database` to be copied.
    """
    # So that `finally` runs and nothing stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    name = _database_name()
    folder = Path(tempfile.mkdtemp(prefix="imr-rehearsal-"))
    home = str(connection.settings_dict["NAME"])
    port = free_port()
    url = urlsplit(settings.ENV["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    redis_url = f"redis://127.0.0.1:{port}/0"
    role_options = ["--lease", str(options["lease"]), "--republish", str(options["republish"])]
    if options["failpoint"]:
        role_options += ["--failpoint", options["failpoint"]]
    if options["time_limit"]:
        role_options += ["--time-limit", str(options["time_limit"])]
    stage = Stage(
        folder=folder,
        port=port,
        environment={"DATABASE_URL": url, "REDIS_URL": redis_url, "IMR_DOCUMENT_ROOT": str(folder / "documents")},
        options=role_options,
        workers=workers,
        sweepers=sweepers,
    )
    settings.IMR_DOCUMENT_ROOT = str(folder / "documents")
    app.conf.broker_url = redis_url
    use_database(home, create=name, base=base)
    try:
        if not base:
            _fill()
        yield stage
    finally:
        # A second signal, as of a group of processes that is ended, would end this half-way.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stage.close()
        app.pool.force_close_all()
        use_database(home, drop=name)
        shutil.rmtree(folder, ignore_errors=True)


def _database_name() -> str:
    return f"{DATABASE_PREFIX}{get_random_string(10, 'abcdefghijklmnopqrstuvwxyz')}"


def _fill() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    if "load_reference_data" in get_commands():
        call_command("load_reference_data", verbosity=0, stdout=io.StringIO())


def use_database(home: str, *, create: str = "", drop: str = "", base: str = "") -> None:
    """The connection is to the created database afterwards, or to `home` when one was dropped."""
    connection.close()
    connection.settings_dict["NAME"] = home
    quoted = connection.ops.quote_name(create or drop)
    with connection.cursor() as cursor:
        if create:
            copied = f" TEMPLATE {connection.ops.quote_name(base)}" if base else ""
            cursor.execute(f"CREATE DATABASE {quoted}{copied}")
        else:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
    connection.close()
    if create:
        connection.settings_dict["NAME"] = create


def await_workers(many: int) -> None:
    """All workers answer: faults should hit work, not processes that are still starting."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if len(app.control.ping(timeout=1.0)) >= many:
            return
    raise CommandError("The workers do not start; is another program using all of the machine?")


def drain(*, seconds: float, patience: float = 0.0) -> None:
    """Wait until no letter is missing, at most so many seconds; with `patience` only until none came for so long."""
    deadline = time.monotonic() + seconds
    least, since = missing_letters().count(), time.monotonic()
    while least and time.monotonic() < deadline:
        time.sleep(0.25)
        if (now := missing_letters().count()) < least:
            least, since = now, time.monotonic()
        if patience and time.monotonic() - since > patience:
            return


def count_letters() -> Counter[str]:
    """What there is at the end: `letters`, and of determinations those `lost`, `doubled` and `wrong`."""
    letters: dict[int, list[Letter]] = {}
    for letter in Letter.objects.filter(kind=LetterKind.FINAL):
        letters.setdefault(letter.determination_id, []).append(letter)
    rendered = Counter(Event.objects.filter(action="letter.render").values_list("case_id", flat=True))
    counts: Counter[str] = Counter(letters=0, lost=0, doubled=0, wrong=0)
    for determination in Determination.objects.all():
        found = letters.get(determination.pk, [])
        counts["letters"] += len(found)
        counts["lost"] += not found
        counts["doubled"] += len(found) > 1 or rendered[determination.case_id] > 1
        counts["wrong"] += any(not _is_right(determination, letter) for letter in found)
    return counts


def _is_right(determination: Determination, letter: Letter) -> bool:
    """The stored bytes are those of the signed words, rendered here and now once more."""
    snapshot = snapshot_of(determination)
    if not letter.snapshot_sha256 == determination.snapshot_sha256 == snapshot.sha256:
        return False
    with storage.open_verified(letter.sha256) as handle:
        return handle.read() == render_letter_pdf(snapshot.letter).data
