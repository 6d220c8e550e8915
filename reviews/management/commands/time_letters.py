"""How long letters take from the signature to the stored file: through database, outbox, Celery and store.

In processes and a database of its own, as `prove_letters`, with no faults. Two figures: on an idle system, one
signature after the other; and at full load, a queue of signed letters against the bare rendering of the same letters
on as many processes, right before and right after.
"""

import json
import logging
import multiprocessing
import random
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from imr.core import pdf
from reviews.letters import FinalDeterminationLetter, LetterWording
from reviews.management.chaos import Stage
from reviews.management.rehearsal import (
    add_role_arguments,
    await_workers,
    count_letters,
    drain,
    rehearsal,
    use_pace,
)
from reviews.models import Determination
from reviews.selectors.letter import missing_letters
from reviews.selectors.snapshot import snapshot_of
from reviews.selectors.template import wording_of
from reviews.services.determination import sign_determination
from reviews.services.rehearsal import PASSWORD, make_rehearsal_drafts
from reviews.services.rehearsal_text import LIGHT_MIX, item_counts
from reviews.services.rendering import render_letter_pdf

PROCESSES = 2
SINGLE_ITEMS = 3
PAUSE = 0.2
BARE_SHARE = 5


class Command(BaseCommand):
    # The system checks import every page; this command uses none.
    requires_system_checks: list[str] = []
    help = "Time letters from signature to stored file, idle and at full load."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--letters", type=int, default=1_000, help="in the queue at full load (default 1000)")
        parser.add_argument("--singles", type=int, default=40, help="signatures one by one when idle (default 40)")
        parser.add_argument("--seed", type=int, default=1, help="of the number of items (default 1)")
        parser.add_argument(
            "--rendering", action="store_true", help="the worker renders, as if the trials of the signatures were lost"
        )
        add_role_arguments(parser, lease=45, republish=30)

    def handle(self, *args: Any, **options: Any) -> None:
        logging.disable(logging.WARNING)
        use_pace(options)
        letters, singles = options["letters"], options["singles"]
        failpoint = "timed-rendering" if options["rendering"] else "timed"
        with rehearsal({**options, "failpoint": failpoint}, workers=1, sweepers=1) as stage:
            rng = random.Random(options["seed"])  # noqa: S311  repeatable, not secret
            items = [SINGLE_ITEMS] * singles + item_counts(rng, letters=letters, mix=LIGHT_MIX)
            from_trial = "rendered by the worker" if options["rendering"] else "taken from the trial of the signature"
            self.stdout.write(f"{letters} letters, {sum(items[singles:]) / letters:.2f} items on average, {from_trial}")
            signer, drafts = make_rehearsal_drafts(count=singles + letters, items=items)
            pdf.warm_up()

            def sign(draft: int) -> None:
                sign_determination(assignment_id=draft, actor=signer, password=PASSWORD)

            stage.start_redis()
            started = time.monotonic()
            for draft in drafts[singles:]:
                sign(draft)
            signed = time.monotonic() - started
            bare = [self._bare()]
            stage.open()
            await_workers(1)
            drain(seconds=1_200)
            bare.append(self._bare())
            self._say_load(stage, letters, signed, bare)
            before = len(_times(stage))
            waits = [self._single(sign, draft) for draft in drafts[:singles]]
            self._say_single(waits, _times(stage)[before:])
            counts = count_letters()
            if counts["lost"] or counts["doubled"] or counts["wrong"]:
                raise CommandError("Letters were lost, doubled or wrong.")

    def _single(self, sign: Any, draft: int) -> tuple[float, float]:
        """Seconds of the signature, and from its end until the letter is on record."""
        started = time.monotonic()
        sign(draft)
        signed = time.monotonic()
        while missing_letters().exists():
            time.sleep(0.005)
        ended = time.monotonic()
        time.sleep(PAUSE)
        return signed - started, ended - signed

    def _bare(self) -> float:
        """Seconds a letter by the clock: a share of the letters rendered on as many processes, nothing else done."""
        signed = list(Determination.objects.order_by("pk"))
        chosen = signed[:: max(1, min(BARE_SHARE, len(signed) // 20))]
        work = [(snapshot_of(one).letter, wording_of(snapshot_of(one).letter.template_version)) for one in chosen]
        connections.close_all()
        context = multiprocessing.get_context("fork")
        ready, done = context.Barrier(PROCESSES + 1), context.Barrier(PROCESSES + 1)
        children = [context.Process(target=_render, args=(work[at::PROCESSES], ready, done)) for at in range(PROCESSES)]
        for child in children:
            child.start()
        ready.wait()
        started = time.monotonic()
        done.wait()
        took = time.monotonic() - started
        for child in children:
            child.join()
        return took / len(work)

    def _say_load(self, stage: Stage, letters: int, signed: float, bare: Sequence[float]) -> None:
        times = [row for row in _times(stage) if row[3]]
        took = max(row[2] for row in times) - min(row[1] for row in times)
        plain = sum(bare) / len(bare)
        self.stdout.write(
            f"signing           {signed:.1f} s in one process, {signed / letters * 1000:.0f} ms each, with its trial\n"
            f"bare rendering    {plain * 1000:.1f} ms a letter on {PROCESSES} processes "
            f"({' and '.join(f'{one * 1000:.1f}' for one in bare)})\n"
            f"whole pipeline    {took / letters * 1000:.1f} ms a letter, {letters / took:.1f} letters/s, "
            f"{took:.1f} s in all\n"
            f"ratio             {took / letters / plain:.2f} (target 1.25)"
        )

    def _say_single(self, waits: Sequence[tuple[float, float]], times: Sequence[Any]) -> None:
        worked = sorted(ended - started for _, started, ended, is_done in times if is_done)
        late = sorted(wait for _, wait in waits)
        self.stdout.write(
            f"idle, {SINGLE_ITEMS} items     {_share(worked, 0.5):.0f} ms from claim to stored letter, "
            f"p95 {_share(worked, 0.95):.0f} ms (target 150)\n"
            f"idle, from commit {_share(late, 0.5):.0f} ms until the letter is there, p95 {_share(late, 0.95):.0f} ms, "
            f"most {late[-1] * 1000:.0f} ms (target 2000)"
        )


def _render(work: Sequence[tuple[FinalDeterminationLetter, LetterWording]], ready: Any, done: Any) -> None:
    ready.wait()
    for letter, wording in work:
        render_letter_pdf(letter, wording=wording)
    done.wait()


def _times(stage: Stage) -> list[Any]:
    path = stage.folder / "times.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _share(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
