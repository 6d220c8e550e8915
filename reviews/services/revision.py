"""Every text of a review as it was saved: rows are added, and any of them can be brought back."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.models import DisputedItem
from imr.accounts.models import User
from reviews.models import Review, Revision


@dataclass(frozen=True, slots=True)
class SavedFrom:
    """The window a save came from: its token, and the number of the save in it. Without scripts both are empty."""

    editor: str = ""
    sequence: int = 0


UNKNOWN = SavedFrom()


def keep_revisions(
    *,
    review: Review,
    item: DisputedItem | None,
    texts: Mapping[str, str],
    version: int,
    actor: User,
    window: SavedFrom = UNKNOWN,
    is_set_aside: bool = False,
) -> None:
    """A revision for each of `texts`; call it in the transaction that stores them."""
    Revision.objects.bulk_create(
        Revision(
            review=review,
            item=item,
            field=field,
            text=text,
            version=version,
            editor=window.editor,
            sequence=window.sequence,
            is_set_aside=is_set_aside,
            saved_by=actor,
        )
        for field, text in texts.items()
    )
