"""The Celery application. Its settings are the `CELERY_*` names of `imr.settings.base`."""

import os
import resource
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.dev")

# A child with the renderer warm maps 340 MiB, and 375 MiB after the longest letter that is let through.
CHILD_ADDRESS_SPACE = 1 << 30
# The longest letter that is let through takes about 10 s.
DOCUMENT_CPU_SECONDS = 60

app = Celery("imr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The request's id goes with a task into the worker's log lines.
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def keep_logging(**kwargs: Any) -> None:
    """Being connected is all it takes: Celery leaves the `LOGGING` setting as it is."""


@worker_init.connect
def warm_renderer(**kwargs: Any) -> None:
    """Load the renderer before the children are forked, so that the first letter is as fast as the next."""
    from imr.core import signing  # settings are there only when the worker starts
    from imr.core.pdf import warm_up

    signing.warm_up()
    warm_up()


@worker_process_init.connect
def limit_memory(**kwargs: Any) -> None:
    """A child that runs away gets `MemoryError`, or dies alone; its job is tried again and given up after eight times.

    Only the soft limit: a program that a child starts may set its own. CPU time, which adds up over thousands of tasks,
    is limited for each document, and time by the clock for each task (`CELERY_TASK_TIME_LIMIT`).
    """
    from imr.core.pdf import limit_cpu  # as above

    limit_cpu(DOCUMENT_CPU_SECONDS)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    space = CHILD_ADDRESS_SPACE if hard == resource.RLIM_INFINITY else min(CHILD_ADDRESS_SPACE, hard)
    resource.setrlimit(resource.RLIMIT_AS, (space, hard))
