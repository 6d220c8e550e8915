"""Receiving large files: a limit for each while it arrives, and for the whole request before it is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, cast

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from imr.core.pdf_intake import MAX_BYTES, refused_file

MAX_REQUEST_BYTES: Final = 2 * 1024 * 1024 * 1024


class LimitedUploadHandler(FileUploadHandler):
    """Drops a file as soon as it is larger than `MAX_BYTES`; its name is then in `request.oversized_files`."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0
        self.oversized: list[str] = []
        if request is not None:
            request.oversized_files = self.oversized  # type: ignore[attr-defined]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            self.oversized.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""


def takes_uploads[R: HttpRequest, **P](
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """A view whose files go to disk and are limited. A request that is too large as a whole gets 413, unread.

    The form's token is checked after the limits are set, for to check it the whole request has to be read.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapper(request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            length = request.META.get("CONTENT_LENGTH") or "0"
            if not length.isdigit() or int(length) > MAX_REQUEST_BYTES:
                raise refused_file("too_large")
            limit_uploads(request)
        return protected(request, *args, **kwargs)

    return cast("Callable[Concatenate[R, P], HttpResponseBase]", wrapper)


def limit_uploads(request: HttpRequest) -> None:
    """Have the files of this request, of which nothing was read yet, go to disk and be limited."""
    request.upload_handlers = [LimitedUploadHandler(request), TemporaryFileUploadHandler(request)]


def oversized_files(request: HttpRequest) -> list[str]:
    """Names of the files of this request that were too large, after the request was read."""
    return list(getattr(request, "oversized_files", ()))
