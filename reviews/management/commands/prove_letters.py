"""The proof that every signed determination gets exactly one letter, whatever is killed.

It starts a Redis, workers and sweepers of its own on the loopback, against a throw-away database beside the one in
use, signs while it kills at random, and counts. Nothing else is touched.
"""

import io
import logging
import shutil
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.crypto import get_random_string

from imr.accounts.models import User
from imr.audit.models import Event
from imr.celery import app
from imr.core import pdf, storage
from imr.core.errors import DomainError
from reviews.management.chaos import FLUSH, QUEUES, Chaos, Stage, free_port
from reviews.models import Determination, Letter
from reviews.selectors.letter import missing_letters, snapshot_of
from reviews.services.determination import sign_determination
from reviews.services.rendering import render_letter_pdf
from reviews.services.rehearsal import DATABASE_PREFIX, PASSWORD, make_rehearsal_drafts

START_SECONDS = 120
WORKERS = 2
LOST_AT_ONCE = 3


@dataclass(slots=True)
class Figures:
    """What came of it. `lost` determinations have no letter, `doubled` more than one."""

    signed: int = 0
    refused: int = 0
    letters: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    restarts: Counter[str] = field(default_factory=Counter)
    sign_seconds: list[float] = field(default_factory=list)
    drain_seconds: float = 0.0
    seconds: float = 0.0

    @property
    def slowest_of_20(self) -> float:
        """The 95th percentile of a signature, in seconds."""
        ordered = sorted(self.sign_seconds)
        return ordered[int(len(ordered) * 0.95) - 1] if ordered else 0.0


