"""The notes of one reviewer on the records of one case."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cases.selectors.arrangement import PageKey, PagePlace, page_places
from reviews.models import Assignment, PageNote
from reviews.rules.references import NumberedRecord, references_in, token_of
from reviews.selectors.records import numbered_records
from reviews.selectors.workspace import review_of, written_texts


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note, where its page is now, and its record's number; `is_used` when the reviewer's texts refer to the page."""

    note: PageNote
    document_id: int
    page: int
    number: int
    title: str
    is_used: bool

    @property
    def token(self) -> str:
        return token_of(self.number, self.page)

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
    found = [(note, place) for note, place in _placed(assignment) if place[0] in records]
    notes = [note for note, _ in found]
    shown = [
        _shown(note, records[document], page, referred)
        for note, (document, page) in found
        if not tag or tag in note.tags
    ]
    shown.sort(key=lambda one: (one.number, one.page, one.note.pk))
    counts = Counter(name for note in notes for name in note.tags)
    return Notes(tuple(shown), tuple(sorted(counts.items())), len(notes), tag)


def place_of_note(note: PageNote, case_id: int) -> PageKey:
    """The document and page on which the note stands now."""
    return _place(note, page_places(case_id))


def note_count(assignment: Assignment, documents: Collection[int]) -> int:
    """How many notes stand on pages of these documents."""
    return sum(document in documents for _, (document, _) in _placed(assignment))


def _placed(assignment: Assignment) -> list[tuple[PageNote, PageKey]]:
    """Every note with the document and page on which it stands now: it goes along when pages are divided or joined."""
    places = page_places(assignment.case_id)
    notes = PageNote.objects.filter(assignment=assignment).select_related("document")
    return [(note, _place(note, places)) for note in notes]


def _place(note: PageNote, places: Mapping[PageKey, PagePlace]) -> PageKey:
    place = places.get((note.document_id, note.page))
    return (place.document_id, place.page) if place else (note.document_id, note.page)


def _shown(note: PageNote, record: NumberedRecord, page: int, referred: list[tuple[int, int, int]]) -> ShownNote:
    is_used = any(number == record.number and first <= page <= last for number, first, last in referred)
    return ShownNote(note, record.document_id, page, record.number, record.title, is_used)


def _referred(assignment: Assignment) -> list[tuple[int, int, int]]:
    review = review_of(assignment)
    texts = written_texts(review).values() if review else ()
    return [(found.number, found.page, found.last) for text in texts for found in references_in(text)]
