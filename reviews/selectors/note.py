"""The notes of one reviewer on the records of one case."""

from collections import Counter
from dataclasses import dataclass

from reviews.models import Assignment, PageNote
from reviews.rules.references import NumberedRecord, references_in, token_of
from reviews.selectors.records import numbered_records
from reviews.selectors.workspace import review_of, written_texts


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note with its record's number; `is_used` when the page is referred to in the reviewer's texts already."""

    note: PageNote
    number: int
    title: str
    is_used: bool

    @property
    def token(self) -> str:
        return token_of(self.number, self.note.page)

    @property
    def tag_words(self) -> str:
        return ", ".join(self.note.tags)


@dataclass(frozen=True, slots=True)
class Notes:
    """All notes of a case, or those with one tag; `tags` are all that are in use, with how often."""

    shown: tuple[ShownNote, ...]
    tags: tuple[tuple[str, int], ...]
    total: int
    tag: str = ""

    @property
    def unused(self) -> int:
        return sum(not shown.is_used for shown in self.shown)


def notes_of(assignment: Assignment, *, tag: str = "") -> Notes:
    """The notes by record and page. A tag that no note has leaves none."""
    records = {record.document_id: record for record in numbered_records(assignment)}
    referred = _referred(assignment)
    # A record that was replaced or is held back takes its notes out of sight, not away.
    notes = list(PageNote.objects.filter(assignment=assignment, document_id__in=records).select_related("document"))
    shown = [_shown(note, records[note.document_id], referred) for note in notes if not tag or tag in note.tags]
    shown.sort(key=lambda one: (one.number, one.note.page, one.note.pk))
    counts = Counter(name for note in notes for name in note.tags)
    return Notes(tuple(shown), tuple(sorted(counts.items())), len(notes), tag)


def _shown(note: PageNote, record: NumberedRecord, referred: list[tuple[int, int, int]]) -> ShownNote:
    is_used = any(number == record.number and first <= note.page <= last for number, first, last in referred)
    return ShownNote(note, record.number, record.title, is_used)


def _referred(assignment: Assignment) -> list[tuple[int, int, int]]:
    review = review_of(assignment)
    texts = written_texts(review).values() if review else ()
    return [(found.number, found.page, found.last) for text in texts for found in references_in(text)]
