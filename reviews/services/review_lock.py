"""The locks under which a review is written: the case, the reviewer's assignment, the finding; in this order."""

from cases.enums import CaseStatus
from cases.models import DisputedItem
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.core import words
from imr.core.errors import ConflictError
from reviews.enums import AssignmentStatus
from reviews.models import Assignment, Finding, Review
from reviews.selectors.panel import opinion_of
from reviews.selectors.workspace import WRITABLE, items_under_review


def lock_review(*, assignment_id: int, actor: User) -> Review:
    """The reviewer's own open review, its case and assignment locked until the transaction ends.

    Raises `ConflictError` (409) when the case is not, or no longer, with this reviewer; nothing stored is lost.
    """
    assignment = lock_own_assignment(assignment_id, actor)
    review = Review.objects.select_related("assignment").filter(assignment=assignment).first()
    if review is None:
        raise ConflictError("The review has not been started. Open the workspace first.")
    return review


def lock_own_assignment(assignment_id: int, actor: User) -> Assignment:
    """The reviewer's own accepted assignment and its case, locked. Raises `ConflictError` (409) as `lock_review`."""
    own = Assignment.objects.filter(reviewer__user=actor)
    case_id = own.values_list("case_id", flat=True).filter(pk=assignment_id).first()
    if case_id is None:
        raise ConflictError("This case is not with you.")
    case = lock_case(case_id)
    assignment = own.select_for_update(of=("self",)).get(pk=assignment_id)
    if assignment.status != AssignmentStatus.ACCEPTED:
        when = f" on {words.pacific(assignment.ended_at)}" if assignment.ended_at else ""
        raise ConflictError(
            f"The assignment ended{when} ({assignment.get_status_display().lower()}). What was saved before is kept."
        )
    if (opinion := opinion_of(assignment)) is not None:
        raise ConflictError(
            f"You signed your opinion on {words.pacific(opinion.signed_at)}; it can no longer be changed. "
            "What was saved before is kept."
        )
    if CaseStatus(case.status) not in WRITABLE:
        raise ConflictError(
            f"The case has been “{case.get_status_display()}” since {words.pacific(case.status_changed_at)}; "
            "the review can no longer be changed. What was saved before is kept."
        )
    return assignment


def lock_finding(review: Review, item_id: int) -> Finding:
    """The locked finding of an item under review; `ConflictError` (409) names one that is not, or no longer."""
    finding = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("item")
        .filter(review=review, item_id=item_id, item__in=items_under_review(review.assignment.case_id))
        .first()
    )
    if finding is None:
        item = DisputedItem.objects.filter(pk=item_id, case_id=review.assignment.case_id).first()
        named = f"Item {item.position} (“{item.description[:80]}”)" if item else "This item"
        raise ConflictError(f"{named} is no longer under review; it takes no decision.")
    return finding
