"""Rows of the reference data as pages show them, and what was proposed and decided about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from cases.enums import CorrectionState
from cases.models import ReferenceChange
from cases.selectors.reference_kind import ReferenceKind, as_json
from imr.core.words import mmddyyyy


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a change makes another."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A row as the pages show it."""

    row: Any
    title: str
    told: str
    citation: str
    is_confirmed: bool
    is_waiting: bool = False


def rows_of(kind: ReferenceKind, *, q: str = "", is_open: bool = False, on: date | None = None) -> QuerySet[Any]:
    """The rows of the kind: those that hold `q`, only those to be confirmed, only those in force on a day."""
    rows: QuerySet[Any] = kind.model._default_manager.all()  # noqa: SLF001  # Django's public API
    if q:
        found = Q()
        for name in kind.search:
            found |= Q(**{f"{name}__icontains": q})
        rows = rows.filter(found)
    if is_open and "is_confirmed" in kind.fields:
        rows = rows.filter(is_confirmed=False)
    if on is not None and kind.is_dated:
        rows = rows.filter(Q(in_force_until__isnull=True) | Q(in_force_until__gt=on), in_force_from__lte=on)
    elif on is not None:
        rows = rows.filter(day__year=on.year)
    return rows


def shown_rows(kind: ReferenceKind, rows: list[Any]) -> list[ReferenceRow]:
    """The rows for the list, each with whether a change of it waits."""
    waiting = set(
        ReferenceChange.objects.filter(
            kind=kind.slug, state=CorrectionState.PROPOSED, object_id__in=[row.pk for row in rows]
        ).values_list("object_id", flat=True)
    )
    return [shown_row(kind, row, is_waiting=row.pk in waiting) for row in rows]


def shown_row(kind: ReferenceKind, row: Any, *, is_waiting: bool = False) -> ReferenceRow:
    """One row in words."""
    return ReferenceRow(
        row,
        kind.title(row),
        kind.told(row),
        str(getattr(row, kind.citation)),
        bool(getattr(row, "is_confirmed", True)),
        is_waiting,
    )


def versions_of_row(kind: ReferenceKind, row: models.Model) -> list[Any]:
    """The rows that are versions of each other, the latest first; of a kind without dates, the row alone."""
    if not kind.is_dated:
        return [row]
    same = {name: getattr(row, name) for name in kind.identity}
    rows: QuerySet[Any] = kind.model._default_manager.filter(**same)  # noqa: SLF001
    return list(rows.order_by("-in_force_from"))


def waiting_changes() -> QuerySet[ReferenceChange]:
    """What waits for a second person, the oldest first."""
    rows = ReferenceChange.objects.filter(state=CorrectionState.PROPOSED)
    return rows.select_related("proposed_by").order_by("pk")


def decided_changes() -> QuerySet[ReferenceChange]:
    """What was decided, the latest first."""
    rows = ReferenceChange.objects.exclude(state=CorrectionState.PROPOSED)
    return rows.select_related("proposed_by", "decided_by").order_by("-decided_at", "-pk")


def changes_about(kind: ReferenceKind, rows: list[Any]) -> QuerySet[ReferenceChange]:
    """Everything that was proposed about these rows, the latest first."""
    ids = [row.pk for row in rows]
    about = ReferenceChange.objects.filter(Q(object_id__in=ids) | Q(made_id__in=ids), kind=kind.slug)
    return about.select_related("proposed_by", "decided_by")


def field_changes(kind: ReferenceKind, change: ReferenceChange) -> list[FieldChange]:
    """What the change makes another, field by field; of a further row every field."""
    found = []
    for name in kind.all_fields:
        if name not in change.values:
            continue
        old, new = change.former.get(name), change.values[name]
        if name in kind.mappings:
            found += _mapping_changes(kind.mappings[name], old or {}, new or {})
        elif old != new:
            found.append(FieldChange(kind.label_of(name), _words(kind, name, old), _words(kind, name, new)))
    return found


def told_fields(kind: ReferenceKind, row: models.Model) -> list[tuple[str, str]]:
    """The editable fields of a row, in words."""
    told = []
    for name in kind.all_fields:
        value = getattr(row, name)
        if name in kind.mappings:
            told += [(label, value[key]) for key, label in kind.mappings[name].items() if value.get(key)]
        else:
            told.append((kind.label_of(name), _words(kind, name, as_json(value))))
    return told


def _mapping_changes(labels: Mapping[str, str], old: dict[str, str], new: dict[str, str]) -> list[FieldChange]:
    keys = [*labels, *(key for key in old if key not in labels)]
    return [
        FieldChange(labels.get(key, key), old.get(key, ""), new.get(key, ""))
        for key in keys
        if old.get(key, "") != new.get(key, "")
    ]


def _words(kind: ReferenceKind, name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    column: Any = kind.model._meta.get_field(name)  # noqa: SLF001
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return mmddyyyy(date.fromisoformat(value)) if isinstance(column, models.DateField) else str(value)
