"""What the records' side of the workspace shows: rows with how far they are read, settings, the number of notes."""

from dataclasses import dataclass

from imr.accounts.models import User
from reviews.models import Assignment, ReadingSettings
from reviews.selectors.note import note_count
from reviews.selectors.records import Coverage, RecordReading, coverage_of, settings_of
from reviews.selectors.workspace import DocumentWork, Workspace, written_texts


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record with the reviewer's mark on it and how far it is read."""

    work: DocumentWork
    reading: RecordReading


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """The rows of one kind."""

    label: str
    rows: tuple[RecordRow, ...]


@dataclass(frozen=True, slots=True)
class ReadingPanel:
    """Everything of the reading side, read at one moment."""

    groups: tuple[RecordGroup, ...]
    coverage: Coverage
    settings: ReadingSettings
    notes: int


def reading_panel(assignment: Assignment, space: Workspace, user: User) -> ReadingPanel:
    """The reading side of the workspace for its reviewer."""
    coverage = coverage_of(assignment, written_texts(space.review))
    return ReadingPanel(
        groups=tuple(
            RecordGroup(
                group.label,
                tuple(RecordRow(work, coverage.readings[work.document.pk]) for work in group.documents),
            )
            for group in space.groups
        ),
        coverage=coverage,
        settings=settings_of(user),
        notes=note_count(assignment, coverage.readings),
    )
