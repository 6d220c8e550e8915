"""A broker that is away must not hold up who promises a job."""

import time

import pytest
from django.conf import LazySettings
from kombu import Connection
from kombu.exceptions import OperationalError

from imr.core.tasks import run_job
from reviews.management.chaos import free_port


def test_publishing_without_a_broker_fails_at_once(settings: LazySettings) -> None:
    """F5: a signature takes at most a second meanwhile. By itself kombu would try for six."""
    address = f"redis://127.0.0.1:{free_port()}/0"
    with Connection(address, transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS) as connection:
        started = time.monotonic()
        for _ in range(2):
            with pytest.raises(OperationalError):
                run_job.apply_async(args=[0], queue="letters", retry=False, connection=connection)
        assert time.monotonic() - started < 6
