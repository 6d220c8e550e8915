"""Applications and cases for tests: a draft at any stage of completeness, a submitted case in any status."""

import io
from collections import deque
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from itertools import count
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.enums import (
    CaseEvent,
    CaseStatus,
    DocumentKind,
    DocumentSource,
    DraftStep,
    ItemEligibility,
    PartyRole,
    ReviewType,
    ServiceMethod,
    SignerKind,
    UROutcome,
)
from cases.models import Application, Case, DisputedItem, Document, Party, TreatmentCategory, Upload, URDecision
from cases.services.draft import create_draft
from cases.services.submission import submit_application
from cases.services.transitions import transition_case
from cases.services.upload import begin_upload, receive_piece
from cases.workflow import TRANSITIONS
from imr.accounts.enums import Role
from imr.accounts.models import Organization, User
from imr.core import clock, storage
from tests.factories.accounts import make_user

# The item of the published letter that the project started from, as it was typed there.
SEED_ITEM = "6 sessions with Personal Trainer, for the Lumbar Spine , 3 times a week for 2 weeks, as an outpatient"

_numbers = count(1)


@cache
def make_pdf(pages: int = 1, text: str = "Utilization review decision", mark: str = "") -> bytes:
    """A small PDF whose pages show `text`; empty `text` gives blank pages. `mark` makes the bytes different."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(612, 792))
        if text:
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = pdf.make_stream(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1"))
    pdf.docinfo["/Subject"] = f"test {mark}"
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def upload_file(name: str = "ur-decision.pdf", data: bytes | None = None) -> SimpleUploadedFile:
    """An uploaded file as a form or service takes it."""
    return SimpleUploadedFile(name, make_pdf() if data is None else data, content_type="application/pdf")


def make_document(case: Case, kind: str = DocumentKind.MEDICAL_REPORT, **fields: Any) -> Document:
    """A document on record in `case`, its bytes (`data`, else a PDF of its own) in the store."""
    number = next(_numbers)
    data = fields.pop("data", None) or make_pdf(mark=str(number))
    stored = storage.store_bytes(data)
    return Document.objects.create(
        **{
            "case": case,
            "kind": kind,
            "source": DocumentSource.CLAIMS_ADMINISTRATOR,
            "title": f"{DocumentKind(kind).label} {number}",
            "original_name": f"document-{number}.pdf",
            "sha256": stored.sha256,
            "size": stored.size,
            "page_count": 1,
            "text_page_count": 1,
            "uploaded_by": case.created_by,
            **fields,
        }
    )


def make_upload(case: Case, user: User, data: bytes = b"", *, size: int = 1_000, name: str = "scan.pdf") -> Upload:
    """An upload that `user` began, of which `data` has arrived."""
    upload = begin_upload(
        case_id=case.pk,
        actor=user,
        name=name,
        size=size,
        kind=DocumentKind.MEDICAL_REPORT,
        source=DocumentSource.CLAIMS_ADMINISTRATOR,
    )
    if data:
        receive_piece(upload=upload, offset=0, chunks=[data])
    return upload


def make_item(case: Case, description: str | None = None, **fields: Any) -> DisputedItem:
    """One more disputed item at the end of the list."""
    position = DisputedItem.objects.filter(case=case).count() + 1
    return DisputedItem.objects.create(
        **{
            "case": case,
            "position": position,
            "description": description or f"{position + 5} sessions of aquatic therapy, item {position}",
            "category": TreatmentCategory.objects.filter(parent__isnull=False).first(),
            "ur_outcome": UROutcome.DENIED,
            **fields,
        }
    )


def make_draft(
    user: User | None = None, *, organization: Organization | None = None, is_complete: bool = True, items: int = 1
) -> Case:
    """A draft of `user` (a new claims person by default); complete and ready to be submitted unless told otherwise."""
    actor = user or make_user(Role.CLAIMS_STAFF, organization)
    case = create_draft(actor=actor, organization=organization)
    if is_complete:
        complete_draft(case, items=items)
    return case


def complete_draft(case: Case, *, items: int = 1) -> None:
    """Fill in everything that `case` needs to be submitted without a question."""
    number = next(_numbers)
    decided_on = clock.today() - timedelta(days=10)
    address = {"address_line_1": "100 Main Street", "city": "Sacramento", "state": "CA", "zip_code": "95814"}
    Application.objects.filter(case=case).update(
        review_type=ReviewType.REGULAR,
        claim_number=f"WC-2026-{number:05d}",
        date_of_injury=decided_on - timedelta(days=200),
        employee_birth_date=date(1972, 5, 17),
        employee_sex="male",
        primary_diagnosis="Lumbago",
        icd_code="M54.50",
        is_liability_disputed=False,
        has_attorney=False,
        has_designee=False,
        signer=SignerKind.EMPLOYEE,
        signer_name="Maria Sandoval",
        signed_on=decided_on + timedelta(days=5),
        consent_signed_on=decided_on + timedelta(days=5),
        steps={step.value: {"version": 1, "editor": "", "done": True} for step in DraftStep},
        saved_at=clock.now(),
    )
    URDecision.objects.filter(case=case).update(
        decided_on=decided_on,
        served_on=decided_on,
        service_method=ServiceMethod.ELECTRONIC,
        reference=f"UR-{number:05d}",
    )
    parties: dict[PartyRole, dict[str, str]] = {
        PartyRole.EMPLOYEE: {"first_name": "Maria", "last_name": f"Sandoval {number}", "phone": "(916) 555-0134"},
        PartyRole.EMPLOYER: {"firm_name": "Delta Orchards, Inc."},
        PartyRole.REQUESTING_PHYSICIAN: {
            "first_name": "Noah",
            "last_name": "Bell",
            "firm_name": "Valley Spine Clinic",
            "specialty": "Physical Medicine & Rehabilitation",
            "phone": "(916) 555-0177",
        },
        PartyRole.CLAIMS_ADMINISTRATOR: {"first_name": "Ines", "last_name": "Kovac", "phone": "(916) 555-0100"},
    }
    for role, names in parties.items():
        place = {} if role == PartyRole.EMPLOYER else address
        Party.objects.update_or_create(case=case, role=role, defaults={**place, **names})
    make_item(case, SEED_ITEM)
    for _ in range(items - 1):
        make_item(case)
    make_document(case, DocumentKind.UR_DECISION)
    make_document(case, DocumentKind.SIGNED_FORM)


def make_case(
    status: CaseStatus = CaseStatus.RECEIVED,
    *,
    user: User | None = None,
    organization: Organization | None = None,
    items: int = 1,
    documents: Iterable[str] = (),
    **application: Any,
) -> Case:
    """A case that was really submitted and then moved to `status` by the shortest way of the workflow table.

    From eligible on, its items are eligible. `documents` are kinds of further documents. `application` are fields of
    the application. Moves after the submission are made by the system: for what a service writes besides the
    status (notice, assignment, determination) call the service.
    """
    case = make_draft(user, organization=organization, items=items)
    if application:
        Application.objects.filter(case=case).update(**application)
    for kind in documents:
        make_document(case, kind)
    if status == CaseStatus.DRAFT:
        return case
    case = submit_application(case_id=case.pk, actor=case.created_by, attested_name=case.created_by.display_name)
    for event in _way(CaseStatus.RECEIVED, status):
        case = transition_case(case_id=case.pk, event=event, actor=None)
        if event in {CaseEvent.FIND_ELIGIBLE, CaseEvent.CONSENT_TO_REVIEW, CaseEvent.REVERSE_INELIGIBILITY}:
            DisputedItem.objects.filter(case=case).update(eligibility=ItemEligibility.ELIGIBLE, ineligibility_reason="")
    return case


def late_letter_case(user: User | None = None, *, days: int = 40) -> Case:
    """A case in eligibility review that was filed without its UR decision letter, which came `days` after it."""
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, user=user)
    assert case.received_at
    Document.objects.filter(case=case, kind=DocumentKind.UR_DECISION).delete()
    make_document(case, DocumentKind.UR_DECISION, received_at=case.received_at + timedelta(days=days))
    return case


def _way(start: CaseStatus, goal: CaseStatus) -> tuple[CaseEvent, ...]:
    """The shortest sequence of events from `start` to `goal`."""
    ways: dict[CaseStatus, tuple[CaseEvent, ...]] = {start: ()}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if here == goal:
            return ways[here]
        for event, row in TRANSITIONS.items():
            if here in row.sources and row.target not in ways:
                ways[row.target] = (*ways[here], event)
                queue.append(row.target)
    raise LookupError(f"No way leads from {start} to {goal}.")
