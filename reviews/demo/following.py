"""What happens around a case: requests, messages, one-time links, a letter that comes later, an end told by others."""

from datetime import timedelta
from uuid import uuid4

from django.core.files.base import ContentFile

from cases.enums import DocumentKind, DocumentSource, EndingKind, EndingSource, UploadLinkRole
from cases.models import Case, EndingReport, InformationRequest, UploadLink
from cases.services.document import add_document
from cases.services.ending import report_ending
from cases.services.information import answer_information, request_information
from cases.services.message import open_thread, send_message
from cases.services.upload_link import SentFile, make_upload_link, submit_through_link
from imr.accounts.models import User
from imr.core import clock
from reviews.demo.paper import paper

WRITTEN_ABOUT = "SC-2026-00931"
TOLD_OF = "SC-2026-00890"
LETTER_LATER = "HL-26-54977"
QUESTION = (
    "From the claims administrator: page 2 of the UR decision letter.\n"
    "From the claims administrator: the request for authorization, as it was received."
)


def ask_and_answer_in_part(case: Case, staff: User, filer: User) -> None:
    """The case waits for information, and a part of it has come."""
    asked: InformationRequest = request_information(case_id=case.pk, actor=staff, question=QUESTION)
    answer_information(
        request_id=asked.pk,
        actor=filer,
        text="Page 2 is among the documents that we filed, behind page 3. The request follows from our archive.",
        is_complete=False,
        token=uuid4(),
    )


def write_messages(case: Case, staff: User, filer: User) -> None:
    """A question of the filer with its answer, and a word that the filer has not opened yet."""
    send_message(
        case_id=case.pk,
        actor=filer,
        text="Our records system is down until tomorrow. Can the chiropractic notes come in two files?",
    )
    open_thread(case_id=case.pk, actor=staff)
    send_message(case_id=case.pk, actor=staff, text="Yes. Several files are fine; name the dates in the titles.")
    open_thread(case_id=case.pk, actor=filer)
    send_message(case_id=case.pk, actor=staff, text="Please add the report that the UR decision quotes, too.")


def ask_offices(filer: User) -> None:
    """One office has sent a report through a one-time link, another one is still asked. Once."""
    case = Case.objects.filter(application__claim_number=WRITTEN_ABOUT).first()
    if case is None or UploadLink.objects.filter(case=case).exists():
        return
    used = make_upload_link(
        case_id=case.pk,
        actor=filer,
        recipient_name="Riverbend Imaging",
        recipient_role=UploadLinkRole.PHYSICIAN,
        kinds=[DocumentKind.DIAGNOSTIC_REPORT],
        last_day=clock.today() + timedelta(days=14),
        max_files=2,
    )
    report = ContentFile(paper("Report of a radiograph", ["No fracture.", "The joint spaces are narrow."]))
    submit_through_link(
        link_id=used.link.pk,
        files=[SentFile(1, report, "radiograph.pdf", DocumentKind.DIAGNOSTIC_REPORT)],
        sender_name="Dana Whitlock",
        sender_role=UploadLinkRole.PHYSICIAN,
    )
    make_upload_link(
        case_id=case.pk,
        actor=filer,
        recipient_name="Office of the treating chiropractor",
        recipient_role=UploadLinkRole.PHYSICIAN,
        kinds=[DocumentKind.MEDICAL_REPORT, DocumentKind.OTHER],
        last_day=clock.today() + timedelta(days=14),
        max_files=3,
    )


def tell_of_an_end(staff: User) -> None:
    """A physician's office said that an item was authorized; the claims administrator's report is awaited. Once."""
    case = Case.objects.filter(application__claim_number=TOLD_OF).first()
    if case is None or EndingReport.objects.filter(case=case).exists():
        return
    yesterday = clock.today() - timedelta(days=1)
    report_ending(
        case_id=case.pk,
        actor=staff,
        reason_code=EndingKind.AUTHORIZED,
        item_ids=[case.items.order_by("position")[0].pk],
        happened_on=yesterday,
        note="The office has a letter of the adjuster; it faxes a copy.",
        told_by=EndingSource.PHYSICIAN,
        received_on=yesterday,
    )


def send_letter_later(filer: User) -> None:
    """The UR decision letter of an application that was filed without it has come. Once."""
    case = Case.objects.filter(application__claim_number=LETTER_LATER).first()
    if case is None or case.documents.filter(kind=DocumentKind.UR_DECISION).exists():
        return
    title = "Utilization review decision"
    items = case.items.order_by("position")
    words = [f"{item.get_ur_outcome_display()}: {item.description}." for item in items]
    add_document(
        case_id=case.pk,
        actor=filer,
        file=ContentFile(paper(title, words)),
        name="ur-decision.pdf",
        kind=DocumentKind.UR_DECISION,
        source=DocumentSource.CLAIMS_ADMINISTRATOR,
        title=title,
    )
