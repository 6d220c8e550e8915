"""Parts of a file for a viewer that turns to page 900 without fetching the 899 before it (RFC 9110, section 14)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.http import HttpResponse, StreamingHttpResponse

CHUNK: Final = 256 * 1024
# One part of a request: `bytes=0-499`, `bytes=500-`, `bytes=-500`. Several parts at once are answered with the whole.
_ONE_PART: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `first` to `last` of a file, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class UnsatisfiableRangeError(Exception):
    """The part that was asked for lies outside of the file."""


def asked_part(header: str, size: int) -> ByteRange | None:
    """The part of a file of `size` bytes that a `Range` header asks for; None when the whole is to be sent.

    A header that is no range of bytes counts as none, as the standard has it. Raises `UnsatisfiableRangeError` for a
    part that begins behind the end.
    """
    found = _ONE_PART.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise UnsatisfiableRangeError
        return ByteRange(size - length, size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise UnsatisfiableRangeError
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1)


def continues_opening(header: str) -> bool:
    """Whether a `Range` header asks for a part behind the beginning, as a viewer does that has the beginning."""
    found = _ONE_PART.fullmatch(header.strip())
    return found is not None and not set(found[1]) <= {"0"}


def partial_response(handle: BinaryIO, part: ByteRange, *, size: int, content_type: str) -> StreamingHttpResponse:
    """The bytes of `part` as 206, and the file closed afterwards."""
    response = StreamingHttpResponse(_Part(handle, part), status=206, content_type=content_type)
    response["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    response["Content-Length"] = str(part.length)
    return response


def unsatisfiable_response(size: int) -> HttpResponse:
    """416 with the size, so that the asker can mend the question."""
    response = HttpResponse(status=416)
    response["Content-Range"] = f"bytes */{size}"
    return response


class _Part:
    """The bytes of one part. An object with `close`, which the server calls when the browser hangs up half way."""

    def __init__(self, handle: BinaryIO, part: ByteRange) -> None:
        self.handle = handle
        self.left = part.length
        handle.seek(part.first)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        data = self.handle.read(min(CHUNK, self.left))
        if not data:
            self.close()
            raise StopIteration
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.handle.close()
