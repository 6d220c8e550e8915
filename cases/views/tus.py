"""Uploads that go on after a lost connection: the tus protocol, 1.0.0.

Extensions: creation, termination, checksum (sha1, sha256), expiration. An upload belongs to the person who began it;
for anybody else it does not exist. Nothing is taken in by the last piece alone: `upload_finish`, a form of ours, does
that and answers in words, so that an answer that got lost can be asked for again.
"""

import base64
import binascii
from collections.abc import Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_POST

from cases.forms.filing_items import UploadForm
from cases.forms.records import RecordsForm
from cases.models import Case, Upload
from cases.selectors.draft import read_draft
from cases.selectors.upload import own_upload
from cases.services.upload import begin_upload, drop_upload, finish_upload, receive_piece
from cases.views.case import find_case
from cases.views.filing_documents import documents_list
from cases.views.records import records_list
from cases.views.upload import described_by, put_on_file, script_answer, wants_json
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import arriving
from imr.core.arriving import DIGESTS, Checksum
from imr.core.errors import DomainError
from imr.core.pdf_intake import MAX_BYTES, refused_file

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination,checksum,expiration"
PIECE_TYPE: Final = "application/offset+octet-stream"
READ_BYTES: Final = 256 * 1024
MAX_METADATA: Final = 8_000


class BadRequestError(DomainError):
    """What was sent is not the protocol."""

    code = "tus"


class VersionError(DomainError):
    """Another version of the protocol is spoken (HTTP 412)."""

    status = 412
    code = "tus_version"


def _speaks_tus[**P](view: Any) -> Any:
    """Every answer names the version; errors are JSON in words; another version is refused."""

    @wraps(view)
    def wrapper(request: AuthenticatedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase
        if request.method == "OPTIONS":
            response = HttpResponse(status=HTTPStatus.NO_CONTENT)
            response["Tus-Version"], response["Tus-Extension"] = VERSION, EXTENSIONS
            response["Tus-Max-Size"], response["Tus-Checksum-Algorithm"] = str(MAX_BYTES), ",".join(DIGESTS)
        else:
            try:
                response = view(request, *args, **kwargs)
            except DomainError as error:
                response = JsonResponse(
                    {"ok": False, "code": error.code, "message": error.message}, status=error.status
                )
                if error.status == HTTPStatus.PRECONDITION_FAILED:
                    response["Tus-Version"] = VERSION
        response["Tus-Resumable"] = VERSION
        return response

    return wrapper


def _only(request: AuthenticatedRequest, *methods: str) -> HttpResponse | None:
    """405 for another method. It stands inside of `requires`: who may not ask is told that first."""
    if request.method in methods:
        return None
    return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(methods)})


