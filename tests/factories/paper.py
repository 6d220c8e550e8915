"""Applications that arrived on paper."""

from datetime import datetime, timedelta

from cases.enums import FilingChannel
from cases.models import Case
from cases.services.paper import key_in_application
from imr.accounts.models import Organization, User
from imr.core import clock
from tests.factories.cases import complete_draft


def key_in(
    actor: User,
    organization: Organization,
    *,
    arrived_at: datetime | None = None,
    channel: FilingChannel = FilingChannel.FAX,
    is_complete: bool = False,
) -> Case:
    """A draft that `actor` keys in; it arrived yesterday unless told otherwise."""
    case = key_in_application(
        actor=actor,
        organization=organization,
        channel=channel,
        arrived_at=arrived_at or clock.now() - timedelta(days=1),
        taken_by="Lena Ortiz, mail room",
    )
    if is_complete:
        complete_draft(case)
    return case
