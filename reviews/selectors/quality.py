"""Reading what quality knows of a determination."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from cases.enums import CaseStatus
from reviews.letters import FinalDeterminationLetter, LetterItem
from reviews.models import Determination, QualityComment

MOST_COMMENTS = 100
# A signed determination that has not left yet.
BEING_READ = frozenset({CaseStatus.QA, CaseStatus.DETERMINED})


@dataclass(frozen=True, slots=True)
class ItemComments:
    """An item of the letter with the comments on it; without an item those on the letter as a whole."""

    item: LetterItem | None
    comments: tuple[QualityComment, ...]


def comments_on(determination: Determination) -> QuerySet[QualityComment]:
    """The comments of the second read, those on the whole letter last."""
    return QualityComment.objects.filter(determination=determination).select_related("written_by")


def comments_by_item(letter: FinalDeterminationLetter, comments: Iterable[QualityComment]) -> tuple[ItemComments, ...]:
    """Each item of the letter with its comments, then the letter as a whole."""
    found = list(comments)
    rows: list[LetterItem | None] = [*letter.items, None]
    return tuple(
        ItemComments(item, tuple(comment for comment in found if comment.position == (item.position if item else None)))
        for item in rows
    )