@requires(Action.DOCUMENT_UPLOAD)
def upload_begin(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """POST makes a place for a file; its address is in `Location` (creation extension)."""
    return _only(request, "POST", "OPTIONS") or _begin(request, case_id)


@requires(Action.DOCUMENT_UPLOAD)
def upload_piece(request: AuthenticatedRequest, case_id: int, token: str) -> HttpResponseBase:
    """HEAD says how much has arrived, PATCH brings more, DELETE discards it."""
    return _only(request, "HEAD", "PATCH", "DELETE", "OPTIONS") or _piece(request, case_id, token)


@require_POST
@requires(Action.DOCUMENT_UPLOAD)
def upload_finish(request: AuthenticatedRequest, case_id: int, token: str) -> HttpResponseBase:
    """The file that has arrived is checked and taken in. A script gets JSON; a form goes back to its page."""
    case = _find_case(request, case_id)
    upload = _find_upload(request, case, token)
    is_confirmed = request.POST.get("is_name_confirmed") == "on"
    answer = put_on_file(
        upload.name, lambda: finish_upload(upload=upload, actor=request.user, is_name_confirmed=is_confirmed)
    )
    if wants_json(request):
        shown = documents_list(request, read_draft(case), [answer]) if case.is_draft else records_list(request, case)
        return script_answer([answer], _form(request, case, {}), shown)
    words = f"{answer.name}: {answer.words}"
    (messages.success if answer.is_on_file else messages.error)(request, words)
    return redirect(page_of(case))


@require_POST
@requires(Action.DOCUMENT_UPLOAD)
def upload_discard(request: AuthenticatedRequest, case_id: int, token: str) -> HttpResponseBase:
    """An unfinished upload is thrown away, from the page that lists it."""
    case = _find_case(request, case_id)
    upload = _find_upload(request, case, token)
    drop_upload(upload=upload, actor=request.user)
    messages.success(request, f"The unfinished upload of {upload.name} was discarded.")
    return redirect(page_of(case))


def page_of(case: Case) -> str:
    """The page on which files are added to the case."""
    return reverse("cases:filing-documents" if case.is_draft else "cases:records-add", args=[case.pk])


@_speaks_tus
def _begin(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = _find_case(request, case_id)
    _require_version(request)
    if "Upload-Defer-Length" in request.headers:
        raise BadRequestError("Say with Upload-Length how large the file is.")
    size = _number(request, "Upload-Length")
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    form = _form(request, case, told)
    if not form.is_valid():
        words = " ".join(str(message) for lines in form.errors.values() for message in lines)
        raise BadRequestError(words, code="form")
    modified = told.get("modified", "")
    upload = begin_upload(
        case_id=case.pk,
        actor=request.user,
        name=told.get("filename", "document.pdf"),
        size=size,
        modified=int(modified) if modified.isascii() and modified.isdigit() and len(modified) <= 16 else 0,
        **described_by(request, form.cleaned_data),
    )
    response = HttpResponse(status=HTTPStatus.CREATED)
    response["Location"] = request.build_absolute_uri(reverse("cases:upload-piece", args=[case.pk, upload.token]))
    return _expiring(response, upload)


@_speaks_tus
def _piece(request: AuthenticatedRequest, case_id: int, token: str) -> HttpResponse:
    case = _find_case(request, case_id)
    upload = _find_upload(request, case, token)
    _require_version(request)
    if request.method == "HEAD":
        # Of what has ended nothing is left to send.
        has_ended = upload.document_id is not None or upload.refusal
        arrived = upload.size if has_ended else arriving.received(upload.token)
        response = HttpResponse(status=HTTPStatus.OK)
        response["Upload-Offset"], response["Upload-Length"] = str(arrived), str(upload.size)
        return _expiring(response, upload)
    if request.method == "DELETE":
        drop_upload(upload=upload, actor=request.user)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if request.content_type != PIECE_TYPE:
        return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    if offset + length > upload.size:
        raise refused_file("too_large")
    arrived = receive_piece(upload=upload, offset=offset, chunks=_body(request), checksum=_checksum(request))
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    response["Upload-Offset"] = str(arrived)
    return _expiring(response, upload)


def _require_version(request: AuthenticatedRequest) -> None:
    """Comes after the search for the object: whoever may not know of it is told so first."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise VersionError(f"This server speaks version {VERSION} of the tus protocol.")


def _find_case(request: AuthenticatedRequest, case_id: int) -> Case:
    """The case, when this person may add files to it; a draft belongs to those who may edit it."""
    case = find_case(request, case_id, Action.DOCUMENT_UPLOAD)
    return find_case(request, case_id, Action.CASE_EDIT_DRAFT) if case.is_draft else case


def _find_upload(request: AuthenticatedRequest, case: Case, token: str) -> Upload:
    try:
        upload = own_upload(case_id=case.pk, user=request.user, token=UUID(token))
    except ValueError:
        upload = None
    if upload is None or str(upload.token) != token:
        raise Http404
    return upload


def _form(request: AuthenticatedRequest, case: Case, told: dict[str, str]) -> UploadForm:
    """The page's own form over what the metadata say, without the files."""
    form = UploadForm(told) if case.is_draft else RecordsForm(told, asks_source=not request.user.is_claims)
    del form.fields["file"]
    return form


def _body(request: AuthenticatedRequest) -> Iterator[bytes]:
    """The body as it comes, until the connection is cut."""
    try:
        while chunk := request.read(READ_BYTES):
            yield chunk
    except UnreadablePostError:
        return


def _metadata(header: str) -> dict[str, str]:
    """`filename c2Nhbi5wZGY=,kind b3RoZXI=` as a dictionary."""
    if len(header) > MAX_METADATA:
        raise BadRequestError("The description of the file is too long.")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BadRequestError("The description of the file (Upload-Metadata) cannot be read.") from error
    return found


def _checksum(request: AuthenticatedRequest) -> Checksum | None:
    header = request.headers.get("Upload-Checksum", "")
    if not header:
        return None
    algorithm, _, value = header.partition(" ")
    if algorithm not in DIGESTS:
        raise BadRequestError(f"Of checksums, {' and '.join(DIGESTS)} are known here.")
    try:
        return Checksum(algorithm, base64.b64decode(value, validate=True))
    except binascii.Error as error:
        raise BadRequestError("The checksum cannot be read.") from error


def _number(request: AuthenticatedRequest, name: str) -> int:
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise BadRequestError(f"The header {name} must be a whole number.")
    return int(value)


def _expiring(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    response["Cache-Control"] = "no-store"
    return response
