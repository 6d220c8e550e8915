"""Earlier texts of a review."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from reviews.models import Review, Revision

# Saves of one window that follow each other within this time are one line of the history: the last of them.
ONE_SITTING = timedelta(minutes=2)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What a field held at the end of one sitting, and which window wrote it (1 is the first that ever did)."""

    revision: Revision
    window: int
    began_at: datetime
    is_current: bool


def revisions_of(review: Review, item_id: int | None) -> QuerySet[Revision]:
    """All revisions of an item's finding; without an item, those of the summary."""
    return Revision.objects.filter(review=review, item_id=item_id)


def base_texts(
    review: Review, item_id: int | None, *, fields: Iterable[str], version: int, editor: str
) -> dict[str, str]:
    """The last text of each field that the window `editor` had before it: what it was opened with at `version`, or
    what it saved itself since. Fields that were always empty are left out."""
    known = Q(version__lte=version)
    if editor:
        known |= Q(editor=editor)
    found = revisions_of(review, item_id).filter(known, field__in=list(fields), is_set_aside=False)
    latest = found.order_by("field", "-version", "-pk").distinct("field")
    return {revision.field: revision.text for revision in latest}


def is_late(review: Review, item_id: int | None, *, editor: str, sequence: int) -> bool:
    """Whether the window has saved something newer than its save of this number."""
    if not editor or not sequence:
        return False
    return revisions_of(review, item_id).filter(editor=editor, sequence__gt=sequence).exists()


def field_history(review: Review, item_id: int | None, field: str) -> list[HistoryLine]:
    """The texts of a field, the latest first, one for each sitting; at most 200."""
    rows = list(revisions_of(review, item_id).filter(field=field).order_by("-pk")[: 20 * MOST_SHOWN])
    rows.reverse()
    windows: dict[str, int] = {}
    current = next((row.pk for row in reversed(rows) if not row.is_set_aside), None)
    lines: list[HistoryLine] = []
    for row in rows:
        window = windows.setdefault(row.editor, len(windows) + 1)
        last = lines[-1] if lines else None
        began_at = row.saved_at
        if last is not None and _is_same_sitting(last.revision, row):
            began_at = last.began_at
            lines.pop()
        lines.append(HistoryLine(row, window, began_at, is_current=row.pk == current))
    lines.reverse()
    return lines[:MOST_SHOWN]


def _is_same_sitting(earlier: Revision, later: Revision) -> bool:
    """Whether `later` goes on where `earlier` was. What was set aside, or shortened the text much, stays apart."""
    if earlier.is_set_aside or later.is_set_aside or not later.editor or earlier.editor != later.editor:
        return False
    if len(later.text) < len(earlier.text) / 2:
        return False
    return later.saved_at - earlier.saved_at < ONE_SITTING
