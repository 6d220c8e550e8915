"""The gate before a signature."""

from textwrap import shorten

from django.db import transaction

from imr.accounts.models import User
from imr.audit.services import record
from reviews.exceptions import NotCompleteError
from reviews.models import QualityComment, Review
from reviews.rules.completeness import Gap, find_gaps
from reviews.selectors.returned import unanswered
from reviews.selectors.workspace import review_draft, written_texts
from reviews.services.identity_check import find_own_identity
from reviews.services.review_lock import lock_review

# So much of a comment tells which one is meant; the whole stands where it is answered.
_MOST_OF_COMMENT = 80


def find_open_gaps(*, review: Review) -> list[Gap]:
    """What stands between the draft and a signature, in the order of the page; confirmed warnings left out."""
    confirmed = set(review.confirmations)
    return [gap for gap in all_gaps(review=review) if not gap.needs_confirmation or gap.key not in confirmed]


def all_gaps(*, review: Review) -> list[Gap]:
    """As `find_open_gaps`, with the warnings that were confirmed."""
    found = find_own_identity(reviewer_id=review.assignment.reviewer_id, texts=written_texts(review))
    telling = [
        Gap("own_identity", f"Remove what could identify you: {', '.join(kinds)}.", place, "LC 4610.6(f)")
        for place, kinds in found.items()
    ]
    open_comments = [_open_comment(one) for one in unanswered(review.assignment)]
    return [*telling, *open_comments, *find_gaps(review_draft(review))]


def _open_comment(comment: QualityComment) -> Gap:
    place = f"item {comment.position}" if comment.position else "the letter"
    words = shorten(comment.text, _MOST_OF_COMMENT, placeholder=" …")
    return Gap("return_comment", f"Answer the comment on {place}: {words}", f"returned_{comment.position or 0}")


def require_complete(*, assignment_id: int) -> None:
    """Nothing is missing and every warning was confirmed; call it under the lock under which is signed.

    Raises `NotCompleteError` (409) that lists what is open.
    """
    review = Review.objects.select_related("assignment").filter(assignment_id=assignment_id).first()
    if review is None:
        raise NotCompleteError("The review has not been started.", missing=["Open the workspace and decide the items."])
    gaps = find_open_gaps(review=review)
    if gaps:
        count = "One thing is" if len(gaps) == 1 else f"{len(gaps)} things are"
        raise NotCompleteError(
            f"The determination cannot be signed yet. {count} still open.", missing=[gap.message for gap in gaps]
        )


@transaction.atomic
def confirm_warnings(*, assignment_id: int, actor: User, keys: set[str]) -> Review:
    """The warnings named by `keys` count as confirmed for the words they were given for; others do not any more."""
    review = lock_review(assignment_id=assignment_id, actor=actor)
    known = {gap.key: gap.code for gap in all_gaps(review=review) if gap.needs_confirmation}
    confirmed = sorted(keys & set(known))
    if confirmed != sorted(review.confirmations):
        Review.objects.filter(pk=review.pk).update(confirmations=confirmed)
        review.confirmations = confirmed
        record(
            action="review.warnings_confirmed",
            actor=actor,
            object_type="review",
            object_id=review.pk,
            case_id=review.assignment.case_id,
            detail={"codes": [known[key] for key in confirmed]},
        )
    return review
