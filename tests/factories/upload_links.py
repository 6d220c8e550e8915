"""One-time links and what comes through them."""

from typing import Any

from cases.enums import DocumentKind, UploadLinkRole
from cases.models import Case, UploadLink
from cases.services.upload_link import MadeLink, SentFile, make_upload_link, submit_through_link
from imr.accounts.models import User
from imr.core import clock
from tests.factories.cases import make_pdf, upload_file


def make_link(case: Case, actor: User | None = None, **fields: Any) -> MadeLink:
    """A link to a clinic for medical reports, good through today."""
    asked: dict[str, Any] = {
        "recipient_name": "Valley Spine Clinic",
        "recipient_role": UploadLinkRole.PHYSICIAN,
        "kinds": [DocumentKind.MEDICAL_REPORT],
        "last_day": clock.today(),
        "max_files": 2,
    }
    return make_upload_link(case_id=case.pk, actor=actor or case.created_by, **{**asked, **fields})


def sent(
    data: bytes | None = None, *, name: str = "report.pdf", position: int = 1, kind: str = "medical_report"
) -> SentFile:
    """A file as the page behind a link brings it."""
    file = upload_file(name, data or make_pdf(mark=f"link {position}"))
    return SentFile(position, file, name, DocumentKind(kind))


def use_link(link: UploadLink, *files: SentFile, **fields: Any) -> UploadLink:
    """The submission of a medical office."""
    who: dict[str, Any] = {"sender_name": "Ada Lindqvist", "sender_role": UploadLinkRole.PHYSICIAN}
    return submit_through_link(link_id=link.pk, files=list(files) or [sent()], **{**who, **fields})
