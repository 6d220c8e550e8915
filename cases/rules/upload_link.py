"""One-time links through which somebody without an account sends documents: limits, and how a link stands. Pure."""

from datetime import date, datetime, timedelta
from typing import Final

from cases.enums import DocumentSource, UploadLinkRole, UploadLinkState

MAX_FILES: Final = 10
USUAL_FILES: Final = 3
USUAL_DAYS: Final = 14
LONGEST_DAYS: Final = 60
# More links than this wait for nobody.
MAX_OPEN: Final = 20

SOURCES: Final = {
    UploadLinkRole.PHYSICIAN: DocumentSource.PHYSICIAN,
    UploadLinkRole.EMPLOYEE_SIDE: DocumentSource.EMPLOYEE,
    UploadLinkRole.CLAIMS_SIDE: DocumentSource.CLAIMS_ADMINISTRATOR,
}


def check_last_day(last_day: date, *, today: date) -> str:
    """What is wrong with the last day of a link, as a sentence; empty when nothing is."""
    if last_day < today:
        return "The last day is over already. Enter today or a later day."
    if last_day > today + timedelta(days=LONGEST_DAYS):
        return f"A link is good for {LONGEST_DAYS} days at most. Enter an earlier day."
    return ""


def link_state(
    *, used_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, now: datetime
) -> UploadLinkState:
    """How the link stands at `now`: what somebody did with it says more than that its time is over."""
    if used_at is not None:
        return UploadLinkState.USED
    if revoked_at is not None:
        return UploadLinkState.REVOKED
    return UploadLinkState.EXPIRED if now >= expires_at else UploadLinkState.OPEN
