"""Pages of long lists by the key of their last row, never by offset, with counts that stop at a cap.

A page far down the list costs what the first one costs. The cursor is the sort key and the primary key of the row
at the edge; a damaged one simply shows the first page again.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 25
COUNT_CAP = 1_000


@dataclass(frozen=True, slots=True)
class Page[T: Model]:
    """One page. `after` and `before` are cursors for the next and the previous page, empty where there is none."""

    rows: Sequence[T]
    after: str
    before: str
    total: int

    @property
    def total_words(self) -> str:
        """The number of rows, or "more than 1,000" beyond the cap."""
        return f"more than {COUNT_CAP:,}" if self.total > COUNT_CAP else f"{self.total:,}"


def capped_count(rows: QuerySet[Any]) -> int:
    """How many rows there are, at most `COUNT_CAP` + 1."""
    return rows.order_by()[: COUNT_CAP + 1].count()


def is_cursor(text: str) -> bool:
    """Whether `text` has the form of a cursor; pages forgive a damaged one, programs are told."""
    return _decode(text) is not None


def keyset_page[T: Model](
    rows: QuerySet[T],
    *,
    field: str,
    descending: bool = False,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[T]:
    """The page of `rows` sorted by `field` and primary key, behind the cursor `after` or in front of `before`.

    `field` must not be null for any row: annotate it with a default first.
    """
    backward = bool(before) and not after
    edge = _decode(before if backward else after)
    ordered = rows.order_by(*(f"{'-' if descending != backward else ''}{name}" for name in (field, "pk")))
    if edge is not None:
        value, pk = edge
        relation = "lt" if descending != backward else "gt"
        try:
            # One condition on the sort key lets an index seek; the other settles ties.
            ordered = ordered.filter(
                Q(**{f"{field}__{relation}e": value})
                & (Q(**{f"{field}__{relation}": value}) | Q(**{f"pk__{relation}": pk}))
            )
        except (ValidationError, ValueError, TypeError):
            edge = None
    found = list(ordered[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backward:
        found.reverse()
    has_after = bool(found) and (edge is not None if backward else more)
    has_before = bool(found) and (more if backward else edge is not None)
    return Page(
        rows=found,
        after=_encode(found[-1], field) if has_after else "",
        before=_encode(found[0], field) if has_before else "",
        total=capped_count(rows),
    )


def _encode(row: Model, field: str) -> str:
    value: Any = row
    for part in field.split("__"):
        value = getattr(value, part)
    if isinstance(value, datetime | date):
        value = value.isoformat()
    return base64.urlsafe_b64encode(json.dumps([value, row.pk]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[str | int | float, int] | None:
    if not cursor or len(cursor) > 500:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    if not isinstance(pk, int) or isinstance(pk, bool) or abs(pk) > 2**63 - 1:
        return None
    if not isinstance(value, str | int | float) or "\x00" in str(value):
        return None
    return value, pk
