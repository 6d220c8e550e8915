"""Reading the text of a document, page by page, so that the records of a case can be searched."""

from collections.abc import Iterator

from django.db import transaction

from cases.models import Document, DocumentPage, DocumentReading
from cases.rules.records.page_facts import page_facts
from cases.services.recognition import promise_recognition
from imr.audit.services import record
from imr.core import storage
from imr.core.jobs import confirm_lease, enqueue
from imr.core.pdf_pages import PageTexts, read_page_texts

READ_PAGES_JOB = "cases.read_pages"
BATCH = 200
# Of a longer record the first pages say whose it is and of when.
MOST_FACTS_PAGES = 2_000


def promise_reading(*, document: Document) -> None:
    """The document's text will be read by a worker. Call it in the transaction in which the document is stored."""
    enqueue(READ_PAGES_JOB, unique_key=f"pages:{document.pk}", document_id=document.pk)


def read_pages(*, document_id: int, again: bool = False) -> DocumentReading | None:
    """The text of every page is on record and can be searched; None when the document was removed.

    A second call changes nothing; `again` replaces what an earlier one found. Raises `IntegrityError` when the stored
    bytes are missing or were changed.
    """
    document = Document.objects.filter(pk=document_id, removed_at__isnull=True).first()
    if document is None:
        return None
    done = DocumentReading.objects.filter(document=document).first()
    if done is not None and not again:
        return done
    with storage.open_verified(document.sha256):
        found = read_page_texts(storage.local_path(document.sha256))
    return _keep(document_id, found, again=again)


@transaction.atomic
def _keep(document_id: int, found: PageTexts, *, again: bool) -> DocumentReading:
    document = Document.objects.select_for_update(of=("self",)).get(pk=document_id)
    done = DocumentReading.objects.filter(document=document).first()
    if done is not None:
        if not again:
            return done
        # What was read from pictures stays: it is not in the file.
        DocumentPage.objects.filter(document=document, is_recognized=False).delete()
        done.delete()
    recognized = set(DocumentPage.objects.filter(document=document).values_list("number", flat=True))
    pages = [
        DocumentPage(document=document, number=number, text=text)
        for number, text in enumerate(found.texts, start=1)
        if text and number not in recognized
    ]
    DocumentPage.objects.bulk_create(pages, batch_size=BATCH)
    reading = DocumentReading.objects.create(
        document=document,
        pages_read=len(found.texts),
        text_pages=len(pages) + len(recognized),
        facts=page_facts(_texts(document_id)).as_json(),
        problem=found.problem or "",
    )
    record(
        action="document.text_read",
        actor=None,
        object_type="document",
        object_id=document.pk,
        case_id=document.case_id,
        detail={"pages": len(found.texts), "with_text": len(pages), "problem": reading.problem},
    )
    if reading.text_pages < document.page_count and not reading.problem:
        promise_recognition(document=document)
    confirm_lease()
    return reading


def _texts(document_id: int) -> Iterator[tuple[int, str]]:
    pages = DocumentPage.objects.filter(document_id=document_id, number__lte=MOST_FACTS_PAGES)
    return pages.order_by("number").values_list("number", "text").iterator(chunk_size=BATCH)
