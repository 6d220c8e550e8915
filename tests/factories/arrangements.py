"""Documents that were turned, divided or joined, by the services themselves."""

from collections.abc import Mapping, Sequence

from cases.models import Arrangement, Document
from cases.rules.page_ranges import read_pages
from cases.services.arrangement import Described, Part, divide_document, join_into_one, turn_document
from cases.services.arrangement_making import work_arrangement
from imr.accounts.models import User


def work_off(arrangement: Arrangement) -> Arrangement:
    """The arrangement after every step that is left of it."""
    for step in range(arrangement.steps_done + 1, arrangement.steps + 1):
        work_arrangement(arrangement_id=arrangement.pk, step=step)
    arrangement.refresh_from_db()
    return arrangement


def made_by(arrangement: Arrangement) -> list[Document]:
    """The documents that the arrangement made, in order."""
    return [result.document for result in arrangement.results.select_related("document") if result.document]


def divide(document: Document, actor: User, *pages: str, left_out: Sequence[int] = ()) -> list[Document]:
    """The documents that were made of these pages of `document`."""
    parts = [
        Part(read_pages(text, page_count=document.page_count), Described("medical_report", f"Part {number}"))
        for number, text in enumerate(pages, 1)
    ]
    return made_by(work_off(divide_document(document_id=document.pk, actor=actor, parts=parts, left_out=left_out)))


def turn(document: Document, actor: User, turns: Mapping[int, Sequence[int]]) -> Document:
    """The newer version of `document`, with these pages turned."""
    (made,) = made_by(work_off(turn_document(document_id=document.pk, actor=actor, turns=turns)))
    return made


def join(documents: Sequence[Document], actor: User, title: str = "All reports") -> Document:
    """The one document that was made of these."""
    arrangement = join_into_one(
        case_id=documents[0].case_id,
        actor=actor,
        document_ids=[document.pk for document in documents],
        described=Described("medical_report", title),
    )
    (made,) = made_by(work_off(arrangement))
    return made
