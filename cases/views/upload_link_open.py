"""The page behind a one-time link, for somebody who is not signed in.

It says who asks, for what kinds of documents and under which case number, and nothing about the worker. Looking at it
changes nothing: mail programs open links before people do.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cases.enums import UploadLinkRole
from cases.exceptions import GoneError
from cases.forms.upload_link import SendForm
from cases.models import UploadLink
from cases.selectors.upload_link import kind_labels, link_of
from cases.services.document import OtherCaseNamedError
from cases.services.upload import RESERVE_BYTES
from cases.services.upload_link import SentFileError, submit_through_link
from imr.accounts.permissions import public
from imr.core import context as work_context
from imr.core import rate, storage
from imr.core.errors import UnavailableError
from imr.core.pdf_intake import REFUSALS
from imr.core.uploads import oversized_files, takes_uploads

type _View = Callable[[HttpRequest, UploadLink], HttpResponseBase]


def _for_link(view: _View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Find the link of the request before anything of its body is read; the same 404 for every one that is not open.

    The address holds a secret, so no other site learns it from the browser. `strict-origin` and not `no-referrer`:
    with that, browsers say that a form comes from nowhere, and its token is refused.
    """

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponseBase:
        response = _answer(request, view)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return wrapper


def _answer(request: HttpRequest, view: _View) -> HttpResponseBase:
    address = work_context.current().address or ""
    spent = rate.spend("upload-link", address, limit=settings.IMR_UPLOAD_LINKS_PER_MINUTE)
    if not spent.allowed:
        busy = render(request, "cases/upload_link/busy.html", {"seconds": spent.seconds_left}, status=429)
        busy["Retry-After"] = str(spent.seconds_left)
        return busy
    link = link_of(request.GET.get("key", ""))
    if link is None:
        return _gone(request)
    if link.used_at is not None:
        return _receipt(request, link, is_late=request.method == "POST")
    if request.method == "POST":
        _require_room(request)
    return view(request, link)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@_for_link
@takes_uploads
def upload_link_open(request: HttpRequest, link: UploadLink) -> HttpResponseBase:
    """The form, and after one submission its receipt."""
    if request.method != "POST":
        return _page(request, link, SendForm(link=link), HTTPStatus.OK)
    form = SendForm(request.POST, request.FILES, link=link)
    for name in oversized_files(request):
        form.add_error(None, f"{name}: {REFUSALS['too_large']}")
    if not form.is_valid():
        return _page(request, link, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        used = submit_through_link(
            link_id=link.pk,
            files=form.sent_files(),
            sender_name=form.cleaned_data["sender_name"],
            sender_role=UploadLinkRole(form.cleaned_data["sender_role"]),
            is_name_confirmed=form.cleaned_data["is_name_confirmed"],
        )
    except SentFileError as error:
        form.add_error(f"file_{error.position}", error.message)
        if error.code == OtherCaseNamedError.code:
            form.fields["is_name_confirmed"].widget = forms.CheckboxInput()
        status = error.status if error.status != HTTPStatus.BAD_REQUEST else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, link, form, status)
    except GoneError:
        link.refresh_from_db()
        return _receipt(request, link, is_late=True) if link.used_at else _gone(request)
    return _receipt(request, used)


def _page(request: HttpRequest, link: UploadLink, form: SendForm, status: int) -> HttpResponse:
    context = {"link": link, "form": form, "kinds": kind_labels(link)}
    return render(request, "cases/upload_link/open.html", context, status=status)


def _receipt(request: HttpRequest, link: UploadLink, *, is_late: bool = False) -> HttpResponse:
    """What came through the link; with `is_late` it says that nothing of what was sent now was kept."""
    context = {"link": link, "files": list(link.files.all()), "is_late": is_late}
    return render(
        request, "cases/upload_link/receipt.html", context, status=HTTPStatus.CONFLICT if is_late else HTTPStatus.OK
    )


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/upload_link/gone.html", status=HTTPStatus.NOT_FOUND)


def _require_room(request: HttpRequest) -> None:
    """Raise `UnavailableError` when the disk does not hold the request twice; nothing of it is read then."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and storage.free_bytes() < 2 * int(length) + RESERVE_BYTES:
        raise UnavailableError(
            "There is no room for files just now. Nothing was kept; please try again later.",
            code="storage_unavailable",
        )
