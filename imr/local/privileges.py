"""The account PostgreSQL runs under: it refuses to run as root.

Started by root it gets an unprivileged account. Where that account may not enter the project's folder (a clone
in /root), the process keeps one capability, to pass file permissions, instead of having the folder opened.
"""

import ctypes
import os
import pwd
import stat
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from imr.local.paths import postgres_socket_directory

_CAP_DAC_OVERRIDE: Final = 1
_PR_CAP_AMBIENT: Final = 47
_PR_CAP_AMBIENT_RAISE: Final = 2
_PR_SET_SECUREBITS: Final = 28
# Without it access(2), which PostgreSQL asks before it starts its parts, leaves capabilities out.
_SECBIT_NO_SETUID_FIXUP: Final = 1 << 2
_CAPABILITY_VERSION_3: Final = 0x20080522


class UnreachableError(Exception):
    """No account can run PostgreSQL here; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who a server runs as; without a `uid`, whoever runs this process."""

    uid: int | None = None
    gid: int | None = None
    override: bool = False

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def popen_arguments(self) -> dict[str, Any]:
        """Keyword arguments of `subprocess` that start the program as this account, with umask 077."""
        if self.uid is None or self.gid is None:
            return {"umask": 0o077}
        if self.override:
            return {"umask": 0o077, "preexec_fn": _drop_keeping_override(self.uid, self.gid)}
        return {"umask": 0o077, "user": self.uid, "group": self.gid, "extra_groups": []}


def postgres_account(data: Path, binaries: Path) -> Account:
    """The account for the cluster in `data`. As root, that is its owner, or `nobody` for a new one.

    Raises `UnreachableError` when the data belong to somebody else, or the account cannot reach the files.
    """
    owner = data.stat().st_uid if (data / "PG_VERSION").exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise UnreachableError(f"{data} belongs to {_name(owner)}: run this as root, or move .local away.")
        return Account()
    entry = pwd.getpwuid(owner) if owner else _unprivileged()
    sockets = postgres_socket_directory()
    os.chown(sockets, entry.pw_uid, entry.pw_gid)
    needed = (binaries / "postgres", binaries.parent / "share", data.parent, sockets.parent)
    reachable = all(map(_open_to_others, needed))
    return Account(entry.pw_uid, entry.pw_gid, override=not reachable)


def _unprivileged() -> pwd.struct_passwd:
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return entry
    raise UnreachableError("PostgreSQL does not run as root and there is no account `nobody`: run this as a user.")


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return f"user {uid}"


def _open_to_others(path: Path) -> bool:
    """Whether any account can read and enter `path` and pass every folder above it."""
    if not path.stat().st_mode & stat.S_IROTH and path.is_file():
        return False
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.resolve().parents))


def _drop_keeping_override(uid: int, gid: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)
    bit = 1 << _CAP_DAC_OVERRIDE
    header = ctypes.create_string_buffer(struct.pack("Ii", _CAPABILITY_VERSION_3, 0))
    # effective, permitted, inheritable: once for capabilities 0-31, once for the rest.
    data = ctypes.create_string_buffer(struct.pack("6I", bit, bit, bit, 0, 0, 0))

    def drop() -> None:
        libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        if libc.capset(header, data) or libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0):
            os._exit(126)

    return drop
