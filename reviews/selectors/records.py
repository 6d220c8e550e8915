"""The records of a case as one reviewer reads them: their numbers, what was opened, what is new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import F, Q

from cases.models import Document
from cases.selectors.arrangement import PageKey, page_places
from cases.selectors.document import reviewable_documents
from imr.accounts.models import User
from reviews.enums import DocumentUse
from reviews.models import Assignment, ConsideredDocument, DocumentVisit, ReadingSettings, ReadingVisit
from reviews.rules.references import NumberedRecord, references_in


class ReadingState(StrEnum):
    NEW = "new"
    UNOPENED = "unopened"
    OPENED = "opened"
    READ = "read"


@dataclass(frozen=True, slots=True)
class RecordReading:
    """How far one record is read. `is_proposed`: opened or referred to, and not marked yet."""

    document_id: int
    number: int
    page_count: int
    seen: int
    state: ReadingState
    is_proposed: bool = False

    @property
    def words(self) -> str:
        """`New`, `Not opened`, `3 of 12 pages read`, `Read`."""
        if self.state == ReadingState.NEW:
            return "New, not opened"
        if self.state == ReadingState.UNOPENED:
            return "Not opened"
        if self.state == ReadingState.READ:
            return "Read"
        return f"{self.seen:,} of {self.page_count:,} page{'' if self.page_count == 1 else 's'} read"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the records of a case are read by their reviewer; `readings` by document."""

    readings: Mapping[int, RecordReading] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """`41 of 43 opened, 2 not; 310 of 412 pages read`."""
        readings = self.readings.values()
        opened = sum(reading.state in {ReadingState.OPENED, ReadingState.READ} for reading in readings)
        total = len(self.readings)
        left = f", {total - opened} not" if opened < total else ""
        seen, pages = sum(reading.seen for reading in readings), sum(reading.page_count for reading in readings)
        return f"{opened} of {total} opened{left}; {seen:,} of {pages:,} pages read"

    @property
    def new(self) -> int:
        """How many records arrived since the visit before and were not opened."""
        return sum(reading.state == ReadingState.NEW for reading in self.readings.values())

    @property
    def proposed(self) -> int:
        """How many records were opened or are referred to and carry no mark."""
        return sum(reading.is_proposed for reading in self.readings.values())


def numbered_records(assignment: Assignment) -> tuple[NumberedRecord, ...]:
    """The records that a reference can mean, with their numbers on this case and in the letter's list of documents.

    The number of a record never changes: what was removed before the application was submitted does not count, what
    is replaced later, or is not before the reviewer, keeps its number and is not among the records.
    """
    before_reviewer = reviewable_documents(assignment.case_id).in_bulk()
    uses = dict(ConsideredDocument.objects.filter(review__assignment=assignment).values_list("document_id", "use"))
    records: list[NumberedRecord] = []
    for number, pk in enumerate(_numbered_papers(assignment.case_id), 1):
        if paper := before_reviewer.get(pk):
            records.append(
                NumberedRecord(
                    document_id=pk,
                    number=number,
                    listed=len(records) + 1,
                    title=paper.title,
                    page_count=paper.page_count,
                    is_considered=uses.get(pk) == DocumentUse.CONSIDERED,
                )
            )
    return tuple(records)


def coverage_of(assignment: Assignment, texts: Mapping[str, str] | None = None) -> Coverage:
    """How far the reviewer of the assignment has read its records; `texts` are those that may refer to pages."""
    visits = {visit.document_id: visit for visit in DocumentVisit.objects.filter(assignment=assignment)}
    received = dict(
        Document.objects.filter(case_id=assignment.case_id, removed_at__isnull=True).values_list("pk", "received_at")
    )
    since = ReadingVisit.objects.filter(assignment=assignment).values_list("previous_at", flat=True).first()
    marked = set(
        ConsideredDocument.objects.filter(review__assignment=assignment)
        .exclude(use=DocumentUse.UNREAD)
        .values_list("document_id", flat=True)
    )
    mentioned = {reference.number for text in (texts or {}).values() for reference in references_in(text)}
    seen = _seen_pages(assignment, visits.values())
    readings = {}
    for record in numbered_records(assignment):
        is_opened = record.document_id in visits or record.document_id in seen
        pages = len(seen.get(record.document_id, ()))
        readings[record.document_id] = RecordReading(
            document_id=record.document_id,
            number=record.number,
            page_count=record.page_count,
            seen=pages,
            state=_state(is_opened, pages, record, received[record.document_id], since),
            is_proposed=record.document_id not in marked and (is_opened or record.number in mentioned),
        )
    return Coverage(readings)


def moved_pages(assignment: Assignment) -> Mapping[PageKey, PageKey]:
    """Where the pages of records went that were turned, divided or joined, as numbers of records and pages; for
    references to pages that are no longer where they were."""
    places = page_places(assignment.case_id)
    if not places:
        return {}
    numbers = {paper: number for number, paper in enumerate(_numbered_papers(assignment.case_id), 1)}
    return {
        (numbers[document], page): (numbers[place.document_id], place.page)
        for (document, page), place in places.items()
        if document in numbers and place.document_id in numbers
    }


def settings_of(user: User) -> ReadingSettings:
    """How the person likes the workspace; what was never chosen is as it comes."""
    return ReadingSettings.objects.filter(user=user).first() or ReadingSettings(user=user)


def _state(
    is_opened: bool, seen: int, record: NumberedRecord, received_at: datetime, since: datetime | None
) -> ReadingState:
    if not is_opened:
        return ReadingState.NEW if since is not None and received_at > since else ReadingState.UNOPENED
    return ReadingState.READ if seen >= record.page_count else ReadingState.OPENED


def _seen_pages(assignment: Assignment, visits: Iterable[DocumentVisit]) -> dict[int, set[int]]:
    """Pages seen, by document that was opened; those that were seen before a document was divided or joined are seen
    where they are now. A page that was turned is not: perhaps it could not be read as it lay."""
    places = page_places(assignment.case_id)
    seen: dict[int, set[int]] = {}
    for visit in visits:
        seen.setdefault(visit.document_id, set()).update(visit.seen_pages)
        for page in visit.seen_pages if places else ():
            place = places.get((visit.document_id, page))
            if place is not None and not place.is_turned:
                seen.setdefault(place.document_id, set()).add(place.page)
    return seen


def _numbered_papers(case_id: int) -> list[int]:
    """What has a number in the case, in the order of the numbers."""
    return list(
        Document.objects.filter(case_id=case_id)
        .filter(Q(removed_at__isnull=True) | Q(removed_at__gte=F("case__received_at")))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
