"""What an attached UR decision letter offers to the answers of a draft."""

from cases.enums import DocumentKind
from cases.models import Document, DocumentPage, DocumentReading
from cases.rules.ur_letter import LetterReading, read_ur_letter
from cases.selectors.draft import Draft

MOST_PAGES = 20


def letter_of(draft: Draft, document_id: int) -> Document | None:
    """The draft's document when it is a UR decision letter."""
    for document in draft.documents:
        if document.pk == document_id and document.kind == DocumentKind.UR_DECISION:
            return document
    return None


def letter_reading(document: Document) -> LetterReading | None:
    """What the rules find in the first pages of the letter; None while a worker has not read its text."""
    if not DocumentReading.objects.filter(document=document).exists():
        return None
    pages = DocumentPage.objects.filter(document=document).values_list("number", "text")[:MOST_PAGES]
    return read_ur_letter(list(pages))
