"""What the print pack of a review says: the case without the names in it, the items, both guidelines, the records."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cases.models import Case
from cases.selectors.document import reviewable_documents
from guidelines.letters import citation_text
from guidelines.selectors.catalog import catalog_row
from imr.core.models import JobState, OutboxJob
from reviews.enums import DocumentUse
from reviews.models import Assignment, Citation, ConsideredDocument, PrintPack, Review
from reviews.selectors.records import numbered_records
from reviews.selectors.workspace import CaseFacts, ItemWork, case_facts, workspace

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PackItem:
    """A disputed item, with the places that the reviewer cites so far."""

    work: ItemWork
    cited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackRecord:
    """A line of the index; the number is the one that references in the text use."""

    document_id: int
    sha256: str
    size: int
    number: int
    title: str
    kind: str
    dated_on: date | None
    page_count: int
    use_label: str
    # Where it stands in the file, or why it does not.
    place: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that is printed. Parties are left out, and so is whoever reviews."""

    case: Case
    due_at: Any
    facts: CaseFacts
    items: tuple[PackItem, ...]
    records: tuple[PackRecord, ...]

    @property
    def pages(self) -> int:
        return sum(record.page_count for record in self.records)


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack as its page lists it. `has_stopped`: no worker will go on with it; `is_current`: it can be downloaded."""

    pack: PrintPack
    is_current: bool
    has_stopped: bool

    @property
    def is_waiting(self) -> bool:
        return self.pack.made_at is None and not self.pack.problem and not self.has_stopped


def packs_of(assignment: Assignment) -> QuerySet[PrintPack]:
    """The packs of the assignment, the latest first."""
    return PrintPack.objects.filter(assignment=assignment)


def pack_lines(assignment: Assignment) -> list[PackLine]:
    """The packs as the page lists them; of those that were made the latest one is kept."""
    packs = list(packs_of(assignment)[:MOST_SHOWN])
    current = current_pack(assignment)
    return [PackLine(pack, pack == current, has_stopped(pack)) for pack in packs]


def current_pack(assignment: Assignment) -> PrintPack | None:
    """The latest pack that was made."""
    return packs_of(assignment).filter(made_at__isnull=False).first()


def job_key(pack: PrintPack) -> str:
    """The key of the job that makes the pack."""
    return f"print-pack:{pack.pk}"


def has_stopped(pack: PrintPack) -> bool:
    """Whether the job of a pack that is not made was given up, or is no longer wanted."""
    if pack.made_at is not None or pack.problem:
        return False
    ended = [JobState.FAILED, JobState.CANCELED]
    return OutboxJob.objects.filter(unique_key=job_key(pack), state__in=ended).exists()


def pack_content(assignment: Assignment) -> Pack:
    """What would be printed now, of an assignment whose review was begun."""
    space = workspace(assignment)
    return Pack(
        case=assignment.case,
        due_at=space.due.due_at if space.due else None,
        facts=case_facts(assignment.case_id),
        items=tuple(PackItem(work, tuple(_place(one) for one in work.citations)) for work in space.items),
        records=_records(assignment, space.review),
    )


def _place(citation: Citation) -> str:
    if citation.section is None:
        return f"{citation.text}, Page(s): {citation.pages}" if citation.pages else citation.text
    return citation_text(catalog_row(citation.section).place, citation.pages or None)


def _records(assignment: Assignment, review: Review) -> tuple[PackRecord, ...]:
    numbers = {record.document_id: record.number for record in numbered_records(assignment)}
    uses = dict(ConsideredDocument.objects.filter(review=review).values_list("document_id", "use"))
    found = [
        PackRecord(
            document_id=document.pk,
            sha256=document.sha256,
            size=document.size,
            number=numbers[document.pk],
            title=document.title,
            kind=document.get_kind_display(),
            dated_on=document.dated_on,
            page_count=document.page_count,
            use_label=DocumentUse(uses[document.pk]).label if document.pk in uses else "",
        )
        for document in reviewable_documents(assignment.case_id)
        if document.pk in numbers
    ]
    return tuple(sorted(found, key=lambda record: record.number))
