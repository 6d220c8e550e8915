"""Where the apps below the audit record report what was done.

`imr.audit` stands above `imr.accounts` and hands its `record` over when the project starts; without it an act
that must be recorded fails.
"""

from typing import Any, Protocol


class Recorder(Protocol):
    """Appends one event, in the caller's transaction (see `imr.audit.services.record`)."""

    def __call__(
        self,
        *,
        action: str,
        actor: Any,
        object_type: str = "",
        object_id: int | None = None,
        outcome: str = "done",
        reason: str = "",
        detail: dict[str, Any] | None = None,
    ) -> object: ...


_recorders: list[Recorder] = []


def use_recorder(recorder: Recorder) -> None:
    """Let `recorder` take the reports from now on."""
    _recorders[:] = [recorder]


def record(
    *,
    action: str,
    actor: Any,
    object_type: str = "",
    object_id: int | None = None,
    outcome: str = "done",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Report one act; raises when nobody keeps the record."""
    if not _recorders:
        raise RuntimeError("No audit record: add imr.audit to INSTALLED_APPS.")
    _recorders[0](
        action=action,
        actor=actor,
        object_type=object_type,
        object_id=object_id,
        outcome=outcome,
        reason=reason,
        detail=detail,
    )
