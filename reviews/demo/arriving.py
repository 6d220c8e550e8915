"""Other ways into the product: a spreadsheet that was checked, a fax whose moment is in doubt, cases joined in one."""

import csv
import io
from datetime import timedelta

from cases.enums import BatchGoal, FilingChannel
from cases.models import Application, Batch, Case, ReceiptCorrection
from cases.services.bulk import read_batch, take_batch, work_batch
from cases.services.consolidation import consolidate_cases
from cases.services.receipt_correction import propose_receipt
from imr.core import clock, storage
from imr.core.words import mmddyyyy
from reviews.demo.filing import Cast, screen_case
from reviews.demo.stories import Story

_NAME = "applications of the week.csv"


def send_spreadsheet(cast: Cast) -> None:
    """A file was checked: one application is right, one has errors, one stands in it twice; not a second time."""
    if Batch.objects.exists():
        return
    right = _cells("A-1", "Amina", "Farouk-Lindqvist", "SC-2026-01120", "Physical therapy for the left ankle, 8 visits")
    wrong = _cells("A-2", "Bogdan", "Petrescu", "SC-2026-01121", "MRI of the left ankle")
    wrong |= {"Claim: date of injury": "02/30/2026", "Worker: ZIP code": "958"}
    rows = [right, wrong, {**right, "Reference": "A-3"}]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(right))
    writer.writeheader()
    writer.writerows(rows)
    stored = storage.store_bytes(out.getvalue().encode())
    batch = take_batch(actor=cast.filer("sierra"), stored=stored, name=_NAME, goal=BatchGoal.CHECK)
    read_batch(batch_id=batch.pk)
    work_batch(batch_id=batch.pk)


def doubt_receipt(cast: Cast) -> None:
    """The moment at which a fax arrived is to be corrected: a second person looks; not a second time."""
    faxed = Application.objects.filter(channel=FilingChannel.FAX, case__received_at__isnull=False).first()
    if faxed is None or faxed.arrived_at is None or ReceiptCorrection.objects.exists():
        return
    propose_receipt(
        case_id=faxed.case_id,
        actor=cast.administrator,
        corrected_at=faxed.arrived_at - timedelta(minutes=40),
        reason="The journal of the fax machine has the first page 40 minutes earlier.",
    )


def join_cases(story: Story, case: Case, other: Case, cast: Cast) -> None:
    """Two applications of one worker, physician and date of injury are reviewed together (8 CCR 9792.10.4(a))."""
    screen_case(story, other, cast)
    consolidate_cases(
        case_ids=[case.pk, other.pk],
        actor=cast.administrator,
        reason="Same worker, requesting physician and date of injury; one review of both requests.",
    )


def _cells(reference: str, first: str, last: str, claim: str, treatment: str) -> dict[str, str]:
    """One row of the template by its headings; columns that nobody has to fill in are left out."""
    decided = clock.today() - timedelta(days=6)
    day, signed = mmddyyyy(decided), mmddyyyy(decided + timedelta(days=3))
    return {
        "Reference": reference,
        "Type of review": "Regular",
        "Worker: first name": first,
        "Worker: last name": last,
        "Worker: phone": "(916) 555-0123",
        "Worker: street address": "12 Alder Street",
        "Worker: city": "Davis",
        "Worker: state": "CA",
        "Worker: ZIP code": "95800",
        "Claim: claim number": claim,
        "Claim: date of injury": mmddyyyy(decided - timedelta(days=150)),
        "Employer: employer’s name": "Granite Bay Roofing",
        "Physician: first name": "Calvin",
        "Physician: last name": "Oyelaran",
        "Physician: specialty": "Orthopedic Surgery",
        "Physician: phone": "(916) 555-0171",
        "Physician: street address": "400 Clinic Way",
        "Physician: city": "Davis",
        "Physician: state": "CA",
        "Physician: ZIP code": "95801",
        "Claims administrator: contact’s last name": "Peña",
        "UR decision: date of the letter": day,
        "UR decision: date served": day,
        "UR decision: how it was served": "Mail",
        "UR decision: denied only for missing information": "No",
        "UR decision: primary diagnosis": "Sprain of the left ankle",
        "UR decision: liability disputed": "No",
        "Representative: attorney": "No",
        "Representative: other representative": "No",
        "Signature: signed by": "The injured worker",
        "Signature: name of the signer": f"{first} {last}",
        "Signature: date signed": signed,
        "Signature: date of the consent": signed,
        "Item: requested treatment": treatment,
        "Item: kind of treatment": "Imaging and radiology"
        if "MRI" in treatment
        else "Physical and occupational therapy",
        "Item: UR outcome": "Denied",
    }
