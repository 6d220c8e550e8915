"""The proof that every signed determination gets exactly one letter, whatever is killed.

It starts a Redis, workers and sweepers of its own on the loopback, against a throw-away database beside the one in
use, signs while it kills at random, and counts. Nothing else is touched.
"""

import logging
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from imr.accounts.models import User
from imr.core import pdf
from imr.core.errors import DomainError
from reviews.management.chaos import FLUSH, Chaos, Stage
from reviews.management.rehearsal import (
    add_role_arguments,
    await_workers,
    count_letters,
    drain,
    play,
    rehearsal,
    use_pace,
)
from reviews.services.determination import sign_determination
from reviews.services.rehearsal import PASSWORD, make_rehearsal_drafts

WORKERS = 2
LOST_AT_ONCE = 3


@dataclass(slots=True)
class Figures:
    """What came of it. `counts` are those of `count_letters`."""

    signed: int = 0
    refused: int = 0
    counts: Counter[str] = field(default_factory=Counter)
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
        parser.add_argument("--drain", type=int, default=180, help="seconds to wait at the end at most (default 180)")
        add_role_arguments(parser, lease=5, republish=3)

    def handle(self, *args: Any, **options: Any) -> None:
        use_pace(options)
        if options["role"]:
            play(options)
            return
        # Every fault is logged by what it hits; here only the figures count.
        logging.disable(logging.WARNING)
        with rehearsal(options, workers=WORKERS, sweepers=0 if options["no_sweeper"] else 2) as stage:
            figures = self._run(stage, options)
        self._print(figures)
        counts = figures.counts
        if options["no_sweeper"]:
            if not counts["lost"]:
                raise CommandError("The control lost nothing, so the proof proves nothing. Raise --signatures.")
        elif counts["lost"] or counts["doubled"] or counts["wrong"] or figures.refused:
            raise CommandError("Letters were lost, doubled or wrong.")

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
        await_workers(WORKERS)
        chaos.start()
        for assignment_id in assignments[LOST_AT_ONCE:]:
            self._sign(assignment_id, signer, figures)
            chaos.signed()
        chaos.stop()
        figures.faults = chaos.counts
        drained = time.monotonic()
        drain(seconds=options["drain"], patience=max(10, 2 * options["lease"]) if options["no_sweeper"] else 0)
        figures.drain_seconds = time.monotonic() - drained
        figures.restarts = stage.deaths
        figures.counts = count_letters()
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

    def _print(self, figures: Figures) -> None:
        lines = [
            f"signed            {figures.signed}",
            f"letters           {figures.counts['letters']}",
            f"lost              {figures.counts['lost']}",
            f"doubled           {figures.counts['doubled']}",
            f"wrong content     {figures.counts['wrong']}",
            f"refused           {figures.refused}",
            *(f"{name:<17} {count}" for name, count in sorted(figures.faults.items())),
            *(f"{name + ' restarted':<17} {count}" for name, count in sorted(figures.restarts.items())),
            f"signature p95     {figures.slowest_of_20 * 1000:.0f} ms",
            f"drained after     {figures.drain_seconds:.1f} s",
            f"seconds           {figures.seconds:.1f}",
        ]
        self.stdout.write("\n".join(lines))
        sys.stdout.flush()
