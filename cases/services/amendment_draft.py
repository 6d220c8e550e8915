"""What a person is preparing to amend: kept word by word, seen by nobody else, without effect before it is filed."""

from collections.abc import Mapping

from django.db import transaction

from cases.exceptions import TooLongError
from cases.models import AmendmentDraft, Application
from cases.services.draft import MAX_TYPED_CHARACTERS, check_fresh, forget, touch
from imr.accounts.models import User
from imr.core import clock
from imr.core.errors import DomainError

MAX_PARTS = 80


@transaction.atomic
def keep_part(
    *,
    case_id: int,
    actor: User,
    part: str,
    typed: Mapping[str, str],
    version: int,
    based_on: int,
    editor: str = "",
    typed_at: int = 0,
) -> AmendmentDraft:
    """What is typed into the form of `part` is kept, unchecked.

    `version` is that of what is prepared, `based_on` that of the application, as the page saw them. `typed_at` orders
    the saves of one page, so that a slow one does not undo a later one.

    Raises `StaleVersionError` when another page changed the part since `version`, and `TooLongError` when there is
    more than any application holds.
    """
    draft = _locked(case_id, actor)
    entry = draft.steps.get(part, {})
    is_own = bool(editor) and entry.get("editor") == editor
    if is_own and typed_at and typed_at < entry.get("typed_at", 0):
        return draft
    check_fresh(draft, part, version=version, editor=editor)
    held = sum(len(str(one.get("typed", ""))) for key, one in draft.steps.items() if key != part)
    if held + sum(len(name) + len(value) for name, value in typed.items()) > MAX_TYPED_CHARACTERS * 2:
        raise TooLongError("This is more text than an amendment can hold. Shorten it, then save again.")
    if part not in draft.steps and len(draft.steps) >= MAX_PARTS:
        raise DomainError("File what is changed so far before you change more parts.", code="too_many_parts")
    touch(
        draft,
        part,
        editor=editor,
        typed={name: value.replace("\x00", "�") for name, value in typed.items()},
        typed_at=typed_at,
        based_on=based_on,
    )
    draft.save()
    return draft


@transaction.atomic
def keep_removal(*, case_id: int, actor: User, part: str) -> AmendmentDraft:
    """The item of `part` is to be removed when the amendment is filed."""
    draft = _locked(case_id, actor)
    based_on = Application.objects.values_list("version", flat=True).get(case_id=case_id)
    touch(draft, part, removed=True, based_on=based_on)
    draft.save()
    return draft


@transaction.atomic
def drop_part(*, case_id: int, actor: User, part: str) -> AmendmentDraft:
    """The part stays as it is on file."""
    draft = _locked(case_id, actor)
    if part in draft.steps:
        forget(draft, part)
        draft.version += 1
        draft.saved_at = clock.now()
        draft.save()
    return draft


@transaction.atomic
def keep_reason(*, case_id: int, actor: User, reason: str) -> AmendmentDraft:
    """The reason is kept as it is typed so far."""
    draft = _locked(case_id, actor)
    draft.reason = reason.replace("\x00", "�")[:1000]
    draft.save(update_fields=["reason"])
    return draft


def discard_amendment(*, case_id: int, actor: User) -> None:
    """Nothing is prepared any more; what is on file stays."""
    AmendmentDraft.objects.filter(case_id=case_id, person=actor).delete()


def _locked(case_id: int, actor: User) -> AmendmentDraft:
    AmendmentDraft.objects.get_or_create(case_id=case_id, person=actor)
    return AmendmentDraft.objects.select_for_update(of=("self",)).get(case_id=case_id, person=actor)
