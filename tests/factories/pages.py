"""Documents whose text was read."""

from typing import Any

from cases.models import Case, Document, DocumentPage, DocumentReading
from cases.rules.records.page_facts import page_facts
from imr.core.pdf_pages import searchable
from tests.factories.cases import make_document


def write_pages(case: Case, *texts: str, title: str = "Progress report", **fields: Any) -> Document:
    """A document of the case whose pages have these texts; "" for a page without any."""
    document = make_document(case, title=title, page_count=len(texts), **fields)
    pages = [
        DocumentPage(document=document, number=at, text=searchable(text)) for at, text in enumerate(texts, 1) if text
    ]
    DocumentPage.objects.bulk_create(pages)
    found = page_facts((page.number, page.text) for page in pages)
    DocumentReading.objects.create(
        document=document, pages_read=len(texts), text_pages=len(pages), facts=found.as_json()
    )
    return document
