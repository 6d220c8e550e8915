"""Applications that arrive by mail, fax, in person or by phone and are keyed in by staff (8 CCR 9792.10.1(b)(1))."""

from datetime import datetime

from django.db import transaction

from cases.enums import FilingChannel
from cases.exceptions import IncompleteError
from cases.models import Application, Case, URDecision
from cases.rules.receipt import check_arrival
from cases.services.draft import create_draft, lock_draft
from imr.accounts.models import Organization, User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import NotAllowedError


@transaction.atomic
def key_in_application(
    *, actor: User, organization: Organization, channel: FilingChannel, arrived_at: datetime, taken_by: str
) -> Case:
    """A new draft of `organization` that counts as received at `arrived_at` once it is submitted.

    Raises `IncompleteError` for an arrival in the future, and `NotAllowedError` for anybody but staff.
    """
    _require_staff(actor)
    case = create_draft(actor=actor, organization=organization)
    note_arrival(case_id=case.pk, actor=actor, channel=channel, arrived_at=arrived_at, taken_by=taken_by)
    return case


@transaction.atomic
def note_arrival(
    *, case_id: int, actor: User, channel: FilingChannel, arrived_at: datetime, taken_by: str
) -> Application:
    """The draft arrived so. Raises as `key_in_application`, and `SubmittedError` when it is no longer a draft."""
    _require_staff(actor)
    application = lock_draft(case_id)
    decided_on = URDecision.objects.values_list("decided_on", flat=True).get(case_id=case_id)
    problem = check_arrival(arrived_at, decided_on=decided_on, now=clock.now())
    if problem:
        raise IncompleteError(problem, fields={"arrived_on": [problem]})
    if channel == FilingChannel.ONLINE or not taken_by:
        words = "Enter who took it."
        raise IncompleteError(words, fields={"taken_by": [words]})
    application.channel, application.arrived_at, application.arrival_taken_by = channel, arrived_at, taken_by
    application.version += 1
    application.save(update_fields=["channel", "arrived_at", "arrival_taken_by", "version"])
    record(
        action="draft.arrival",
        actor=actor,
        object_type="case",
        object_id=case_id,
        case_id=case_id,
        detail={"channel": channel.value, "arrived_at": arrived_at.isoformat()},
    )
    return application


def _require_staff(actor: User) -> None:
    if actor.is_claims:
        raise NotAllowedError("Only the IMR organization keys in what arrives on paper or by phone.")
