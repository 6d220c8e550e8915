"""Manifests: everything received in a case, signed with the organization's key so that nobody has to believe us."""

import base64
import hashlib
import logging
from typing import Final

from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string

from cases.letters import ManifestLetter
from cases.models import SubmissionManifest
from cases.selectors.manifest import manifest_letter
from cases.services.rendering import render_paper
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, signing, storage
from imr.core.errors import ConflictError, UnavailableError
from imr.core.jobs import confirm_lease, enqueue
from imr.core.signing import SigningKeyError

logger = logging.getLogger(__name__)

MANIFEST_JOB: Final = "cases.render_manifest"
REASON: Final = "Manifest of everything received in a case"
# What differs between two manifests of the same files.
_MOMENT: Final = ("number", "signed_at")


@transaction.atomic
def sign_submission(*, case_id: int, actor: User | None) -> SubmissionManifest:
    """A signed manifest of everything received until now is on record; its PDF is promised.

    When nothing was received since the last one, that one is returned. Raises `ConflictError` for a draft and where
    nothing is signed, `UnavailableError` when the key cannot be used.
    """
    case = lock_case(case_id)
    if case.is_draft:
        raise ConflictError("The application was not submitted yet. Its receipt comes with the submission.")
    if not signing.is_on():
        raise ConflictError("This installation signs nothing, so there are no signed manifests.", code="not_signing")
    last = SubmissionManifest.objects.filter(case=case).first()
    letter = manifest_letter(case, number=last.number + 1 if last else 1, at=clock.now())
    if last is not None and _without_moment(last.content) == _without_moment(letter.as_json()):
        return last
    data = letter.canonical()
    try:
        signature = signing.sign_bytes(data, at=letter.signed)
        fingerprint = signing.certificate_fingerprint()
    except SigningKeyError as error:
        logger.exception("manifest_not_signed")
        raise UnavailableError(
            "This cannot be signed just now; the operators have been told. Nothing is lost: try again later."
        ) from error
    manifest = SubmissionManifest.objects.create(
        case=case,
        number=letter.number,
        content=letter.as_json(),
        content_sha256=hashlib.sha256(data).hexdigest(),
        signature=base64.b64encode(signature).decode("ascii"),
        certificate_sha256=fingerprint,
        signed_at=letter.signed,
        signed_for=actor,
    )
    _record(manifest, actor, "manifest.sign", files=len(letter.files), sha256=manifest.content_sha256)
    enqueue(MANIFEST_JOB, unique_key=f"manifest:{manifest.pk}", manifest_id=manifest.pk)
    return manifest


def sign_first(*, case_id: int) -> SubmissionManifest | None:
    """What was filed has its first manifest, where anything is signed; a second call changes nothing.

    It holds nothing up: without a usable key there is none, and the page offers to make it later.
    """
    if not signing.is_on() or SubmissionManifest.objects.filter(case_id=case_id).exists():
        return None
    try:
        return sign_submission(case_id=case_id, actor=None)
    except UnavailableError:
        return None


def render_manifest(*, manifest_id: int) -> SubmissionManifest:
    """The manifest's PDF is stored, signed, once; a second call changes nothing. Raises `RenderError`."""
    manifest = SubmissionManifest.objects.get(pk=manifest_id)
    if manifest.rendered_at is not None:
        return manifest
    letter = ManifestLetter.from_json(manifest.content)
    html = render_to_string("letters/manifest.html", {"letter": letter, "manifest": manifest})
    pdf = render_paper(html, style_sheet="receipt.css")
    stored = storage.store_bytes(signing.sign_pdf(pdf.data, at=letter.signed, reason=REASON))
    with transaction.atomic():
        confirm_lease()
        changed = SubmissionManifest.objects.filter(pk=manifest.pk, rendered_at__isnull=True).update(
            pdf_sha256=stored.sha256, pdf_size=stored.size, rendered_at=Now()
        )
        if changed:
            _record(manifest, None, "manifest.render", sha256=stored.sha256, pages=pdf.page_count)
    manifest.refresh_from_db()
    return manifest


def _without_moment(content: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in content.items() if name not in _MOMENT}


def _record(manifest: SubmissionManifest, actor: User | None, action: str, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="manifest",
        object_id=manifest.pk,
        case_id=manifest.case_id,
        detail={"number": manifest.number, **detail},
    )
