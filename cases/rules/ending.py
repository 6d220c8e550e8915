"""What the claims administrator has to tell of the end of a dispute. Pure."""

from typing import Final

from cases.enums import EndingKind, EndingSource

# That the worker withdrew the application is the worker's own to tell.
REPORTABLE: Final = frozenset({EndingKind.AUTHORIZED, EndingKind.SETTLED, EndingKind.PHYSICIAN_WITHDREW})


def is_own_report(kind: str, told_by: str) -> bool:
    """Whether it is the report that the claims administrator owes within the days of LC 4610.5(g)."""
    return kind in REPORTABLE and told_by == EndingSource.CLAIMS_ADMINISTRATOR


def is_owed_by_claims(kind: str, told_by: str) -> bool:
    """Whether the claims administrator still has to report what `told_by` told (LC 4610.5(g))."""
    return kind in REPORTABLE and told_by != EndingSource.CLAIMS_ADMINISTRATOR
