"""The private store: complete or nothing, and never other bytes than those that were stored."""

import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from django.conf import LazySettings

from imr.core import storage
from imr.core.errors import UnavailableError


@pytest.fixture(autouse=True)
def root(settings: LazySettings, tmp_path: Path) -> Path:
    settings.IMR_DOCUMENT_ROOT = str(tmp_path / "documents")
    return tmp_path / "documents"


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_stored_bytes_come_back_under_their_digest(root: Path) -> None:
    stored = storage.store([b"one ", b"two"])
    assert stored.sha256 == hashlib.sha256(b"one two").hexdigest()
    assert stored.size == 7
    assert b"".join(storage.chunks_of(storage.open_verified(stored.sha256))) == b"one two"
    assert storage.store_bytes(b"one two") == stored
    assert len(_files(root)) == 1
    assert stat.S_IMODE(_files(root)[0].stat().st_mode) == 0o600


def test_changed_or_missing_bytes_are_never_opened() -> None:
    stored = storage.store_bytes(b"right")
    storage.local_path(stored.sha256).write_bytes(b"wrong")
    with pytest.raises(storage.IntegrityError, match="integrity"):
        storage.open_verified(stored.sha256)
    storage.local_path(stored.sha256).unlink()
    with pytest.raises(storage.IntegrityError, match="missing"):
        storage.open_verified(stored.sha256)


def test_interrupted_upload_leaves_no_stump(root: Path) -> None:
    def cut() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(UnavailableError):
        storage.store(cut())
    assert _files(root) == []


def test_full_disk_is_said_in_words_and_leaves_no_stump(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnavailableError, match="could not store"):
        storage.store_bytes(b"x")
    assert _files(root) == []


def test_leftovers_of_dead_writers_go_and_those_of_living_ones_stay(root: Path) -> None:
    stored = storage.store_bytes(b"kept")
    old, fresh = root / "incoming" / "old", root / "incoming" / "fresh"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert storage.remove_leftovers(older_than=timedelta(days=1)) == 1
    assert set(_files(root)) == {fresh, storage.local_path(stored.sha256)}


def test_opening_is_noted_once_the_bytes_are_proved_and_a_failed_note_closes_them(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = storage.store_bytes(b"a record")
    noted: list[str] = []
    with storage.open_noted(stored.sha256, lambda: noted.append("opened")) as handle:
        assert handle.read() == b"a record"
    assert noted == ["opened"]

    opened: list[BinaryIO] = []
    real = storage.open_verified

    def watched(sha256: str) -> BinaryIO:
        opened.append(real(sha256))
        return opened[-1]

    monkeypatch.setattr(storage, "open_verified", watched)
    with pytest.raises(ZeroDivisionError):
        storage.open_noted(stored.sha256, lambda: 1 // 0)
    assert opened[0].closed

    monkeypatch.undo()
    storage.local_path(stored.sha256).write_bytes(b"another")
    with pytest.raises(storage.IntegrityError):
        storage.open_noted(stored.sha256, lambda: noted.append("changed"))
    assert noted == ["opened"]
