"""Private document store: bytes under their SHA-256, outside the web root, never under a public address.

The same bytes have the same name, so a second writer overwrites nothing different, and a read can always prove
that what is served is what was stored.
"""

import hashlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from imr.core.errors import DomainError, UnavailableError

logger = logging.getLogger(__name__)

CHUNK = 1024 * 1024
MOST_REMEMBERED = 1_000
# What the files of these digests looked like when this process verified them.
_verified: dict[str, tuple[int, int, int, int]] = {}


class IntegrityError(DomainError):
    """The stored bytes are missing or no longer have the recorded SHA-256 (HTTP 500-class page)."""

    status = 500
    code = "integrity_failed"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`sha256` is lower-case hexadecimal, `size` in bytes."""

    sha256: str
    size: int


def store(chunks: Iterable[bytes]) -> StoredFile:
    """Write the bytes and return their digest and size; they are on disk, complete, or nothing is kept.

    Raises `UnavailableError` when the disk refuses (full, read-only); no partial file stays behind.
    """
    root = Path(settings.IMR_DOCUMENT_ROOT)
    digest = hashlib.sha256()
    size = 0
    temporary: str | None = None
    try:
        (root / "incoming").mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=root / "incoming")
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        final = _path(digest.hexdigest())
        final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(temporary).replace(final)
        temporary = None
    except OSError as error:
        raise UnavailableError(
            "We could not store the file just now. Nothing was kept; please try again in a few minutes.",
            code="storage_unavailable",
        ) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
    return StoredFile(sha256=digest.hexdigest(), size=size)


def store_bytes(data: bytes) -> StoredFile:
    """`store` for what is in memory already."""
    return store([data])


def open_verified(sha256: str) -> BinaryIO:
    """The stored bytes, open for reading at the start, after their digest was checked.

    Raises `IntegrityError` when the file is missing or was changed.
    """
    try:
        handle = _path(sha256).open("rb")
    except OSError as error:
        logger.exception("stored_file_missing")
        raise IntegrityError("The stored file is missing. The operators have been told.") from error
    if hashlib.file_digest(handle, "sha256").hexdigest() != sha256:
        handle.close()
        logger.error("stored_file_changed")
        raise IntegrityError("The stored file did not pass its integrity check. It was not sent.")
    handle.seek(0)
    return handle


def open_unchanged(sha256: str) -> BinaryIO:
    """As `open_verified`, but a file of which nothing changed since this process verified it is not read again.

    For the parts of a large file that a viewer asks for one by one: a digest of the whole for each of them would take
    longer than the part. Size, times and inode stand for "nothing changed".
    """
    try:
        state = _state(sha256)
    except OSError:
        # Says what is missing.
        return open_verified(sha256)
    if _verified.get(sha256) == state:
        return _path(sha256).open("rb")
    handle = open_verified(sha256)
    if len(_verified) >= MOST_REMEMBERED:
        _verified.clear()
    _verified[sha256] = state
    return handle


def open_noted(sha256: str, note: Callable[[], object], *, is_part: bool = False) -> BinaryIO:
    """As `open_verified`, or `open_unchanged` for a part, once `note` has put the opening on record.

    What was changed is not noted as opened, and when the note fails the file is closed again.
    """
    handle = open_unchanged(sha256) if is_part else open_verified(sha256)
    try:
        note()
    except BaseException:
        handle.close()
        raise
    return handle


def destroy(sha256: str) -> None:
    """The bytes are gone for good. Only for what must not exist: everything else is kept."""
    with suppress(FileNotFoundError):
        _path(sha256).unlink()


def local_path(sha256: str) -> Path:
    """Where the bytes lie, for libraries that want a file name. It may not exist."""
    return _path(sha256)


def chunks_of(handle: BinaryIO) -> Iterator[bytes]:
    """The rest of `handle` in pieces of at most 1 MiB; closes it at the end."""
    with handle:
        while chunk := handle.read(CHUNK):
            yield chunk


def remove_leftovers(*, older_than: timedelta) -> int:
    """Temporary files of writers that died, not written to for so long, are gone; returns how many there were."""
    limit = time.time() - older_than.total_seconds()
    removed = 0
    for path in (Path(settings.IMR_DOCUMENT_ROOT) / "incoming").glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < limit:
                path.unlink()
                removed += 1
    return removed


def free_bytes() -> int:
    """Bytes left on the store's disk."""
    root = Path(settings.IMR_DOCUMENT_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return shutil.disk_usage(root).free


def _state(sha256: str) -> tuple[int, int, int, int]:
    found = _path(sha256).stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _path(sha256: str) -> Path:
    return Path(settings.IMR_DOCUMENT_ROOT) / sha256[:2] / sha256[2:4] / sha256
