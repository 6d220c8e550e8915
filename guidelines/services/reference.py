"""Bringing reviewed rows into a table without undoing what people changed there."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import models

from imr.accounts.models import User
from imr.audit.models import Event
from imr.audit.services import record

type Row = Mapping[str, Any]

EDITED = "reference.edit"


def load_rows(
    model: type[models.Model],
    rows: Iterable[Row],
    *,
    key: tuple[str, ...],
    spans_of: tuple[str, ...] = (),
) -> int:
    """Every row stands in the table under its natural key. Returns how many of them do.

    New ones are added and outdated ones renewed; nothing is removed. A row that a person edited stays as that
    person left it, and a row whose days in force would overlap another one of the same `spans_of` is left out.
    Called in the caller's transaction.
    """
    wanted = list(rows)
    table = model._default_manager  # noqa: SLF001  # Django's public API for code that is given a model
    held = {_key_of(row, key): row for row in table.all()}
    edited = _edited_ids(model)
    changed, fields = [], set[str]()
    for row in wanted:
        present = held.get(tuple(row[name] for name in key))
        if present is None or present.pk in edited:
            continue
        different = {name for name, value in row.items() if getattr(present, name) != value}
        for name in different:
            setattr(present, name, row[name])
        if different:
            changed.append(present)
            fields |= different
    if changed:
        table.bulk_update(changed, sorted(name.removesuffix("_id") for name in fields))
    missing = [row for row in wanted if tuple(row[name] for name in key) not in held]
    added = [model(**row) for row in missing if not _overlaps(row, held.values(), spans_of)]
    table.bulk_create(added)
    return len(wanted) - len(missing) + len(added)


def record_edit(*, actor: User, instance: models.Model, fields: Iterable[str]) -> None:
    """The audit record says who edited which fields; later loads leave the row as it is."""
    record(
        action=EDITED,
        actor=actor,
        object_type=_object_type(type(instance)),
        object_id=instance.pk,
        detail={"fields": sorted(fields)},
    )


def _edited_ids(model: type[models.Model]) -> frozenset[int]:
    edits = Event.objects.filter(action=EDITED, object_type=_object_type(model), object_id__isnull=False)
    return frozenset(pk for pk in edits.values_list("object_id", flat=True) if pk is not None)


def _object_type(model: type[models.Model]) -> str:
    return model._meta.label_lower  # noqa: SLF001  # Django's public API


def _key_of(row: models.Model, key: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in key)


def _overlaps(row: Row, held: Iterable[Any], spans_of: tuple[str, ...]) -> bool:
    if not spans_of:
        return False
    return any(
        all(getattr(other, name) == row[name] for name in spans_of)
        and other.in_force_from < (row["in_force_until"] or date.max)
        and row["in_force_from"] < (other.in_force_until or date.max)
        for other in held
    )
