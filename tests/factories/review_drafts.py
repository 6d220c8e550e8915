"""Drafts that the completeness gate lets pass, made through the services."""

from typing import Any

from django.db.models import Max

from cases.enums import DocumentKind, DocumentSource, GuidelineBasis, Outcome
from cases.models import Application, Case, DisputedItem, Document, URDecision
from imr.core import clock, storage
from reviews.enums import DocumentUse
from reviews.models import Review
from reviews.selectors.workspace import items_under_review, records_of
from reviews.services.review import FindingWords, mark_documents, open_review, save_finding, save_summary
from tests.factories.reviews import Accepted

RATIONALE = (
    "The guideline recommends this service when signs of nerve root compromise do not improve with care. "
    "The report of 02/27/2014 describes numbness without weakness, and no home program was tried. "
    "Therefore the requested service is not medically necessary."
)
SUMMARY = "The injured worker is a 54-year-old male who was injured at work."


def make_record(case: Case, **fields: Any) -> Document:
    """A one-page PDF of the case, a medical report unless `fields` say otherwise."""
    number = Document.objects.filter(case=case).count() + 1
    data = _pdf(f"{case.pk} record {number}")
    stored = storage.store_bytes(data)
    return Document.objects.create(
        **{
            "case": case,
            "kind": DocumentKind.MEDICAL_REPORT,
            "source": DocumentSource.CLAIMS_ADMINISTRATOR,
            "title": f"Progress report {number}",
            "author": "Primary treating physician",
            "dated_on": clock.today(),
            "original_name": f"report-{number}.pdf",
            "sha256": stored.sha256,
            "size": stored.size,
            "page_count": 1,
            "text_page_count": 1,
            "uploaded_by": case.created_by,
            **fields,
        }
    )


def add_item(case: Case, description: str, **fields: Any) -> DisputedItem:
    """One more eligible item, at the end."""
    last = DisputedItem.objects.filter(case=case).aggregate(last=Max("position"))["last"] or 0
    return DisputedItem.objects.create(
        **{"case": case, "position": last + 1, "description": description, "eligibility": "eligible", **fields}
    )


def prepare_case(case: Case) -> None:
    """The case has what a letter's header and a workspace show: dates, a UR decision, the paper of it, a report."""
    if not URDecision.objects.filter(case=case).exists():
        URDecision.objects.create(case=case, decided_on=clock.today())
    application = Application.objects.filter(case=case, date_of_injury__isnull=True)
    application.update(date_of_injury=clock.today().replace(year=2020, day=1), employee_sex="Male")
    if not Document.objects.filter(case=case).exists():
        make_record(case, kind=DocumentKind.UR_DECISION, title="UR decision", author="Claims administrator")
        make_record(case)


def complete_review(accepted: Accepted, *, outcome: str = Outcome.UPHELD, rationale: str = RATIONALE) -> Review:
    """Everything of an accepted case is written, marked and cited; it may be signed."""
    prepare_case(accepted.case)
    who: dict[str, Any] = {"assignment_id": accepted.assignment.pk, "actor": accepted.user}
    review = open_review(**who)
    save_summary(**who, version=review.version, clinical_case_summary=SUMMARY)
    for item in items_under_review(accepted.case.pk):
        finding = review.findings.get(item=item)
        save_finding(
            **who,
            item_id=item.pk,
            version=finding.version,
            written=FindingWords(
                outcome=outcome,
                rationale=rationale,
                claims_basis=GuidelineBasis.NONE,
                reviewer_basis=GuidelineBasis.MTUS,
                reviewer_text="Low Back Complaints 2004, Section(s): Special Studies",
            ),
        )
    mark_documents(**who, uses={document.pk: DocumentUse.CONSIDERED for document in records_of(accepted.case.pk)})
    review.refresh_from_db()
    return review


def _pdf(words: str) -> bytes:
    """The smallest PDF with one page of text; `words` make its bytes its own."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>"
        % b"/Resources << /Font << /F1 5 0 R >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
