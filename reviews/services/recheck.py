"""A change of a reviewer's file ends at once what the file now bars."""

from django.db import transaction

from imr.core import jobs
from reviews.selectors.offer import open_work_of
from reviews.services.assignment_end import take_back_if_barred

RECHECK_REVIEWER = "recheck_reviewer"


def promise_recheck(reviewer_id: int) -> None:
    """The open cases of the reviewer are looked at again right after the commit, and by a job if this process dies."""
    jobs.enqueue(RECHECK_REVIEWER, reviewer_id=reviewer_id)
    transaction.on_commit(lambda: recheck(reviewer_id=reviewer_id), robust=True)


def recheck(*, reviewer_id: int) -> int:
    """No open case of the reviewer is one that the file bars today; how many were taken back.

    Each case has a transaction of its own, in the order of locks: not within the one that changed the file, which
    holds the reviewer's row.
    """
    return sum(bool(take_back_if_barred(assignment_id=pk)) for pk in open_work_of(reviewer_id))
