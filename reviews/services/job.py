"""Background jobs that a person looks after."""

from django.db import transaction

from imr.accounts.models import User
from imr.audit.services import record
from imr.core import jobs
from imr.core.errors import ConflictError


@transaction.atomic
def retry_job(*, job_id: int, actor: User) -> None:
    """The failed job waits for a worker again, with a fresh set of attempts.

    Raises `ConflictError` (409) when it is not a failed one (any more).
    """
    if not jobs.retry(job_id):
        raise ConflictError("This job is not a failed one any more. Open the list of jobs to see it as it is.")
    record(action="job.retry", actor=actor, object_type="job", object_id=job_id)
