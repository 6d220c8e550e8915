"""Each fault of the matrix on purpose, in processes and a database of its own, and the control that shows the harm."""

import logging
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.management.failpoints import NO_GUARDS
from reviews.management.fault_trial import Outcome
from reviews.management.faults import FAULTS
from reviews.management.rehearsal import add_role_arguments, base_database, rehearsal, use_pace

WORKERS = 2


class Command(BaseCommand):
    # The system checks import every page; this command uses few.
    requires_system_checks: list[str] = []
    help = "Make faults happen to the making of letters: " + "; ".join(f"{n} {f.words}" for n, f in FAULTS.items())

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("faults", nargs="+", choices=list(FAULTS), metavar="FAULT")
        parser.add_argument("--trials", type=int, default=0, help="how often (default: as often as the matrix asks)")
        parser.add_argument("--control", action="store_true", help="without the guard: it must do harm")
        parser.add_argument("--drain", type=int, default=300, help="seconds to wait for letters at most (default 300)")
        parser.add_argument("--linger", type=float, default=3, help="seconds to wait for late messages (default 3)")
        parser.add_argument("--down", type=float, default=0, help="seconds without Redis (F5: 0.2, 1, 3, 10; F7: 600)")
        parser.add_argument("--queue", type=int, default=200, help="messages of a queue that is emptied (default 200)")
        parser.add_argument("--base", default="", help="used inside: the database that is copied")
        add_role_arguments(parser, lease=5, republish=3)

    def handle(self, *args: Any, **options: Any) -> None:
        logging.disable(logging.CRITICAL)
        use_pace(options)
        if options["base"]:
            wrong = [name for name in options["faults"] if not self._holds(name, options)]
        else:
            with base_database() as base:
                wrong = [name for name in options["faults"] if not self._holds_apart(name, base)]
        if wrong:
            words = "did no harm without their guard" if options["control"] else "did harm"
            raise CommandError(f"These faults {words}: {', '.join(wrong)}.")

    def _holds_apart(self, name: str, base: str) -> bool:
        """`_holds` in a process of its own: each fault has its own settings, connections and wrapped functions."""
        given = [word for word in sys.argv[2:] if word not in FAULTS]
        command = [sys.executable, sys.argv[0], "prove_faults", name, *given, "--base", base]
        with subprocess.Popen(command) as process:  # noqa: S603  this command
            try:
                return process.wait() == 0
            finally:
                process.terminate()

    def _holds(self, name: str, options: dict[str, Any]) -> bool:
        """Whether the fault did no harm, or in the control did some."""
        started = time.monotonic()
        outcome = self._run(name, options)
        took = time.monotonic() - started
        figures = ", ".join(f"{what} {value}" for what, value in outcome.facts.items())
        verdict = " ".join(outcome.problems) or "no harm."
        self.stdout.write(f"{name} {FAULTS[name].words}{' (control)' * options['control']}: {verdict}")
        self.stdout.write(f"    {figures} ({took:.0f} s)")
        self.stdout.flush()
        return bool(outcome.problems) == bool(options["control"])

    def _run(self, name: str, given: dict[str, Any]) -> Outcome:
        fault = FAULTS[name]
        options = {**given, "trials": given["trials"] or fault.trials}
        options["failpoint"] = fault.failpoint
        options["without_guards"] = options["control"] and fault.control.endswith(NO_GUARDS)
        if options["control"] and (fault.control.endswith(NO_GUARDS) or "-" in fault.control):
            options["failpoint"] = fault.control
        if name == "F17":
            # The limits of a child's time, or in the control none that it would meet.
            options["time_limit"] = given["time_limit"] or (0 if options["control"] else 8)
        if name == "F7":
            options["down"] = given["down"] or 600
        sweepers = 0 if options["control"] and fault.control == "sweeper" else 1
        with rehearsal(options, workers=WORKERS, sweepers=sweepers, base=given["base"]) as stage:
            stage.failing = {"worker0"} if name == "F18" else set(stage.roles)
            return fault.run(stage, fault, options)
