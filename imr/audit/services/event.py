"""Writing the audit record."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import context


def record(
    *,
    action: str,
    actor: User | AnonymousUser | None,
    object_type: str = "",
    object_id: int | None = None,
    case_id: int | None = None,
    outcome: str = "done",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> Event:
    """Append one event, in the caller's transaction: when it cannot be written, the act fails too.

    `detail` takes business fields (states, codes, counts, hashes), never clinical text, passwords or tokens.
    """
    work = context.current()
    person = actor if isinstance(actor, User) else None
    return Event.objects.create(
        action=action,
        actor=person,
        actor_role=person.role if person else "",
        organization_id=person.organization_id if person else None,
        object_type=object_type,
        object_id=object_id,
        case_id=case_id,
        outcome=outcome,
        reason=reason[:500],
        detail=detail or {},
        request_id=work.request_id,
        session_hash=work.session_hash,
        address=work.address,
    )
