"""Reading the outbox for the jobs page."""

from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet

from imr.core.models import Heartbeat, JobState, OutboxJob


@dataclass(frozen=True, slots=True)
class StateCount:
    state: JobState
    count: int


def state_counts() -> list[StateCount]:
    """How many jobs are in each state, every state named."""
    found = dict(OutboxJob.objects.values_list("state").annotate(total=Count("pk")))
    return [StateCount(state, found.get(state.value, 0)) for state in JobState]


def failed_jobs() -> QuerySet[OutboxJob]:
    """Jobs that were given up, the newest first."""
    return OutboxJob.objects.filter(state=JobState.FAILED).order_by("-finished_at", "-pk")


def open_jobs() -> QuerySet[OutboxJob]:
    """Jobs that wait or run, the oldest first."""
    return OutboxJob.objects.filter(state__in=[JobState.PENDING, JobState.RUNNING]).order_by("created_at", "pk")


def oldest_open_job() -> object:
    """When the oldest job that is not finished was promised; None when none is."""
    return open_jobs().order_by().aggregate(at=Min("created_at"))["at"]


def heartbeats() -> QuerySet[Heartbeat]:
    """The last sign of life of each background process."""
    return Heartbeat.objects.order_by("process")
