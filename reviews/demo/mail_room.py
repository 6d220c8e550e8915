"""Paper of the demo: a cover sheet, and a scan in which it lies before one of two papers."""

import tempfile
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile

from cases.enums import DocumentKind, FilingChannel
from cases.models import Case, ScanBatch
from cases.services.cover_sheet import make_cover_sheet, render_cover_sheet
from cases.services.scan_batch import add_scan_batch, read_scan_batch
from imr.core import clock, storage
from imr.core.pdf_binder import bind
from reviews.demo.filing import Cast
from reviews.demo.following import WRITTEN_ABOUT
from reviews.demo.paper import paper


def fill_mail_room(cast: Cast) -> None:
    """A scan waits to be filed: a letter without a sheet, then a report behind the sheet of a case. Once."""
    case = Case.objects.filter(application__claim_number=WRITTEN_ABOUT).first()
    if case is None or ScanBatch.objects.exists():
        return
    made = make_cover_sheet(case_id=case.pk, actor=cast.filer("sierra"), kind=DocumentKind.MEDICAL_REPORT)
    sheet = render_cover_sheet(sheet_id=made.pk)
    with tempfile.TemporaryDirectory(prefix="imr-demo-") as folder:
        letter, report, scan = (Path(folder) / name for name in ("letter.pdf", "report.pdf", "scan.pdf"))
        letter.write_bytes(paper("Change of address", ["Our office moves on the first of next month."]))
        report.write_bytes(paper("Chiropractic report", ["Range of motion is as it was at the last visit."]))
        bind([letter, storage.local_path(sheet.pdf_sha256), report], scan)
        data = scan.read_bytes()
    batch = add_scan_batch(
        actor=cast.administrator,
        file=ContentFile(data),
        name="Morning mail.pdf",
        channel=FilingChannel.MAIL,
        arrived_at=clock.now() - timedelta(hours=1),
        taken_by="Lena Ortiz, mail room",
    )
    read_scan_batch(batch_id=batch.pk, first=1)
