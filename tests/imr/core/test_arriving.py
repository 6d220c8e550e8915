"""Bytes that arrive in pieces: nothing is counted that is not on disk, and one writer at a time."""

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from imr.core import arriving
from imr.core.arriving import BusyError, Checksum, ChecksumError, OffsetError
from imr.core.errors import UnavailableError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.IMR_DOCUMENT_ROOT = str(tmp_path)
    return tmp_path / "arriving"


def put(token: UUID, *chunks: bytes, offset: int = 0, size: int = 10, checksum: Checksum | None = None) -> int:
    return arriving.append(token, iter(chunks), offset=offset, size=size, checksum=checksum)


def content(token: UUID) -> bytes:
    with arriving.whole(token) as path:
        return path.read_bytes()


def test_pieces_follow_each_other() -> None:
    token = uuid4()

    assert arriving.received(token) == 0
    assert put(token, b"ab", b"cd") == 4
    assert put(token, b"efghij", offset=4) == 10

    assert arriving.received(token) == 10
    assert content(token) == b"abcdefghij"


def test_piece_elsewhere_is_refused_and_more_than_the_size_is_not_kept() -> None:
    token = uuid4()
    put(token, b"abcd")

    for offset in (0, 3, 5):
        with pytest.raises(OffsetError):
            put(token, b"x", offset=offset)
    assert put(token, b"efghijklmnop", offset=4) == 10

    assert content(token) == b"abcdefghij"


def test_what_came_before_the_line_was_cut_is_kept() -> None:
    token = uuid4()

    assert put(token, b"abc") == 3

    assert arriving.received(token) == 3


def test_promised_digest_decides_over_the_whole_piece() -> None:
    token = uuid4()
    right = Checksum("sha256", hashlib.sha256(b"abcd").digest())

    with pytest.raises(ChecksumError):
        put(token, b"ab", b"cX", checksum=right)
    with pytest.raises(ChecksumError):
        put(token, b"ab", checksum=right)  # cut off: what came cannot be checked
    assert arriving.received(token) == 0
    assert put(token, b"ab", b"cd", checksum=right) == 4


def test_one_writer_at_a_time() -> None:
    token = uuid4()

    def interrupted() -> Iterator[bytes]:
        yield b"abc"
        with pytest.raises(BusyError) as raised:
            put(token, b"xyz", offset=3)
        assert raised.value.status == 423
        yield b"def"

    assert arriving.append(token, interrupted(), offset=0, size=6) == 6
    assert content(token) == b"abcdef"


def test_full_disk_keeps_what_was_there_before_the_piece(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """F10: the file is as long as before, not with half a piece."""
    token = uuid4()
    put(token, b"abc")
    write = os.write

    def full(handle: int, data: bytes) -> int:
        if bytes(data) == b"second":
            raise OSError(28, "No space left on device")
        return write(handle, data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(UnavailableError) as raised:
        put(token, b"first ", b"second", offset=3, size=100)

    assert raised.value.status == 503
    assert arriving.received(token) == 3
    assert [path.name for path in folder.iterdir()] == [token.hex]


def test_untouched_uploads_are_named_and_dropped(folder: Path) -> None:
    old, new = uuid4(), uuid4()
    put(old, b"a")
    put(new, b"a")
    (folder / "not-a-token").write_bytes(b"")
    os.utime(folder / old.hex, (1, 1))

    assert arriving.tokens(untouched_for=timedelta(hours=1)) == [old]
    arriving.drop(old)
    arriving.drop(old)
    assert arriving.received(old) == 0