class Command(BaseCommand):
    # The system checks import every page; this command uses none.
    requires_system_checks: list[str] = []
    help = "Sign determinations while workers and Redis are killed at random, and count the letters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--signatures", type=int, default=200, help="how many to sign (default 200)")
        parser.add_argument("--seed", type=int, default=1, help="seed of the faults (default 1)")
        parser.add_argument("--no-sweeper", action="store_true", help="the control: without a sweeper, some are lost")
        parser.add_argument("--lease", type=int, default=5, help="seconds after which a dead worker's job is free")
        parser.add_argument("--republish", type=int, default=3, help="seconds after which a job is published again")
        parser.add_argument("--drain", type=int, default=180, help="seconds to wait at the end at most (default 180)")
        parser.add_argument("--role", default="", help="used inside: run one worker or sweeper")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.IMR_JOB_LEASE_SECONDS = options["lease"]
        settings.IMR_JOB_REPUBLISH_SECONDS = options["republish"]
        role: str = options["role"]
        if role:
            self._play(role)
            return
        # So that `finally` runs and nothing stays behind.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        # Every fault is logged by what it hits; here only the figures count.
        logging.disable(logging.WARNING)
        figures = self._rehearse(options)
        self._print(figures)
        if options["no_sweeper"]:
            if not figures.lost:
                raise CommandError("The control lost nothing, so the proof proves nothing. Raise --signatures.")
        elif figures.lost or figures.doubled or figures.wrong or figures.refused:
            raise CommandError("Letters were lost, doubled or wrong.")

    def _play(self, role: str) -> None:
        if not str(connection.settings_dict["NAME"]).startswith(DATABASE_PREFIX):
            raise CommandError("A rehearsal has a database of its own.")
        if role.startswith("sweeper"):
            call_command("sweep_jobs", every=0.5)
            return
        app.worker_main(
            [
                "worker", "--queues", QUEUES, "--concurrency", "2", "--without-gossip", "--without-mingle",
                "--loglevel", "ERROR", "--hostname", f"{role}@rehearsal",
            ]
        )  # fmt: skip

    def _rehearse(self, options: dict[str, Any]) -> Figures:
        name = f"{DATABASE_PREFIX}{get_random_string(10, 'abcdefghijklmnopqrstuvwxyz')}"
        folder = Path(tempfile.mkdtemp(prefix="imr-prove-letters-"))
        home = str(connection.settings_dict["NAME"])
        port = free_port()
        url = urlsplit(settings.ENV["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        redis_url = f"redis://127.0.0.1:{port}/0"
        stage = Stage(
            folder=folder,
            port=port,
            environment={"DATABASE_URL": url, "REDIS_URL": redis_url, "IMR_DOCUMENT_ROOT": str(folder / "documents")},
            options=["--lease", str(options["lease"]), "--republish", str(options["republish"])],
            workers=WORKERS,
            sweepers=0 if options["no_sweeper"] else 2,
        )
        settings.IMR_DOCUMENT_ROOT = str(folder / "documents")
        app.conf.broker_url = redis_url
        self._use_database(home, create=name)
        try:
            call_command("migrate", verbosity=0, interactive=False)
            if "load_reference_data" in get_commands():
                call_command("load_reference_data", verbosity=0, stdout=io.StringIO())
            return self._run(stage, options)
        finally:
            stage.close()
            app.pool.force_close_all()
            self._use_database(home, drop=name)
            shutil.rmtree(folder, ignore_errors=True)

    def _use_database(self, home: str, *, create: str = "", drop: str = "") -> None:
        connection.close()
        connection.settings_dict["NAME"] = home
        quoted = connection.ops.quote_name(create or drop)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted}" if create else f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
        connection.close()
        if create:
            connection.settings_dict["NAME"] = create

    def _run(self, stage: Stage, options: dict[str, Any]) -> Figures:
        figures = Figures()
        started = time.monotonic()
        signer, assignments = make_rehearsal_drafts(count=options["signatures"])
        pdf.warm_up()
        stage.start_redis()
        chaos = Chaos(stage, seed=options["seed"])
        # The first messages are lost for certain: no worker is there yet to take them before the flush.
        for assignment_id in assignments[:LOST_AT_ONCE]:
            self._sign(assignment_id, signer, figures)
        chaos.strike(FLUSH)
        stage.open()
        self._await_workers()
        chaos.start()
        for assignment_id in assignments[LOST_AT_ONCE:]:
            self._sign(assignment_id, signer, figures)
            chaos.signed()
        chaos.stop()
        figures.faults = chaos.counts
        drained = time.monotonic()
        self._drain(options)
        figures.drain_seconds = time.monotonic() - drained
        figures.restarts = stage.deaths
        self._count(figures)
        figures.seconds = time.monotonic() - started
        return figures

    def _sign(self, assignment_id: int, signer: User, figures: Figures) -> None:
        before = time.monotonic()
        try:
            sign_determination(assignment_id=assignment_id, actor=signer, password=PASSWORD)
        except DomainError as error:
            figures.refused += 1
            self.stderr.write(f"Refused: {error.message} {error.fields}")
        else:
            figures.signed += 1
        figures.sign_seconds.append(time.monotonic() - before)

    def _await_workers(self) -> None:
        """Both workers answer: faults should hit work, not processes that are still starting."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if len(app.control.ping(timeout=1.0)) == WORKERS:
                return
        raise CommandError("The workers do not start; is another program using all of the machine?")

    def _drain(self, options: dict[str, Any]) -> None:
        """Wait until no letter is missing, or, in the control, until none has come for ten seconds."""
        deadline = time.monotonic() + options["drain"]
        least, since = missing_letters().count(), time.monotonic()
        while least and time.monotonic() < deadline:
            time.sleep(0.25)
            if (now := missing_letters().count()) < least:
                least, since = now, time.monotonic()
            if options["no_sweeper"] and time.monotonic() - since > max(10, 2 * options["lease"]):
                return

    def _count(self, figures: Figures) -> None:
        letters: dict[int, list[Letter]] = {}
        for letter in Letter.objects.all():
            letters.setdefault(letter.determination_id, []).append(letter)
        rendered = Counter(Event.objects.filter(action="letter.render").values_list("case_id", flat=True))
        for determination in Determination.objects.all():
            found = letters.get(determination.pk, [])
            figures.letters += len(found)
            figures.lost += not found
            figures.doubled += len(found) > 1 or rendered[determination.case_id] > 1
            figures.wrong += any(not self._is_right(determination, letter) for letter in found)

    def _is_right(self, determination: Determination, letter: Letter) -> bool:
        """The stored bytes are those of the signed words, rendered here and now once more."""
        snapshot = snapshot_of(determination)
        if not letter.snapshot_sha256 == determination.snapshot_sha256 == snapshot.sha256:
            return False
        with storage.open_verified(letter.sha256) as handle:
            return handle.read() == render_letter_pdf(snapshot.letter).data

    def _print(self, figures: Figures) -> None:
        lines = [
            f"signed            {figures.signed}",
            f"letters           {figures.letters}",
            f"lost              {figures.lost}",
            f"doubled           {figures.doubled}",
            f"wrong content     {figures.wrong}",
            f"refused           {figures.refused}",
            *(f"{name:<17} {count}" for name, count in sorted(figures.faults.items())),
            *(f"{name + ' restarted':<17} {count}" for name, count in sorted(figures.restarts.items())),
            f"signature p95     {figures.slowest_of_20 * 1000:.0f} ms",
            f"drained after     {figures.drain_seconds:.1f} s",
            f"seconds           {figures.seconds:.1f}",
        ]
        self.stdout.write("\n".join(lines))
        sys.stdout.flush()
