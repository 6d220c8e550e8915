"""A determination that came back for correction: what is found fault with, what was answered, what changed since."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist

from imr.core import clock
from imr.core.redline import Piece, redline
from reviews.letters import FinalDeterminationLetter
from reviews.letters.correction import places_of
from reviews.models import Assignment, CommentAnswer, Determination, QualityComment
from reviews.selectors.panel import opinions_in
from reviews.selectors.snapshot import draft_snapshot, snapshot_of
from reviews.selectors.worklist import last_return

# The comments and changes of no item: those on the letter as a whole.
LETTER = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """A comment, and what this reviewer said to it."""

    comment: QualityComment
    answer: CommentAnswer | None


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the letter as it was signed and as it would be signed now."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ReturnedPart:
    """An item, or the letter as a whole."""

    comments: tuple[Answered, ...]
    changes: tuple[Change, ...]


def returned_parts(assignment: Assignment) -> Mapping[int, ReturnedPart]:
    """The parts of what was returned last, by the item's position, `LETTER` for the whole; empty without a return."""
    returned = last_return(assignment)
    if returned is None:
        return {}
    before = _signed_letter(returned, assignment)
    comments = answered_comments(returned, assignment)
    changes = _changes(before, assignment)
    return {
        position: ReturnedPart(
            tuple(one for one in comments if (one.comment.position or LETTER) == position),
            tuple(change for place, change in changes if place == position),
        )
        for position in [LETTER, *(item.position for item in before.items)]
    }


def answered_comments(determination: Determination, assignment: Assignment) -> list[Answered]:
    """The comments on the determination with this reviewer's answers, in the order of the letter."""
    answers = {
        answer.comment_id: answer
        for answer in CommentAnswer.objects.filter(comment__determination=determination, assignment=assignment)
    }
    rows = QualityComment.objects.filter(determination=determination)
    return [Answered(comment, answers.get(comment.pk)) for comment in rows]


def unanswered(assignment: Assignment) -> list[QualityComment]:
    """The comments of the last return that this reviewer has not answered."""
    returned = last_return(assignment)
    if returned is None:
        return []
    return [one.comment for one in answered_comments(returned, assignment) if one.answer is None]


def comment_to_answer(assignment: Assignment, comment_id: int) -> Answered | None:
    """A comment of the last return."""
    returned = last_return(assignment)
    found = answered_comments(returned, assignment) if returned else []
    return next((one for one in found if one.comment.pk == comment_id), None)


def earlier_answers(determination: Determination) -> list[Answered]:
    """What was found fault with before this signature, and what the reviewer answered, for the next second read."""
    earlier = (
        Determination.objects.filter(assignment=determination.assignment, voided_at__isnull=False)
        .exclude(pk=determination.pk)
        .first()
    )
    return answered_comments(earlier, determination.assignment) if earlier else []


def _signed_letter(determination: Determination, assignment: Assignment) -> FinalDeterminationLetter:
    """What this reviewer signed: of a panel, the own opinion."""
    own = [line for line in opinions_in(determination) if line.opinion.assignment_id == assignment.pk]
    return own[0].snapshot.letter if own else snapshot_of(determination).letter


def _changes(before: FinalDeterminationLetter, assignment: Assignment) -> list[tuple[int, Change]]:
    try:
        now = draft_snapshot(assignment=assignment, decision_date=clock.today()).letter
    except (ValueError, ObjectDoesNotExist):
        # The case lost a date that the letter prints; the page of the signature says so.
        return []
    texts = {place.key: place.text for place in places_of(now)}
    found = []
    for place in places_of(before):
        _, _, rest = place.key.partition("item_")
        position = int(rest.split("_")[0]) if rest else LETTER
        new = texts.get(place.key, "")
        if new != place.text and (rest or place.key == "clinical_case_summary"):
            found.append((position, Change(place.label, redline(place.text, new))))
    present = {item.position: item for item in now.items}
    for item in before.items:
        was = item.outcome.label if item.outcome else ""
        other = present.get(item.position)
        new = other.outcome.label if other and other.outcome else ""
        if was != new:
            found.append((item.position, Change(f"Item {item.position}, decision", redline(was, new or "Not decided"))))
    return found
