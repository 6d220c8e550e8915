"""Celery's side of the outbox, and the tasks of the schedule."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command

from imr.core import jobs, storage


@shared_task(name="imr.core.tasks.run_job")
def run_job(job_id: int) -> None:
    """Run the promised job of this id, if it is there and not taken."""
    jobs.run(int(job_id))


@shared_task(name="imr.core.tasks.heartbeat")
def heartbeat() -> None:
    """Show that a worker consumes: `/readyz` reads the row."""
    jobs.beat("worker")


@shared_task(name="imr.core.tasks.clean_up")
def clean_up() -> None:
    """Remove expired sessions, and what writers that died left in the document store a day ago or longer."""
    call_command("clearsessions")
    storage.remove_leftovers(older_than=timedelta(days=1))
