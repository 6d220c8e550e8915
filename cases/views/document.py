"""Sending a document of a case to a person who may see it."""

from collections.abc import Callable
from typing import Final

from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.csp import CSP
from django.utils.http import content_disposition_header
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from cases.enums import ScanState
from cases.models import Document
from cases.rules.documents import CLOSED_TO_OPENING, download_name
from cases.selectors.case import visible_to
from cases.selectors.document import openable_documents
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import storage
from imr.core.byte_ranges import UnsatisfiableRangeError, asked_part, partial_response, unsatisfiable_response
from imr.core.errors import ConflictError

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
    return document_response(document, inline=False, note=lambda: _record_view(request, document, "document.download"))


@require_safe
@csp_override(FRAMED_CSP)
@requires(Action.DOCUMENT_VIEW)
def view(request: AuthenticatedRequest, case_id: int, document_id: int) -> HttpResponseBase:
    """The document for a frame of one of our own pages."""
    document = _document(request, case_id, document_id)
    return document_response(
        document,
        inline=True,
        wants_copy=wants_copy(request),
        note=lambda: _record_view(request, document, "document.view"),
    )


def wants_copy(request: AuthenticatedRequest) -> bool:
    """Whether the searchable copy of a scan is asked for."""
    return request.GET.get("copy") == "searchable"


def document_response(
    document: Document, *, inline: bool, note: Callable[[], object], wants_copy: bool = False
) -> FileResponse:
    """The document's bytes, their digest checked first; raises `IntegrityError` when they were changed.

    Raises `ConflictError` while the virus check has not passed it: every way to the bytes leads through here or
    through `document_part`. With `wants_copy` the searchable copy, where there is one. Always as a PDF that is not
    cached. `inline` lets pages of this site, and no others, show it in a frame; the view that uses it also needs
    `csp_override(FRAMED_CSP)`. The caller has checked the permission; its `note` records the view.
    """
    sha256, size = _bytes_of(document, wants_copy=wants_copy)
    response = FileResponse(storage.open_noted(sha256, note), content_type=PDF)
    response["Content-Length"] = str(size)
    return _as_private_pdf(response, document, inline=inline)


def document_part(
    document: Document, requested: str, *, note: Callable[[], object], wants_copy: bool = False
) -> HttpResponseBase:
    """As `document_response` inline, for a viewer that asks for parts: `requested` is its `Range` header.

    206 with the part, 416 for one outside of the file, the whole when none was asked for.
    """
    sha256, size = _bytes_of(document, wants_copy=wants_copy)
    try:
        part = asked_part(requested, size)
    except UnsatisfiableRangeError:
        return unsatisfiable_response(size)
    if part is None:
        response: HttpResponseBase = document_response(document, inline=True, note=note, wants_copy=wants_copy)
    else:
        handle = storage.open_noted(sha256, note, is_part=True)
        response = partial_response(handle, part, size=size, content_type=PDF)
        _as_private_pdf(response, document, inline=True)
    response["Accept-Ranges"] = "bytes"
    return response


def _bytes_of(document: Document, *, wants_copy: bool) -> tuple[str, int]:
    """Digest and size of what is sent; raises `ConflictError` for what may not be opened."""
    if words := CLOSED_TO_OPENING.get(ScanState(document.scan)):
        raise ConflictError(words, code="virus_check")
    if wants_copy and document.searchable_copy:
        return document.searchable_copy, document.recognition.copy_size
    return document.sha256, document.size


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
    cases = visible_to(request.user, action=Action.DOCUMENT_VIEW)
    found = openable_documents().filter(case__in=cases, case_id=case_id, pk=document_id).first()
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
