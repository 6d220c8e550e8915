"""Who and what the present unit of work belongs to, for audit rows and log lines."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkContext:
    """Identifiers only: no health data and no secrets. `session_hash` is a digest of the session key."""

    request_id: str = ""
    session_hash: str = ""
    address: str | None = None


_NOTHING = WorkContext()
_current: ContextVar[WorkContext | None] = ContextVar("imr_work_context", default=None)


def current() -> WorkContext:
    """The context of the request or job that is being served; empty outside of one."""
    return _current.get() or _NOTHING


def use(context: WorkContext) -> None:
    """Make `context` the present one for this thread of control."""
    _current.set(context)
