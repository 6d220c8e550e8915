"""What a line of the checklist answers. Pure."""

from dataclasses import dataclass
from typing import Self

from cases.enums import RecordState
from cases.rules.records.facts import RecordPaper


@dataclass(frozen=True, slots=True)
class Place:
    """A document, or a page of it, that a line is about, and what is to be seen there."""

    document: int
    title: str
    words: str
    page: int | None = None

    @classmethod
    def of(cls, paper: RecordPaper, words: str = "", page: int | None = None) -> Self:
        return cls(paper.pk, paper.title, words, page)


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One line: how it stands, in words, and what to do; `to_do` is empty where nothing is.

    Nothing here holds up a filing or a review: a question is for a person.
    """

    code: str
    title: str
    state: RecordState
    words: str
    to_do: str = ""
    citation: str = ""
    is_confirmed: bool = True
    places: tuple[Place, ...] = ()
    details: tuple[str, ...] = ()
