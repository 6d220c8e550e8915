"""What holds in a worker's child."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from imr.core.models import JobState, OutboxJob

ROOT = Path(__file__).resolve().parents[2]

CHILD = """
import resource, sys, warnings
import django
django.setup()
from celery.signals import worker_process_init
from imr import celery
from imr.core import jobs, pdf

def page(body):
    return f'<!DOCTYPE html><html lang="en-US"><title>Test</title><body><h1>Test</h1>{body}</body></html>'

@jobs.job("tests.render", queue=jobs.Queue.LETTERS)
def render(*, lines):
    pdf.render_pdf(page("<p>One line.</p>" * lines), style_sheet="final_determination-2026-1.css")

pdf.warm_up()
jobs.run(0)
worker_process_init.send(sender=None)
soft, hard = resource.getrlimit(resource.RLIMIT_AS)
assert soft == celery.CHILD_ADDRESS_SPACE == 1 << 30, soft
with open("/proc/self/statm") as handle:
    mapped = int(handle.read().split()[0]) * resource.getpagesize()
assert mapped < soft / 2, mapped
# So that the test need not fill a gibibyte.
resource.setrlimit(resource.RLIMIT_AS, (mapped + (64 << 20), hard))
print(*[jobs.run(int(job_id)) for job_id in sys.argv[1:]])
"""


@pytest.mark.django_db(transaction=True)
def test_job_that_takes_too_much_memory_fails_and_its_process_goes_on() -> None:
    """F16: the runaway is tried again later, and the same child does the next job."""
    runaway, usual = (
        OutboxJob.objects.create(name="tests.render", queue="letters", args={"lines": lines})
        for lines in (1_000_000, 10)
    )
    database = urlsplit(settings.ENV["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(runaway.pk), str(usual.pk)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "imr.settings.test", "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert child.returncode == 0, child.stderr
    assert child.stdout.split() == ["pending", "done"], child.stderr
    runaway.refresh_from_db()
    assert (runaway.state, runaway.attempts, runaway.problem) == (JobState.PENDING, 1, "RenderError from MemoryError")
