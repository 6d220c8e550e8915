"""That a reviewer came, opened a record, and had pages before the eyes."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from cases.models import Document
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, context
from imr.core.errors import DomainError
from reviews.models import Assignment, DocumentVisit, ReadingSettings, ReadingVisit
from reviews.permissions import may_read_records
from reviews.services.work_time import note_work

# After this long away, coming back is another visit.
VISIT_GAP: Final = timedelta(minutes=30)
# No session lasts longer, so neither does an opening.
OPENING: Final = timedelta(hours=12)
MOST_PAGES_AT_ONCE: Final = 500


@transaction.atomic
def begin_visit(*, assignment_id: int, actor: User) -> ReadingVisit:
    """The reviewer is in the workspace now. After half an hour away it is a new visit, and what arrived since the end
    of the one before counts as new; safe to call again."""
    assignment = _own(assignment_id, actor)
    note_work(assignment_id=assignment_id)
    now = clock.now()
    visit, is_first = ReadingVisit.objects.select_for_update().get_or_create(
        assignment=assignment, defaults={"seen_at": now}
    )
    if is_first:
        return visit
    if now - visit.seen_at > VISIT_GAP:
        visit.previous_at = visit.seen_at
    visit.seen_at = max(now, visit.seen_at)
    visit.save(update_fields=["seen_at", "previous_at"])
    return visit


@transaction.atomic
def open_document(*, assignment_id: int, document: Document, actor: User, is_part: bool = False) -> None:
    """The view of the record is on the audit record and counts as opened.

    With `is_part`, for a part of the file: when the same session opened the record within its lifetime the part
    belongs to that opening and nothing is written; so an opening in a viewer is recorded once, and bytes never leave
    without a record.
    """
    session = context.current().session_hash
    now = clock.now()
    if is_part and session:
        opened = DocumentVisit.objects.filter(
            assignment_id=assignment_id, document=document, session_hash=session, last_opened_at__gt=now - OPENING
        )
        if opened.exists():
            return
    assignment = _own(assignment_id, actor)
    note_work(assignment_id=assignment_id)
    visit, is_first = DocumentVisit.objects.select_for_update().get_or_create(
        assignment=assignment,
        document=document,
        defaults={"session_hash": session, "first_opened_at": now, "last_opened_at": now},
    )
    if not is_first:
        # Two requests at once may have read the clock in the other order.
        DocumentVisit.objects.filter(pk=visit.pk).update(
            session_hash=session, last_opened_at=max(now, visit.last_opened_at)
        )
    record(
        action="document.view",
        actor=actor,
        object_type="document",
        object_id=document.pk,
        case_id=document.case_id,
        detail={"sha256": document.sha256},
    )


@transaction.atomic
def keep_pages_seen(*, assignment_id: int, document: Document, actor: User, pages: Collection[int]) -> DocumentVisit:
    """The pages count as seen, besides those of before; other windows and repetitions lose and double nothing.

    Raises `DomainError` (400) for a page that the document does not have, or for a document that was never opened.
    """
    _own(assignment_id, actor)
    note_work(assignment_id=assignment_id)
    if len(pages) > MOST_PAGES_AT_ONCE or any(not 1 <= page <= document.page_count for page in pages):
        raise DomainError("These pages are not in the document. Reload the page.", code="page_unknown")
    visit = DocumentVisit.objects.select_for_update().filter(assignment_id=assignment_id, document=document).first()
    if visit is None:
        raise DomainError("Open the document first.", code="not_opened")
    seen = sorted({*visit.seen_pages, *pages})
    if seen != visit.seen_pages:
        visit.seen_pages = seen
        visit.save(update_fields=["seen_pages"])
    ReadingVisit.objects.filter(assignment_id=assignment_id).update(seen_at=Now())
    return visit


def save_settings(*, actor: User, **wishes: int | bool) -> ReadingSettings:
    """The person's workspace comes as wished from now on; what is not named stays."""
    settings, _ = ReadingSettings.objects.update_or_create(user=actor, defaults=wishes)
    return settings


def _own(assignment_id: int, actor: User) -> Assignment:
    """The reviewer's own assignment, its records open, and its row locked against the end of the assignment."""
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=assignment_id)
    may_read_records(actor, assignment).require()
    return assignment
