"""Notes of a reviewer on pages of the records: working papers of one assignment, read by nobody else."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from cases.models import Document
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import DomainError
from reviews.models import Assignment, PageNote
from reviews.permissions import may_read_records

MOST_NOTES: Final = 2_000


@transaction.atomic
def add_note(
    *, assignment_id: int, actor: User, document: Document, page: int, text: str, quote: str, tags: Sequence[str]
) -> PageNote:
    """The note is kept on the page. Raises `DomainError` for a page that the document does not have, or beyond 2,000
    notes on one case."""
    assignment = _own(assignment_id, actor)
    if not 1 <= page <= document.page_count or document.case_id != assignment.case_id:
        raise DomainError("This page is not among the records.")
    if PageNote.objects.filter(assignment=assignment).count() >= MOST_NOTES:
        raise DomainError(f"A case takes at most {MOST_NOTES:,} notes. Remove some first.")
    note = PageNote.objects.create(
        assignment=assignment, document=document, page=page, text=text, quote=quote, tags=list(tags)
    )
    _record("note.added", actor, note, assignment.case_id)
    return note


@transaction.atomic
def change_note(*, assignment_id: int, note_id: int, actor: User, text: str, tags: Sequence[str]) -> PageNote:
    """The note has these words and tags; page and quoted words stay. Unchanged words change nothing.

    Raises `DomainError` when it would say nothing at all.
    """
    assignment = _own(assignment_id, actor)
    note = PageNote.objects.select_for_update().get(pk=note_id, assignment=assignment)
    if not text and not note.quote:
        raise DomainError("Write the note, or remove it.")
    if (note.text, note.tags) != (text, list(tags)):
        PageNote.objects.filter(pk=note.pk).update(text=text, tags=list(tags), changed_at=Now())
        note.refresh_from_db()
        _record("note.changed", actor, note, assignment.case_id)
    return note


@transaction.atomic
def remove_note(*, assignment_id: int, note_id: int, actor: User) -> None:
    """The note is gone; nothing happens when it was gone already."""
    assignment = _own(assignment_id, actor)
    note = PageNote.objects.select_for_update().filter(pk=note_id, assignment=assignment).first()
    if note is not None:
        _record("note.removed", actor, note, assignment.case_id)
        note.delete()


def _own(assignment_id: int, actor: User) -> Assignment:
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=assignment_id)
    may_read_records(actor, assignment).require()
    return assignment


def _record(action: str, actor: User, note: PageNote, case_id: int) -> None:
    record(
        action=action,
        actor=actor,
        object_type="page_note",
        object_id=note.pk,
        case_id=case_id,
        detail={"document_id": note.document_id, "page": note.page, "tags": len(note.tags)},
    )
