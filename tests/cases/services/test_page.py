"""The text of documents: read once, page by page, whatever is in them."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.models import Document, DocumentPage, DocumentReading
from cases.selectors.document import current_documents
from cases.selectors.page import text_states
from cases.services.document import add_document, remove_document
from cases.services.page import read_pages
from imr.audit.models import Event
from imr.core import jobs, ocr, storage
from imr.core.models import JobState, OutboxJob
from imr.core.pdf_pages import MAX_CHARACTERS, ReadingProblem, read_page_texts, searchable
from tests.factories.accounts import Cast
from tests.factories.cases import make_document, make_draft, make_pdf, upload_file

pytestmark = pytest.mark.django_db


def test_upload_promises_the_reading_and_the_worker_keeps_it_once(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    data = make_pdf(2, "Straight leg raise is positive")
    document = add_document(case_id=case.pk, actor=cast.claims, file=upload_file(data=data), name="a.pdf").document
    assert [state.words for state in text_states(current_documents(case.pk))] == ["Text is being read"]
    job = OutboxJob.objects.get(unique_key=f"pages:{document.pk}")
    assert (job.name, job.queue) == ("cases.read_pages", "scan")

    assert jobs.run(job.pk) == JobState.DONE
    read_pages(document_id=document.pk)

    pages = DocumentPage.objects.filter(document=document)
    assert [(page.number, page.text) for page in pages] == [(at, "Straight leg raise is positive") for at in (1, 2)]
    assert [state.words for state in text_states(current_documents(case.pk))] == ["2 of 2 pages have text"]
    (event,) = Event.objects.filter(action="document.text_read", object_id=document.pk)
    assert event.detail == {"pages": 2, "with_text": 2, "problem": ""}


def test_scan_and_broken_file_say_so_and_a_removed_document_is_left_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    case = make_draft(cast.claims, is_complete=False)
    make_document(case, data=make_pdf(3, ""), page_count=3)
    broken = make_document(case, data=b"%PDF-1.7 nothing that follows", page_count=4)
    removed = make_document(case)
    remove_document(document_id=removed.pk, actor=cast.claims)

    for document in Document.objects.all():
        read_pages(document_id=document.pk)

    words = [state.words for state in text_states(current_documents(case.pk))]
    assert words == ["Scanned: no text", "0 of 4 pages have text; the rest could not be read"]
    assert DocumentReading.objects.get(document=broken).problem == ReadingProblem.DAMAGED
    assert not DocumentReading.objects.filter(document=removed).exists()


def test_command_reads_what_was_never_read_and_names_what_is_gone(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    first, second = make_document(case), make_document(case)
    out, err = io.StringIO(), io.StringIO()
    call_command("index_documents", stdout=out)
    assert "2 documents read, 2 pages with text." in out.getvalue()
    DocumentPage.objects.filter(document=first).update(text="Old words")
    call_command("index_documents", stdout=out)
    assert DocumentPage.objects.filter(text="Old words").count() == 1
    storage.local_path(second.sha256).unlink()

    with pytest.raises(CommandError):
        call_command("index_documents", "--all", stdout=out, stderr=err)

    assert f"Document {second.pk}: The stored file is missing." in err.getvalue()
    assert not DocumentPage.objects.filter(text="Old words").exists()
    assert DocumentReading.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1bc\ud800d", "a b c d"),
        ("in\x02\r\nflammation of the L5\ufffeS1 disc", "inflammation of the L5-S1 disc"),
        ("\ufb01brosis\u00a0 of\tthe\r\n\u200bknee  ", "fibrosis of the\nknee"),
        ("pain <b>3/10</b>, BP <120", "pain < b>3/10< /b>, BP <120"),
    ],
)
def test_text_is_cleaned_for_the_search(text: str, kept: str) -> None:
    assert searchable(text) == kept


def test_page_of_countless_different_words_is_cut_and_still_fits_the_index(cast: Cast) -> None:
    """A tsvector has at most 1 MB; the dearest text is one of many short words of the longest characters."""
    document = make_document(make_draft(cast.claims, is_complete=False))
    words = (f"{chr(0x20000 + at)}-{chr(0x20001 + at)}/{chr(0x20002 + at)}" for at in range(20_000))
    text = searchable(" ".join(words))
    assert len(text) == MAX_CHARACTERS
    page = DocumentPage.objects.create(document=document, number=1, text=text)
    links = searchable(" ".join(f"a{at}.com/b{at}" for at in range(20_000)))
    DocumentPage.objects.create(document=document, number=2, text=links)
    assert DocumentPage.objects.filter(pk=page.pk, search__isnull=False).exists()


def test_no_pdf_at_all_gives_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"MZ" + b"\0" * 5_000)
    assert read_page_texts(path).problem == ReadingProblem.DAMAGED
