"""Taking over into a draft what a person chose from its UR decision letter."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from cases.enums import DraftStep
from cases.services.draft import keep_typed, lock_draft
from cases.services.item import add_item
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import DomainError


@transaction.atomic
def take_over(
    *,
    case_id: int,
    actor: User,
    document_id: int,
    typed: Mapping[DraftStep, Mapping[str, str]],
    items: Sequence[Mapping[str, str]],
) -> int:
    """The chosen values stand in the steps as typed and not yet answered; the treatments are in the list of items.

    `typed` is the whole text of each step's form. Every step is still to be looked at and saved by the person. An
    item of which the list has the like, or that no longer fits, is left out; how many were added.
    """
    application = lock_draft(case_id)
    for step, values in typed.items():
        keep_typed(case_id=case_id, actor=actor, key=step.value, typed=values, version=application.version)
        application.refresh_from_db(fields=["version"])
    added = 0
    for item in items:
        application.refresh_from_db(fields=["version"])
        try:
            with transaction.atomic():
                add_item(case_id=case_id, actor=actor, cleaned=item, version=application.version)
            added += 1
        except DomainError:
            continue
    record(
        action="draft.take_from_letter",
        actor=actor,
        object_type="document",
        object_id=document_id,
        case_id=case_id,
        detail={"steps": sorted(step.value for step in typed), "items": added},
    )
    return added
