"""Cover sheets, and scans in which they lie between the pages."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pikepdf
import segno

from cases.enums import DocumentKind, FilingChannel
from cases.models import Case, CoverSheet, ScanBatch
from cases.rules.scan import SHEET_PREFIX
from cases.services.cover_sheet import make_cover_sheet
from cases.services.scan_batch import add_scan_batch, read_scan_batch
from imr.accounts.models import User
from imr.core import clock
from tests.factories.cases import upload_file

_numbers = count(1)


def make_sheet(case: Case, kind: DocumentKind = DocumentKind.MEDICAL_REPORT) -> CoverSheet:
    """A cover sheet that whoever filed the case made."""
    return make_cover_sheet(case_id=case.pk, actor=case.created_by, kind=kind)


def make_scan(pages: Sequence[str]) -> bytes:
    """A PDF with a page for each text: a QR code of it, or, for one that begins with "=", the words behind that."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    for text in pages:
        page = pdf.add_blank_page(page_size=(612, 792))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        drawn = f"BT /F1 12 Tf 72 720 Td ({text[1:]}) Tj ET" if text.startswith("=") else _squares(text)
        page.Contents = pdf.make_stream(drawn.encode("latin-1"))
    pdf.docinfo["/Subject"] = f"scan {next(_numbers)}"
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def scan_of(*papers: tuple[CoverSheet | str, int]) -> bytes:
    """A scan of papers, each behind its sheet, or behind a QR code with that text, or ("") behind none."""
    pages: list[str] = []
    for number, (sheet, length) in enumerate(papers, start=1):
        if isinstance(sheet, CoverSheet):
            pages.append(SHEET_PREFIX + sheet.code)
        elif sheet:
            pages.append(sheet)
        pages += [f"=Paper {number}, page {page}" for page in range(1, length + 1)]
    return make_scan(pages)


def add_scan(actor: User, data: bytes, *, arrived_at: datetime | None = None, **fields: Any) -> ScanBatch:
    """A scan of paper that came by mail an hour ago, not read yet."""
    return add_scan_batch(
        actor=actor,
        file=upload_file("monday.pdf", data),
        name="monday.pdf",
        channel=FilingChannel.MAIL,
        arrived_at=arrived_at or clock.now() - timedelta(hours=1),
        taken_by="Lena Ortiz, mail room",
        **fields,
    )


def make_split_scan(actor: User, *sheets: CoverSheet) -> ScanBatch:
    """A scan that was read: two pages behind each sheet."""
    batch = add_scan(actor, scan_of(*((sheet, 2) for sheet in sheets)))
    return read_scan_batch(batch_id=batch.pk, first=1)


def _squares(text: str) -> str:
    matrix = segno.make_qr(text, error="q").matrix
    side = 180 / len(matrix)
    return "\n".join(
        f"{200 + x * side:.3f} {600 - y * side:.3f} {side:.3f} {side:.3f} re f"
        for y, row in enumerate(matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    )
