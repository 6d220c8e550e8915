"""Acts that begin together, each on a database connection of its own."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import DatabaseError, connection

from imr.core.errors import ConflictError

# A hundred before a release, a few in the daily suite.
REPETITIONS = int(os.environ.get("IMR_RACE_REPETITIONS", "5"))
PATIENCE = 60


def race(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or raised, all begun together. Only refusals count as results."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=PATIENCE)
            return act()
        except (ConflictError, DatabaseError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=2 * PATIENCE) for future in [pool.submit(run, act) for act in acts]]
