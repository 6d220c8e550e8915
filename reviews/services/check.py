"""What the reviewer says to the checks before signing."""

from collections.abc import Collection

from django.db import transaction
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError
from reviews.enums import CheckReply
from reviews.models import Assignment, CheckAnswer
from reviews.rules.checks.determination import CheckFinding
from reviews.selectors.advice import sign_checks
from reviews.selectors.snapshot import draft_snapshot
from reviews.services.review_lock import lock_review


@transaction.atomic
def answer_finding(*, assignment_id: int, actor: User, key: str) -> CheckAnswer:
    """The finding counts as "Seen, kept as written" for the words it is about; safe to call again.

    Raises `ConflictError` (409) when the checks do not say it any more, or the case is not with this reviewer.
    """
    assignment = lock_review(assignment_id=assignment_id, actor=actor).assignment
    found = next((one for one in _advice(assignment) if one.key == key), None)
    if found is None:
        raise ConflictError("This advice no longer stands: the words it was about have changed.", code="advice_gone")
    (answer,) = _keep(assignment, actor, [found], CheckReply.KEPT)
    return answer


@transaction.atomic
def mark_advice_read(*, assignment_id: int, actor: User, keys: Collection[str]) -> list[CheckAnswer]:
    """The findings named by `keys` count as read, where the reviewer did not answer them otherwise.

    Keys of findings that do not stand any more are passed over. Raises `ConflictError` (409) when the case is not with
    this reviewer.
    """
    assignment = lock_review(assignment_id=assignment_id, actor=actor).assignment
    answered = set(CheckAnswer.objects.filter(assignment=assignment).values_list("key", flat=True))
    found = [one for one in _advice(assignment) if one.key in keys and one.key not in answered]
    return _keep(assignment, actor, found, CheckReply.READ)


def _advice(assignment: Assignment) -> list[CheckFinding]:
    letter = draft_snapshot(assignment=assignment, decision_date=clock.today()).letter
    return [one.finding for one in sign_checks(assignment, letter).advice]


def _keep(assignment: Assignment, actor: User, found: list[CheckFinding], reply: CheckReply) -> list[CheckAnswer]:
    answers = []
    for finding in found:
        answer, _ = CheckAnswer.objects.update_or_create(
            assignment=assignment,
            key=finding.key,
            defaults={
                "code": finding.code,
                "position": finding.position,
                "reply": reply,
                "message": finding.message,
                "quote": finding.quote,
                "answered_by": actor,
                "answered_at": Now(),
            },
        )
        answers.append(answer)
    if found:
        record(
            action="check.answered" if reply == CheckReply.KEPT else "check.advice_read",
            actor=actor,
            object_type="assignment",
            object_id=assignment.pk,
            case_id=assignment.case_id,
            detail={"findings": [[finding.code, finding.position] for finding in found]},
        )
    return answers
