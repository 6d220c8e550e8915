"""The Celery application. Its settings are the `CELERY_*` names of `imr.settings.base`."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.dev")

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
    from imr.core.pdf import warm_up  # settings are there only when the worker starts

    warm_up()
