"""Documents of a case: one copy, known by content, never by name."""

import io
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from pypdf import PdfReader

from cases.enums import CaseStatus, DocumentKind
from cases.exceptions import GoneError, SubmittedError
from cases.models import Document
from cases.services.document import OtherCaseNamedError, add_document, describe_document, remove_document
from cases.services.receipt import render_receipt
from cases.services.submission import submit_application
from imr.audit.models import Event
from imr.core import storage
from imr.core.errors import ConflictError, DomainError
from imr.core.pdf_intake import RefusedFileError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, make_draft, make_pdf, upload_file

pytestmark = pytest.mark.django_db


def test_upload_is_on_record_with_its_digest_pages_and_sender(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)

    added = add_document(
        case_id=case.pk, actor=cast.claims, file=upload_file(data=make_pdf(3)), name="UR_letter.pdf", kind="ur_decision"
    )

    document = added.document
    assert added.is_new
    assert (document.title, document.page_count, document.text_page_count) == ("UR letter", 3, 3)
    assert document.size == len(make_pdf(3))
    with storage.open_verified(document.sha256) as handle:
        assert handle.read() == make_pdf(3)
    event = Event.objects.get(case_id=case.pk, action="document.upload")
    assert event.detail["sha256"] == document.sha256


def test_same_bytes_are_on_file_already_in_the_case_and_new_in_another(cast: Cast) -> None:
    """B64: nothing is said about another case's copy."""
    case, other = make_draft(cast.claims, is_complete=False), make_draft(cast.away_claims, is_complete=False)
    first = add_document(case_id=case.pk, actor=cast.claims, file=upload_file(), name="a.pdf")

    again = add_document(case_id=case.pk, actor=cast.claims, file=upload_file(), name="b.pdf")
    elsewhere = add_document(case_id=other.pk, actor=cast.away_claims, file=upload_file(), name="a.pdf")

    assert (again.is_new, again.document.pk) == (False, first.document.pk)
    assert elsewhere.is_new


def test_refused_upload_leaves_no_row(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)

    with pytest.raises(RefusedFileError):
        add_document(case_id=case.pk, actor=cast.claims, file=ContentFile(b""), name="a.pdf")

    assert not Document.objects.filter(case=case).exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\report.pdf", "report.pdf"),
        ("evil\u202efdp.exe", "evil fdp.exe"),
        ("two\r\nlines.pdf", "two lines.pdf"),
        ("\x00", "document.pdf"),
        ("-rf.pdf", "rf.pdf"),
        ("<b>O’Brien-Peña</b>.pdf", "b>.pdf"),
        ("a" * 5_000 + ".pdf", "a" * 251 + ".pdf"),
    ],
)
def test_file_name_is_shown_and_never_used(cast: Cast, name: str, shown: str) -> None:
    """B62."""
    case = make_draft(cast.claims, is_complete=False)

    added = add_document(case_id=case.pk, actor=cast.claims, file=ContentFile(make_pdf()), name=name)

    assert added.document.original_name == shown


def test_name_of_another_case_asks_first(cast: Cast) -> None:
    """B63."""
    case = make_draft(cast.claims, is_complete=False)
    given: dict[str, Any] = {"case_id": case.pk, "actor": cast.claims, "name": "CM16-0001234 report.pdf"}

    with pytest.raises(OtherCaseNamedError, match="CM16-0001234"):
        add_document(file=upload_file(), **given)
    assert add_document(file=upload_file(), is_name_confirmed=True, **given).is_new


def test_quota_of_files_and_bytes(cast: Cast) -> None:
    """B61."""
    case = make_draft(cast.claims, is_complete=False)
    make_document(case, size=2 * 1024**3 - 10)
    with pytest.raises(DomainError, match=r"2\.0 GB are used"):
        add_document(case_id=case.pk, actor=cast.claims, file=upload_file(), name="a.pdf")

    Document.objects.all().delete()
    Document.objects.bulk_create(
        Document(
            case=case,
            kind=DocumentKind.OTHER,
            source="employee",
            title="x",
            original_name="x.pdf",
            sha256=f"{at:064x}",
            size=1,
            page_count=1,
            text_page_count=0,
            uploaded_by=cast.claims,
        )
        for at in range(200)
    )
    with pytest.raises(DomainError, match="at most 200 files"):
        add_document(case_id=case.pk, actor=cast.claims, file=upload_file(), name="a.pdf")


def test_document_is_described_and_removed_while_it_is_a_draft(cast: Cast) -> None:
    case = make_draft(cast.claims, is_complete=False)
    document = make_document(case)
    describe_document(
        document_id=document.pk, actor=cast.claims, kind="rfa", title="RFA", author="N. Bell", dated_on=None
    )
    document.refresh_from_db()
    assert (document.kind, document.title, document.author) == ("rfa", "RFA", "N. Bell")

    remove_document(document_id=document.pk, actor=cast.claims)

    assert Document.objects.get(pk=document.pk).removed_by == cast.claims
    with pytest.raises(GoneError):
        remove_document(document_id=document.pk, actor=cast.claims)
    with pytest.raises(SubmittedError):
        remove_document(document_id=make_document(make_case(user=cast.claims)).pk, actor=cast.claims)


def test_ended_case_takes_no_documents(cast: Cast) -> None:
    case = make_case(CaseStatus.CLOSED, user=cast.claims)

    with pytest.raises(ConflictError, match="Closed"):
        add_document(case_id=case.pk, actor=cast.claims, file=upload_file(), name="a.pdf")


def test_receipt_is_rendered_once_as_a_tagged_pdf_with_everything_in_it(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    receipt = render_receipt(case_id=case.pk)
    again = render_receipt(case_id=case.pk)

    assert again.rendered_at == receipt.rendered_at
    with storage.open_verified(receipt.pdf_sha256) as handle:
        data = handle.read()
    assert len(data) == receipt.pdf_size
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    flat = "".join(text.split())
    assert str(case.number) in flat
    for document in Document.objects.filter(case=case):
        assert document.sha256 in flat
        assert document.original_name in flat
    assert "LumbarSpine,3timesaweek" in flat
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/Author" not in pdf.docinfo


def test_receipt_spells_out_what_the_fonts_lack(cast: Cast) -> None:
    draft = make_draft(cast.claims)
    make_document(draft, original_name="crab \U0001f980.pdf")
    case = submit_application(case_id=draft.pk, actor=cast.claims, attested_name="Ines Kovac")

    receipt = render_receipt(case_id=case.pk)

    assert receipt.manifest["files"][-1]["name"] == "crab \U0001f980.pdf"
    with storage.open_verified(receipt.pdf_sha256) as handle:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(handle.read())).pages)
    assert "crab[U+1F980].pdf" in "".join(text.split())
