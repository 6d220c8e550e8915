"""Cover sheets: made for a case and a kind of document, and rendered by a worker."""

import base64
import secrets
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import segno
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string

from cases.enums import DocumentKind
from cases.models import CoverSheet
from cases.rules.scan import SHEET_PREFIX
from cases.services.document import refuse_late
from cases.services.rendering import render_paper
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import storage
from imr.core.errors import ConflictError
from imr.core.jobs import confirm_lease, enqueue

SHEET_JOB: Final = "cases.render_cover_sheet"


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A QR code as one path of a drawing `size` modules wide, with the empty margin that readers need."""

    size: int
    path: str


@transaction.atomic
def make_cover_sheet(*, case_id: int, actor: User, kind: DocumentKind) -> CoverSheet:
    """A cover sheet for paper of this kind; its PDF is promised.

    Raises `ConflictError` when the case takes no documents or has no number yet.
    """
    case = lock_case(case_id)
    refuse_late(case)
    if case.is_draft:
        raise ConflictError("The application has no case number yet. Submit it first; then print a cover sheet.")
    code = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    sheet = CoverSheet.objects.create(case=case, kind=kind, code=code, made_by=actor)
    record(
        action="cover_sheet.make",
        actor=actor,
        object_type="cover_sheet",
        object_id=sheet.pk,
        case_id=case.pk,
        detail={"kind": kind.value},
    )
    enqueue(SHEET_JOB, unique_key=f"cover-sheet:{sheet.pk}", sheet_id=sheet.pk)
    return sheet


def render_cover_sheet(*, sheet_id: int) -> CoverSheet:
    """The sheet's PDF is stored, once; a second call changes nothing. Raises `RenderError`."""
    sheet = CoverSheet.objects.select_related("case").get(pk=sheet_id)
    if sheet.rendered_at is not None:
        return sheet
    context = {
        "sheet": sheet,
        "qr": qr_picture(SHEET_PREFIX + sheet.code),
        "organization": settings.IMR_ORGANIZATION_NAME,
    }
    pdf = render_paper(render_to_string("letters/cover_sheet.html", context), style_sheet="cover_sheet.css")
    stored = storage.store_bytes(pdf.data)
    with transaction.atomic():
        confirm_lease()
        CoverSheet.objects.filter(pk=sheet.pk, rendered_at__isnull=True).update(
            pdf_sha256=stored.sha256, pdf_size=stored.size, rendered_at=Now()
        )
    sheet.refresh_from_db()
    return sheet


def qr_picture(text: str) -> QrPicture:
    """`text` as a QR code of which a quarter may be lost to folds, stamps and a poor scan."""
    margin = 4
    matrix = segno.make_qr(text, error="q").matrix
    runs: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        for is_dark, modules in groupby(row):
            width = len(list(modules))
            if is_dark:
                runs.append(f"M{x + margin} {y + margin}.5h{width}")
            x += width
    return QrPicture(size=len(matrix) + 2 * margin, path="".join(runs))
