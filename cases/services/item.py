"""The list of disputed items of a draft. Positions run from 1 without gaps, in the order of the list."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cases.enums import DraftStep
from cases.exceptions import GoneError
from cases.models import Application, DisputedItem
from cases.rules.items import MAX_ITEMS, item_key
from cases.selectors.draft import item_step_key
from cases.services.draft import check_fresh, end_page, forget, lock_draft, touch
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import DomainError

ITEM_FIELDS = (
    "description",
    "category",
    "code",
    "quantity",
    "frequency",
    "duration",
    "is_retrospective",
    "service_date",
    "is_associated_service",
    "ur_outcome",
    "authorized",
    "remaining",
    "claims_guideline_basis",
    "claims_guideline_text",
)


@transaction.atomic
def add_item(*, case_id: int, actor: User, cleaned: Mapping[str, Any], version: int, editor: str = "") -> DisputedItem:
    """A new item stands at the end of the list. Raises `DomainError` for a 61st item and for a repeated one.

    The form of a new item is shared by everybody who works on the draft, so a text typed by a colleague there is
    reported as `StaleVersionError` and not thrown away.
    """
    application = lock_draft(case_id)
    key = item_step_key(None)
    if "typed" in application.steps.get(key, {}):
        check_fresh(application, key, version=version, editor=editor)
    rows = _rows(case_id)
    if len(rows) >= MAX_ITEMS:
        raise DomainError(f"An application holds at most {MAX_ITEMS} items.", code="too_many_items")
    refuse_repeated(rows, cleaned, own_id=None)
    item = DisputedItem.objects.create(case_id=case_id, position=len(rows) + 1, **item_values(cleaned))
    touch(application, DraftStep.ITEMS.value, is_done=True)
    touch(application, item_step_key(item.pk))
    end_page(application, key, editor=editor)
    application.save(update_fields=["steps", "version", "saved_at"])
    _record(application, actor, "item.add", item)
    return item


@transaction.atomic
def edit_item(
    *, case_id: int, item_id: int, actor: User, cleaned: Mapping[str, Any], version: int, editor: str = ""
) -> DisputedItem:
    """The item has the new answers. Raises as `add_item`, and `GoneError` when it was removed."""
    application = lock_draft(case_id)
    rows = _rows(case_id)
    item = _item(rows, item_id)
    key = item_step_key(item_id)
    check_fresh(application, key, version=version, editor=editor)
    refuse_repeated(rows, cleaned, own_id=item_id)
    for name, value in item_values(cleaned).items():
        setattr(item, name, value)
    item.save()
    touch(application, key, editor=editor)
    application.save(update_fields=["steps", "version", "saved_at"])
    _record(application, actor, "item.edit", item)
    return item


@transaction.atomic
def remove_item(*, case_id: int, item_id: int, actor: User) -> None:
    """The item is gone and the others have moved up."""
    application = lock_draft(case_id)
    rows = _rows(case_id)
    item = _item(rows, item_id)
    _record(application, actor, "item.remove", item)
    rows.remove(item)
    item.delete()
    number_items(rows)
    forget(application, item_step_key(item_id))
    touch(application, DraftStep.ITEMS.value)
    application.save(update_fields=["steps", "version", "saved_at"])


@transaction.atomic
def move_item(*, case_id: int, item_id: int, actor: User, offset: int) -> None:
    """The item stands `offset` places further down (up when negative); at the ends it stays."""
    application = lock_draft(case_id)
    rows = _rows(case_id)
    item = _item(rows, item_id)
    at = rows.index(item)
    rows.remove(item)
    rows.insert(min(max(at + offset, 0), len(rows)), item)
    number_items(rows)
    touch(application, DraftStep.ITEMS.value)
    application.save(update_fields=["steps", "version", "saved_at"])
    _record(application, actor, "item.move", item)


def _rows(case_id: int) -> list[DisputedItem]:
    return list(DisputedItem.objects.filter(case_id=case_id))


def _item(rows: list[DisputedItem], item_id: int) -> DisputedItem:
    for row in rows:
        if row.pk == item_id:
            return row
    raise GoneError("This item was removed meanwhile. The list below is as it is now.")


def number_items(rows: list[DisputedItem]) -> None:
    """Positions are checked at commit (a deferred constraint), so the rows may pass through each other."""
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            DisputedItem.objects.filter(pk=row.pk).update(position=position)
            row.position = position


def item_values(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What the item's row holds of the cleaned form."""
    return {name: cleaned[name] for name in ITEM_FIELDS if name in cleaned}


def refuse_repeated(rows: list[DisputedItem], cleaned: Mapping[str, Any], *, own_id: int | None) -> None:
    """Raise `DomainError` beside the description when another one of `rows` has the same words."""
    key = item_key(cleaned["description"])
    for row in rows:
        if row.pk != own_id and item_key(row.description) == key:
            words = f"Item {row.position} has the same description. Change this one, or leave it out."
            raise DomainError(words, code="repeated_item", fields={"description": [words]})


def _record(application: Application, actor: User, action: str, item: DisputedItem) -> None:
    record(
        action=action,
        actor=actor,
        object_type="item",
        object_id=item.pk,
        case_id=application.case_id,
        detail={"position": item.position},
    )
