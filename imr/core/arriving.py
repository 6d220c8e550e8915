"""Uploads that arrive in pieces: one file each beside the store, which grows until it is whole.

How much has arrived is the length of that file and nothing else, so a process that is killed loses only what the disk
had not taken yet. One writer at a time: the lock belongs to the open file and ends with its process.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from imr.core import clock
from imr.core.errors import ConflictError, DomainError, UnavailableError

DIGESTS: Final = ("sha1", "sha256")
_COPY: Final = 1024 * 1024


class BusyError(ConflictError):
    """Another request is writing to the same upload, or taking it in (HTTP 423)."""

    status = 423
    code = "upload_busy"


class OffsetError(ConflictError):
    """The piece does not begin where the upload ends (HTTP 409)."""

    code = "wrong_offset"


class ChecksumError(DomainError):
    """The piece arrived changed and nothing of it was kept (HTTP 460, as the tus protocol has it)."""

    status = 460
    code = "checksum_mismatch"


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the digest of a piece must be; `algorithm` is one of `DIGESTS`."""

    algorithm: str
    digest: bytes


def received(token: UUID) -> int:
    """How many bytes of the upload have arrived."""
    try:
        return _path(token).stat().st_size
    except FileNotFoundError:
        return 0


def append(token: UUID, chunks: Iterable[bytes], *, offset: int, size: int, checksum: Checksum | None = None) -> int:
    """The piece is on disk behind what was there; returns how many bytes have arrived by now, at most `size`.

    `chunks` may end early, when the connection was cut: what came is kept, unless a checksum was promised for the
    whole piece. Raises `BusyError`, `OffsetError`, `ChecksumError`, and `UnavailableError` when the disk refuses; in
    all of these nothing of the piece is kept.
    """
    with _storing(), _exclusive(token, create=True) as handle:
        here = os.fstat(handle).st_size
        if here != offset:
            raise OffsetError(f"The upload goes on at byte {here:,}, not at {offset:,}.")
        source = chunks if checksum is None else _verified(chunks, checksum)
        try:
            for chunk in source:
                _write(handle, chunk[: size - here])
                here += min(len(chunk), size - here)
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, offset)
            raise
        return here


@contextmanager
def whole(token: UUID) -> Iterator[Path]:
    """The file of the upload, for reading, while nobody else may write to it or take it in. Raises `BusyError`.

    `FileNotFoundError` when nothing is there.
    """
    with _exclusive(token, create=False):
        yield _path(token)


def drop(token: UUID) -> None:
    """Nothing of the upload is kept."""
    with suppress(FileNotFoundError):
        _path(token).unlink()


def tokens(*, untouched_for: timedelta) -> list[UUID]:
    """The uploads on disk to which nothing was added for so long."""
    limit = (clock.now() - untouched_for).timestamp()
    found = []
    for path in _root().glob("*"):
        with suppress(FileNotFoundError, ValueError):
            if path.stat().st_mtime < limit:
                found.append(UUID(hex=path.name))
    return found


def touched_at(token: UUID) -> datetime | None:
    """When the last byte came; None when none did."""
    try:
        return datetime.fromtimestamp(_path(token).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


@contextmanager
def _storing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            "We could not store the file just now. Nothing of this part was kept; please try again in a few minutes.",
            code="storage_unavailable",
        ) from error


@contextmanager
def _exclusive(token: UUID, *, create: bool) -> Iterator[int]:
    path = _path(token)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
    if create:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags |= os.O_CREAT
    handle = os.open(path, flags, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError("This upload is being worked on. Try again in a moment.") from error
        yield handle
    finally:
        os.close(handle)


def _verified(chunks: Iterable[bytes], checksum: Checksum) -> Iterator[bytes]:
    """The bytes of `chunks`, after all of them came and had the promised digest."""
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False)
    with tempfile.TemporaryFile(dir=_root()) as aside:
        for chunk in chunks:
            digest.update(chunk)
            aside.write(chunk)
        if digest.digest() != checksum.digest:
            raise ChecksumError("This part of the file arrived changed. It will be sent again.")
        aside.seek(0)
        while chunk := aside.read(_COPY):
            yield chunk


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _root() -> Path:
    return Path(settings.IMR_DOCUMENT_ROOT) / "arriving"


def _path(token: UUID) -> Path:
    return _root() / token.hex
