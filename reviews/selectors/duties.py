"""Who did what of a determination, so that nobody checks the own work."""

from reviews.enums import AssignmentStatus
from reviews.models import Assignment, Determination, Opinion

REVIEWED = (AssignmentStatus.ACCEPTED, AssignmentStatus.COMPLETED)


def signers_of(determination: Determination) -> frozenset[int]:
    """The people who signed it; of a panel's, each of its opinions too."""
    opinions = Opinion.objects.filter(determination=determination).values_list("signed_by_id", flat=True)
    return frozenset([determination.signed_by_id, *opinions])


def assigners_of(determination: Determination) -> frozenset[int]:
    """The people who chose its reviewers. Offers that came to nothing do not count."""
    held = Assignment.objects.filter(case_id=determination.case_id, round=determination.round, status__in=REVIEWED)
    return frozenset(held.values_list("offered_by_id", flat=True))
