"""Answering the comments with which a determination came back."""

from django.db import transaction
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError, DomainError
from reviews.models import CommentAnswer
from reviews.selectors.returned import comment_to_answer
from reviews.services.review_lock import lock_review


@transaction.atomic
def answer_comment(*, assignment_id: int, actor: User, comment_id: int, text: str) -> CommentAnswer:
    """The comment is answered in these words; they can be changed until the determination is signed again.

    Raises `ConflictError` (409) when the case is no longer with the reviewer or the comment not of the last return.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    found = comment_to_answer(review.assignment, comment_id)
    if found is None:
        raise ConflictError("This comment is not one of the last return. Open the workspace again.")
    if not text.strip():
        words = "Write what you changed, or why it stays."
        raise DomainError(words, fields={"text": [words]})
    answer, _ = CommentAnswer.objects.update_or_create(
        comment=found.comment,
        assignment=review.assignment,
        defaults={"text": text, "answered_at": Now(), "answered_by": actor},
    )
    record(
        action="quality.answer",
        actor=actor,
        object_type="determination",
        object_id=found.comment.determination_id,
        case_id=review.assignment.case_id,
        detail={"comment": comment_id},
    )
    return answer
