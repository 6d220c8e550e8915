"""Files with applications, and their rows."""

import csv
import io
from datetime import timedelta
from typing import Any

from openpyxl import Workbook

from cases.enums import BatchGoal
from cases.forms.bulk_columns import REFERENCE
from cases.models import Batch
from cases.services.bulk import LACKING, take_batch
from imr.accounts.models import Organization, User
from imr.core import clock, storage
from imr.core.words import mmddyyyy


def answers(reference: str = "A-1", **changes: str) -> dict[str, str]:
    """The cells of a right row by heading; `changes` are cells of its own."""
    decided = clock.today() - timedelta(days=10)
    day, signed = mmddyyyy(decided), mmddyyyy(decided + timedelta(days=4))
    cells = {
        REFERENCE: reference,
        "Type of review": "Regular",
        "Worker: first name": "Maria",
        "Worker: last name": f"Sandoval {reference}",
        "Worker: street address": "100 Main Street",
        "Worker: city": "Sacramento",
        "Worker: state": "California",
        "Worker: ZIP code": "95814",
        "Worker: phone": "(916) 555-0134",
        "Claim: claim number": f"BULK-{reference}",
        "Claim: date of injury": mmddyyyy(decided - timedelta(days=200)),
        "Employer: employer’s name": "Delta Orchards, Inc.",
        "Physician: first name": "Noah",
        "Physician: last name": "Bell",
        "Physician: specialty": "Pain Medicine",
        "Physician: street address": "7 Valley Road",
        "Physician: city": "Davis",
        "Physician: state": "CA",
        "Physician: ZIP code": "95616",
        "Physician: phone": "9165550177",
        "Claims administrator: contact’s last name": "Kovac",
        "Claims administrator: street address": "9 River Street",
        "Claims administrator: city": "Sacramento",
        "Claims administrator: state": "California",
        "Claims administrator: ZIP code": "95814",
        "Claims administrator: phone": "(916) 555-0100",
        "UR decision: date of the letter": day,
        "UR decision: date served": day,
        "UR decision: how it was served": "Electronic",
        "UR decision: denied only for missing information": "No",
        "UR decision: primary diagnosis": "Lumbago",
        "UR decision: ICD code": "M54.50",
        "UR decision: liability disputed": "no",
        "Representative: attorney": "No",
        "Representative: other representative": "No",
        "Signature: signed by": "The injured worker",
        "Signature: name of the signer": "Maria Sandoval",
        "Signature: date signed": signed,
        "Signature: date of the consent": signed,
        "Item: requested treatment": "6 sessions of aquatic therapy for the lumbar spine",
        "Item: kind of treatment": "rehabilitation-physical-and-occupational-therapy",
        "Item: UR outcome": "Denied",
    }
    return {**cells, **changes}


def further_item(reference: str, description: str, **changes: str) -> dict[str, str]:
    """A further row of the application `reference`."""
    return {
        REFERENCE: reference,
        "Item: requested treatment": description,
        "Item: kind of treatment": "rehabilitation-physical-and-occupational-therapy",
        "Item: UR outcome": "Denied",
        **changes,
    }


def csv_file(rows: list[dict[str, str]], headings: list[str] | None = None) -> bytes:
    """The rows as CSV in UTF-8."""
    out = io.StringIO()
    writer = csv.DictWriter(out, headings or list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def xlsx_file(rows: list[dict[str, Any]], headings: list[str] | None = None) -> bytes:
    """The rows as a workbook; values keep their types, and a text that begins with = is a formula."""
    names = headings or list(rows[0])
    book = Workbook()
    sheet: Any = book.active
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(name) for name in names])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def make_batch(
    user: User,
    data: bytes = b"Reference\n",
    *,
    goal: BatchGoal = BatchGoal.CHECK,
    organization: Organization | None = None,
    name: str = "applications.csv",
) -> Batch:
    """A file of `user` that a worker has not read yet; to submit, what is lacking is accepted."""
    is_submitted = goal == BatchGoal.SUBMIT
    return take_batch(
        actor=user,
        stored=storage.store_bytes(data),
        name=name,
        goal=goal,
        organization=organization,
        attested_name=(user.full_name or "Program") if is_submitted else "",
        confirmed=LACKING if is_submitted else (),
    )
