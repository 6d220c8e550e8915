"""The product's processes: what runs, and with which arguments.

`Procfile` and `docker-compose.yml` start the same ones; a test compares them with this table.
"""

from dataclasses import dataclass
from typing import Final

QUEUES: Final = "letters,scan,mail,misc"

# One request at a time in a process, behind a proxy that buffers slow clients.
GUNICORN: Final = (
    *("gunicorn", "imr.wsgi", "--worker-class", "sync", "--timeout", "60", "--graceful-timeout", "30"),
    # A slow leak in a library ends with its process; the jitter keeps workers from going at once.
    *("--max-requests", "5000", "--max-requests-jitter", "500", "--no-control-socket"),
    # Loaded once and forked: half the start, and the workers share the memory.
    "--preload",
)
WORKER: Final = ("celery", "-A", "imr", "worker", "--queues", QUEUES, "--without-gossip", "--without-mingle")
BEAT: Final = ("celery", "-A", "imr.beat", "beat", "--pidfile=")
SWEEPER: Final = ("manage.py", "sweep_jobs")


@dataclass(frozen=True, slots=True)
class Program:
    """One process of ours: `arguments` follow the Python of this environment."""

    name: str
    arguments: tuple[str, ...]


def programs(*, port: int, schedule: str) -> tuple[Program, ...]:
    """What `make run` starts, on loopback only; `schedule` is the file where beat keeps its times."""
    return (
        Program("web", ("-m", *GUNICORN, "--bind", f"127.0.0.1:{port}")),
        Program("worker", ("-m", *WORKER)),
        Program("beat", ("-m", *BEAT, "--schedule", schedule)),
        Program("sweeper", SWEEPER),
    )
