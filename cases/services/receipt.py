"""The receipt of a filing: frozen at submission, made into a PDF by a worker."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string

from cases.letters import FilingReceiptLetter, ReceiptAnswer, ReceiptFile, ReceiptSection
from cases.models import Case, FilingReceipt
from cases.rules.finding import Finding
from cases.selectors.answers import application_sections
from cases.selectors.draft import Draft
from cases.services.manifest import sign_first
from cases.services.rendering import render_paper
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, storage
from imr.core.jobs import confirm_lease, enqueue
from imr.core.words import pacific

RECEIPT_JOB = "cases.render_receipt"


def freeze_receipt(
    *, case: Case, draft: Draft, actor: User, received_at: datetime, confirmed: list[Finding]
) -> FilingReceipt:
    """The receipt of the submitted `case` is on record and its PDF is promised. Called within the submission."""
    letter = FilingReceiptLetter(
        case_number=case.number or "",
        received_at=received_at.isoformat(),
        organization=case.organization.name,
        filed_by=actor.display_name,
        attested_by=draft.application.attested_by_name,
        review_type=draft.application.get_review_type_display(),
        sections=_arrival(draft)
        + tuple(
            ReceiptSection(
                section.title,
                tuple(ReceiptAnswer(row.label, row.value) for row in section.answers if row.value),
            )
            for section in application_sections(draft)
        ),
        files=tuple(
            ReceiptFile(
                kind=document.get_kind_display(),
                title=document.title,
                name=document.original_name,
                size=document.size,
                page_count=document.page_count,
                sha256=document.sha256,
            )
            for document in draft.documents
        ),
        notes=tuple(f"{finding.code}: {finding.message}" for finding in confirmed),
    )
    receipt = FilingReceipt.objects.create(case=case, manifest=letter.as_json(), manifest_sha256=letter.sha256())
    enqueue(RECEIPT_JOB, unique_key=f"receipt:{case.pk}", case_id=case.pk)
    return receipt


def _arrival(draft: Draft) -> tuple[ReceiptSection, ...]:
    """How it arrived, where it was keyed in by staff."""
    application = draft.application
    if application.arrived_at is None:
        return ()
    answers = (
        ReceiptAnswer("How it arrived", application.get_channel_display()),
        ReceiptAnswer("Taken by", application.arrival_taken_by),
        ReceiptAnswer("Keyed in", pacific(clock.now())),
    )
    return (ReceiptSection("Arrival", answers),)


def render_receipt(*, case_id: int) -> FilingReceipt:
    """The receipt's PDF is stored, once, and what was filed has a signed manifest; a second call changes nothing.

    Raises `RenderError` when the PDF cannot be made.
    """
    receipt = FilingReceipt.objects.select_related("case").get(case_id=case_id)
    if receipt.rendered_at is not None:
        return receipt
    letter = FilingReceiptLetter.from_json(receipt.manifest)
    html = render_to_string(
        "letters/receipt.html",
        {
            "letter": letter,
            "manifest_sha256": receipt.manifest_sha256,
            "organization_name": settings.IMR_ORGANIZATION_NAME,
        },
    )
    pdf = render_paper(html, style_sheet="receipt.css")
    stored = storage.store_bytes(pdf.data)
    with transaction.atomic():
        confirm_lease()
        changed = FilingReceipt.objects.filter(pk=receipt.pk, rendered_at__isnull=True).update(
            pdf_sha256=stored.sha256, pdf_size=stored.size, rendered_at=Now()
        )
        if changed:
            record(
                action="receipt.render",
                actor=None,
                object_type="receipt",
                object_id=receipt.pk,
                case_id=case_id,
                detail={"sha256": stored.sha256, "pages": pdf.page_count},
            )
    receipt.refresh_from_db()
    sign_first(case_id=case_id)
    return receipt
