"""Sending a document of a case to a person who may see it."""

from typing import Final

from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.csp import CSP
from django.utils.http import content_disposition_header
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from cases.models import Document
from cases.rules.documents import download_name
from cases.selectors.case import visible_to
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import storage
from imr.core.byte_ranges import UnsatisfiableRangeError, asked_part, partial_response, unsatisfiable_response

PDF: Final = "application/pdf"
# What the browser's own PDF viewer needs inside a frame of ours, and nothing more.
FRAMED_CSP: Final = {
    "default-src": [CSP.NONE],
    "object-src": [CSP.SELF],
    "style-src": [CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.SELF],
}


@require_safe
@requires(Action.DOCUMENT_VIEW)
def download(request: AuthenticatedRequest, case_id: int, document_id: int) -> HttpResponseBase:
    """The document as a download."""
    document = _document(request, case_id, document_id)
    _record_view(request, document, "document.download")
    return document_response(document, inline=False)


@require_safe
@csp_override(FRAMED_CSP)
@requires(Action.DOCUMENT_VIEW)
def view(request: AuthenticatedRequest, case_id: int, document_id: int) -> HttpResponseBase:
    """The document for a frame of one of our own pages."""
    document = _document(request, case_id, document_id)
    _record_view(request, document, "document.view")
    return document_response(document, inline=True)


def document_response(document: Document, *, inline: bool) -> FileResponse:
    """The document's bytes, their digest checked first; raises `IntegrityError` when they were changed.

    Always as a PDF that is not cached. `inline` lets pages of this site, and no others, show it in a frame; the
    view that uses it also needs `csp_override(FRAMED_CSP)`. The caller has checked the permission and recorded the
    view.
    """
    response = FileResponse(storage.open_verified(document.sha256), content_type=PDF)
    response["Content-Length"] = str(document.size)
    return _as_private_pdf(response, document, inline=inline)


def document_part(document: Document, requested: str) -> HttpResponseBase:
    """As `document_response` inline, for a viewer that asks for parts: `requested` is its `Range` header.

    206 with the part, 416 for one outside of the file, the whole when none was asked for.
    """
    try:
        part = asked_part(requested, document.size)
    except UnsatisfiableRangeError:
        return unsatisfiable_response(document.size)
    if part is None:
        response: HttpResponseBase = document_response(document, inline=True)
    else:
        handle = storage.open_unchanged(document.sha256)
        response = partial_response(handle, part, size=document.size, content_type=PDF)
        _as_private_pdf(response, document, inline=True)
    response["Accept-Ranges"] = "bytes"
    return response


def _as_private_pdf[R: HttpResponseBase](response: R, document: Document, *, inline: bool) -> R:
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=not inline, filename=download_name(document.original_name))
        or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    if inline:
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _document(request: AuthenticatedRequest, case_id: int, document_id: int) -> Document:
    found = Document.objects.filter(
        case__in=visible_to(request.user, action=Action.DOCUMENT_VIEW),
        case_id=case_id,
        pk=document_id,
        removed_at__isnull=True,
    ).first()
    if found is None:
        raise Http404
    return found


def _record_view(request: AuthenticatedRequest, document: Document, action: str) -> None:
    record(
        action=action,
        actor=request.user,
        object_type="document",
        object_id=document.pk,
        case_id=document.case_id,
        detail={"sha256": document.sha256},
    )
