"""When a regular review may become an expedited one (8 CCR 9792.10.4(c); LC 4610.6(d)(2)). Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from cases.enums import CaseStatus
from imr.core.words import mmddyyyy

CONVERTIBLE: Final = frozenset(
    {
        CaseStatus.AWAITING_RECORDS,
        CaseStatus.INSUFFICIENT_RECORDS,
        CaseStatus.READY_FOR_REVIEW,
        CaseStatus.IN_REVIEW,
        CaseStatus.DOCS_REQUESTED,
    }
)


def check_certification(
    certified_on: date, *, decided_on: date | None, today: date, retrospective: Iterable[bool]
) -> dict[str, str]:
    """What stands against it, by the field that it concerns.

    `retrospective` says of each eligible item whether the treatment was given already: for that nothing is urgent.
    """
    if certified_on > today:
        return {"certified_on": f"The certification cannot be of {mmddyyyy(certified_on)}, in the future."}
    if decided_on is not None and certified_on < decided_on:
        return {
            "certified_on": (
                f"The certification of {mmddyyyy(certified_on)} is earlier than the UR decision of "
                f"{mmddyyyy(decided_on)}, so it does not speak of this dispute."
            )
        }
    items = list(retrospective)
    if items and all(items):
        return {"": "All items were already provided. Only treatment still to be given is reviewed so fast."}
    return {}
