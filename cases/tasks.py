"""Background jobs of cases. They take ids, call one service, and are safe to run twice."""

from celery import shared_task

from cases.services import (
    arrangement_making,
    bulk,
    closing,
    cover_sheet,
    deadline_alert,
    draft_reminder,
    information,
    manifest,
    notice,
    package,
    recognition,
    recount,
    scan,
    scan_batch,
    upload_link,
)
from cases.services.arrangement import ARRANGE_JOB
from cases.services.bulk import READ_JOB, WORK_JOB
from cases.services.invoice import INVOICE_JOB
from cases.services.invoice import render_invoice as render_bill
from cases.services.notice import NOTICE_JOB
from cases.services.page import READ_PAGES_JOB
from cases.services.page import read_pages as read_text
from cases.services.receipt import RECEIPT_JOB
from cases.services.receipt import render_receipt as render
from cases.services.upload import drop_expired_uploads
from imr.core.jobs import Queue, job


@job(RECEIPT_JOB, queue=Queue.LETTERS)
def render_receipt(*, case_id: int) -> None:
    """Make the PDF of the filing receipt."""
    render(case_id=case_id)


@job(manifest.MANIFEST_JOB, queue=Queue.LETTERS)
def render_manifest(*, manifest_id: int) -> None:
    """Make the PDF of a signed manifest."""
    manifest.render_manifest(manifest_id=manifest_id)


@job(NOTICE_JOB, queue=Queue.LETTERS)
def render_notice(*, notice_id: int) -> None:
    """Make the PDF of a notice."""
    notice.render_notice(notice_id=notice_id)


@job(recount.RECOUNT_JOB, queue=Queue.MISC)
def recount_clocks(*, change_id: int) -> None:
    """Count running clocks again after a change of the reference data."""
    recount.recount_clocks(change_id=change_id)


@job(INVOICE_JOB, queue=Queue.LETTERS)
def render_invoice(*, invoice_id: int) -> None:
    """Make the PDF of an invoice or credit note."""
    render_bill(invoice_id=invoice_id)


@job(READ_PAGES_JOB, queue=Queue.SCAN)
def read_pages(*, document_id: int) -> None:
    """Read the text of a document's pages for the search of records."""
    read_text(document_id=document_id)


@job(package.PACKAGE_JOB, queue=Queue.SCAN)
def work_package(*, package_id: int, part: int) -> None:
    """Put some documents into the file of all records of a case, and promise the next ones."""
    package.work_package(package_id=package_id, part=part)


@job(ARRANGE_JOB, queue=Queue.SCAN)
def work_arrangement(*, arrangement_id: int, step: int) -> None:
    """Do one step of turning, dividing or joining documents, and promise the next one."""
    arrangement_making.work_arrangement(arrangement_id=arrangement_id, step=step)


@shared_task(name="cases.tasks.expire_packages")
def expire_packages() -> None:
    """Files of all records whose time is over are gone."""
    package.drop_expired_packages()


@job(READ_JOB, queue=Queue.MISC)
def read_batch(*, batch_id: int) -> None:
    """Read the applications of a file into rows that wait."""
    bulk.read_batch(batch_id=batch_id)


@job(WORK_JOB, queue=Queue.MISC)
def work_batch(*, batch_id: int) -> None:
    """Check the next applications of a file, and draft or file them."""
    bulk.work_batch(batch_id=batch_id)


@job(scan.SCAN_JOB, queue=Queue.SCAN)
def scan_document(*, document_id: int) -> None:
    """Check a document for viruses; until there is an answer it stays closed."""
    scan.scan_document(document_id=document_id)


@job(recognition.RECOGNIZE_JOB, queue=Queue.SCAN)
def recognize_pages(*, document_id: int, first: int) -> None:
    """Read some scanned pages of a document, and promise the next ones."""
    recognition.recognize_pages(document_id=document_id, first=first)


@shared_task(name="cases.tasks.watch_scans")
def watch_scans() -> None:
    """Begin virus checks again that gave up, and say in the log what waits for too long."""
    scan.watch_scans()
    scan_batch.watch_scan_batches()


@shared_task(name="cases.tasks.raise_deadline_alerts")
def raise_deadline_alerts() -> None:
    """Say once of each running clock that it is due soon, overdue, or overdue for long."""
    deadline_alert.raise_deadline_alerts()


@shared_task(name="cases.tasks.finish_cases")
def finish_cases() -> None:
    """Begin implementations, end times to appeal, and close cases in which nothing is left."""
    closing.finish_cases()


@shared_task(name="cases.tasks.tend_drafts")
def tend_drafts() -> None:
    """Remind of applications that lie, and delete those that lay too long."""
    draft_reminder.tend_drafts()


@shared_task(name="cases.tasks.return_unanswered_cases")
def return_unanswered_cases() -> None:
    """Take cases whose request for information was not answered in time back into eligibility review."""
    information.return_unanswered_cases()


@job(cover_sheet.SHEET_JOB, queue=Queue.LETTERS)
def render_cover_sheet(*, sheet_id: int) -> None:
    """Make the PDF of a cover sheet."""
    cover_sheet.render_cover_sheet(sheet_id=sheet_id)


@job(scan_batch.READ_SCAN_JOB, queue=Queue.SCAN)
def read_scan_batch(*, batch_id: int, first: int) -> None:
    """Look for cover sheets on the next pages of a scan, and promise those after them."""
    scan_batch.read_scan_batch(batch_id=batch_id, first=first)


@job(upload_link.LINK_JOB, queue=Queue.MAIL)
def send_upload_link(*, link_id: int) -> None:
    """Mail a one-time link to the person who is asked for documents."""
    upload_link.send_upload_link(link_id=link_id)


@shared_task(name="cases.tasks.expire_uploads")
def expire_uploads() -> None:
    """Uploads that nobody went on with for a day are gone, with their bytes."""
    drop_expired_uploads()
