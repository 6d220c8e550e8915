"""The sweeper: publishes promised jobs again that no worker picked up."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from imr.core import jobs

logger = logging.getLogger(__name__)

ALARM_SECONDS = 60


class Command(BaseCommand):
    help = "Publish jobs again that were promised and not picked up."
    # They would load every page into a process that shows none.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")
        parser.add_argument("--every", type=float, default=5.0, help="seconds between rounds (default 5)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{jobs.sweep()} job(s) published.")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        next_alarm = 0.0
        while not stop.is_set():
            try:
                jobs.sweep()
                jobs.beat("sweeper")
                if time.monotonic() >= next_alarm:
                    next_alarm = time.monotonic() + ALARM_SECONDS
                    if late := jobs.overdue():
                        logger.error("jobs_overdue", extra={"jobs": late})
            except DatabaseError:
                logger.exception("sweep_failed")
                connection.close()
            stop.wait(options["every"])
