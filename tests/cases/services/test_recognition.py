"""Scanned pages become searchable; the original stays what is on record (B7, B65)."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.enums import RecognitionState
from cases.models import Document, DocumentPage, DocumentReading, DocumentRecognition
from cases.selectors.document import current_documents
from cases.selectors.page import text_states
from cases.services.page import read_pages
from cases.services.recognition import promise_recognition, recognize_pages
from imr.audit.models import Event
from imr.core import ocr, storage
from imr.core.models import OutboxJob
from imr.core.ocr import RecognitionError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, make_pdf

type ClientOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Path:
    settings.IMR_DOCUMENT_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def reads_scans(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Text recognition that puts one line on every page; the slices it was asked for."""
    asked: list[tuple[int, int]] = []

    def recognize(source: Path, *, first: int, last: int, target: Path) -> None:
        asked.append((first, last))
        target.write_bytes(make_pdf(last - first + 1, text="Lumbar radiculopathy"))

    monkeypatch.setattr(ocr, "is_available", lambda: True)
    monkeypatch.setattr(ocr, "recognize_pages", recognize)
    return asked


def scanned(cast: Cast, pages: int) -> Document:
    data = make_pdf(pages, text="", mark="scan")
    return make_document(make_case(user=cast.claims), data=data, page_count=pages, text_page_count=0)


def run_all(document: Document) -> None:
    """The jobs in the order in which they are promised, each twice: a doubled message changes nothing."""
    for first in range(1, document.page_count + 1, 8):
        job = OutboxJob.objects.get(unique_key=f"ocr:{document.pk}:{first}")
        recognize_pages(**job.args)
        recognize_pages(**job.args)


def test_scan_is_read_in_slices_and_gets_a_searchable_copy(
    cast: Cast, client_of: ClientOf, reads_scans: list[tuple[int, int]], store: Path
) -> None:
    document = scanned(cast, 10)
    read_pages(document_id=document.pk)
    assert "scanned pages are being read" in text_states(current_documents(document.case_id))[-1].words

    run_all(document)

    assert reads_scans == [(1, 8), (9, 10)]
    pages = DocumentPage.objects.filter(document=document)
    assert [(page.number, page.is_recognized) for page in pages] == [(number, True) for number in range(1, 11)]
    assert DocumentReading.objects.get(document=document).text_pages == 10
    recognition = DocumentRecognition.objects.get(document=document)
    assert (recognition.state, recognition.pages_done, recognition.pages_recognized) == ("done", 10, 10)
    assert text_states(current_documents(document.case_id))[-1].words == (
        "10 of 10 pages have text, 10 of them read from a scan"
    )
    assert Event.objects.filter(action="document.recognized").count() == 1
    assert not (store / "recognizing" / str(document.pk)).exists()

    client = client_of(cast.claims)
    view = reverse("cases:document-view", args=[document.case_id, document.pk])
    copy = b"".join(client.get(view, {"copy": "searchable"}))
    original = b"".join(client.get(view))
    assert len(pikepdf.open(io.BytesIO(copy)).pages) == 10
    assert b"".join(storage.chunks_of(storage.open_verified(document.sha256))) == original != copy
    page = client.get(reverse("cases:case-detail", args=[document.case_id])).content.decode()
    assert "Searchable copy" in page

    read_pages(document_id=document.pk, again=True)
    assert DocumentReading.objects.get(document=document).text_pages == 10
    assert pages.count() == 10


def test_page_with_text_of_its_own_keeps_it(cast: Cast, reads_scans: list[tuple[int, int]]) -> None:
    document = scanned(cast, 2)
    read_pages(document_id=document.pk)
    DocumentPage.objects.create(document=document, number=2, text="Typed, not scanned")

    recognize_pages(document_id=document.pk, first=1)

    texts = list(DocumentPage.objects.filter(document=document).values_list("number", "is_recognized"))
    assert texts == [(1, True), (2, False)]


def test_scan_that_cannot_be_read_is_left_as_it_is(
    cast: Cast, reads_scans: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RecognitionError("status 1")

    document = scanned(cast, 1)
    read_pages(document_id=document.pk)
    monkeypatch.setattr(ocr, "recognize_pages", fail)

    recognize_pages(document_id=document.pk, first=1)

    assert DocumentRecognition.objects.get(document=document).state == RecognitionState.FAILED
    assert "the scanned ones could not be read" in text_states(current_documents(document.case_id))[-1].words
    assert recognize_pages(document_id=document.pk, first=1) is None


def test_without_text_recognition_nothing_is_promised_and_the_page_says_so(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    document = scanned(cast, 1)
    read_pages(document_id=document.pk)

    assert not DocumentRecognition.objects.exists()
    assert promise_recognition(document=document) is None
    page = client_of(cast.claims).get(reverse("cases:page-search", args=[document.case_id])).content.decode()
    assert "Scans are not searchable here" in page


def test_document_with_text_needs_no_recognition(cast: Cast, reads_scans: list[tuple[int, int]]) -> None:
    document = make_document(make_case(user=cast.claims))
    read_pages(document_id=document.pk)

    assert not DocumentRecognition.objects.exists()


@pytest.mark.skipif(not ocr.is_available(), reason="Tesseract is not installed: `apt-get install tesseract-ocr`.")
def test_tesseract_reads_a_scanned_page(tmp_path: Path) -> None:
    """The real programs over a picture of a typed page."""
    typed, scan, found = tmp_path / "typed.pdf", tmp_path / "scan.pdf", tmp_path / "found.pdf"
    typed.write_bytes(make_pdf(text="Lumbar radiculopathy"))
    picture = pypdfium2.PdfDocument(typed)
    picture[0].render(scale=3).to_pil().convert("L").save(scan, resolution=216)
    picture.close()

    ocr.recognize_pages(scan, first=1, last=1, target=found)

    result = pypdfium2.PdfDocument(found)
    text_page = result[0].get_textpage()
    text = text_page.get_text_range()
    text_page.close()
    result.close()
    assert "radiculopathy" in text
