"""Text for scanned pages: a worker reads some pages at a time; the original stays what is on record."""

import shutil
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from cases.enums import RecognitionState
from cases.models import Document, DocumentPage, DocumentReading, DocumentRecognition
from cases.rules.records.page_facts import PageFacts, page_facts
from imr.audit.services import record
from imr.core import ocr, storage
from imr.core.jobs import confirm_lease, enqueue
from imr.core.ocr import RecognitionError
from imr.core.pdf_pages import read_page_texts

RECOGNIZE_JOB = "cases.recognize_pages"
# At some seconds a page, what a task may take.
SLICE_PAGES: Final = 8
MOST_PAGES: Final = 1_000


def promise_recognition(*, document: Document) -> DocumentRecognition | None:
    """A worker will read the pages of the document that have no text; None where no text recognition is installed.

    Call it in the transaction in which the reading of its text is stored.
    """
    if not ocr.is_available() or document.page_count > MOST_PAGES:
        return None
    recognition, is_new = DocumentRecognition.objects.get_or_create(document=document)
    if is_new:
        _promise(document.pk, 1)
    return recognition


def recognize_pages(*, document_id: int, first: int) -> DocumentRecognition | None:
    """The pages from `first` on, so many as a task can do, can be searched; after the last there is a searchable copy.

    The copy is for reading and searching; what the letter lists and what is downloaded is the original. Safe to run
    twice. None when the document no longer counts. A document whose pages cannot be read is left as it is, and says so.
    """
    recognition = (
        DocumentRecognition.objects.select_related("document")
        .filter(document_id=document_id, document__removed_at__isnull=True, state=RecognitionState.RUNNING)
        .first()
    )
    if recognition is None or recognition.pages_done >= first:
        return recognition
    document = recognition.document
    last = min(first + SLICE_PAGES - 1, document.page_count)
    part = _part(document_id, first)
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with storage.open_verified(document.sha256):
            ocr.recognize_pages(storage.local_path(document.sha256), first=first, last=last, target=part)
        texts = read_page_texts(part).texts
        copy = _joined(document) if last == document.page_count else None
    except RecognitionError:
        shutil.rmtree(_folder(document_id), ignore_errors=True)
        return _end(document_id, RecognitionState.FAILED)
    recognition = _keep(document_id, first=first, last=last, texts=texts, copy=copy)
    if copy is not None:
        shutil.rmtree(_folder(document_id), ignore_errors=True)
    return recognition


@transaction.atomic
def _keep(
    document_id: int, *, first: int, last: int, texts: tuple[str, ...], copy: storage.StoredFile | None
) -> DocumentRecognition:
    recognition = DocumentRecognition.objects.select_for_update(of=("self",)).get(document_id=document_id)
    if recognition.pages_done >= first:
        return recognition
    known = set(
        DocumentPage.objects.filter(document_id=document_id, number__range=(first, last)).values_list(
            "number", flat=True
        )
    )
    found = [
        DocumentPage(document_id=document_id, number=number, text=text, is_recognized=True)
        for number, text in enumerate(texts, start=first)
        if text and number not in known
    ]
    DocumentPage.objects.bulk_create(found)
    reading = DocumentReading.objects.select_for_update(of=("self",)).get(document_id=document_id)
    known_facts = PageFacts.from_json(reading.facts)
    reading.facts = known_facts.joined(page_facts((page.number, page.text) for page in found)).as_json()
    reading.text_pages += len(found)
    reading.save(update_fields=["facts", "text_pages"])
    recognition.pages_done = last
    recognition.pages_recognized += len(found)
    if copy is None:
        _promise(document_id, last + 1)
    else:
        recognition.state = RecognitionState.DONE
        recognition.copy_sha256, recognition.copy_size = copy.sha256, copy.size
        _record(recognition, "document.recognized")
    recognition.save()
    confirm_lease()
    return recognition


@transaction.atomic
def _end(document_id: int, state: RecognitionState) -> DocumentRecognition:
    recognition = DocumentRecognition.objects.select_for_update(of=("self",)).get(document_id=document_id)
    recognition.state = state
    recognition.save(update_fields=["state"])
    _record(recognition, "document.recognition_failed")
    confirm_lease()
    return recognition


def _joined(document: Document) -> storage.StoredFile:
    """The searchable copy, made of all its parts, in the store."""
    parts = [_part(document.pk, first) for first in range(1, document.page_count + 1, SLICE_PAGES)]
    if not all(part.exists() for part in parts):
        raise RecognitionError("a part is missing")
    whole = _folder(document.pk) / "whole.pdf"
    ocr.join(parts, whole)
    with whole.open("rb") as handle:
        return storage.store(storage.chunks_of(handle))


def _promise(document_id: int, first: int) -> None:
    enqueue(RECOGNIZE_JOB, unique_key=f"ocr:{document_id}:{first}", document_id=document_id, first=first)


def _folder(document_id: int) -> Path:
    return Path(settings.IMR_DOCUMENT_ROOT) / "recognizing" / str(document_id)


def _part(document_id: int, first: int) -> Path:
    return _folder(document_id) / f"{first:05}.pdf"


def _record(recognition: DocumentRecognition, action: str) -> None:
    record(
        action=action,
        actor=None,
        object_type="document",
        object_id=recognition.document_id,
        case_id=recognition.document.case_id,
        detail={"pages": recognition.pages_done, "recognized": recognition.pages_recognized},
    )
