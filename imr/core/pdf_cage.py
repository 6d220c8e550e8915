"""The cage of a program that reads a file of strangers: what it may use up, and nothing else in reach.

Loaded by path from the programs beside it, which import nothing of the project. Memory, CPU time, open files and
written bytes are limited everywhere. Where the kernel allows it, the program also has no network and sees no file any
more; a container may forbid that (its own walls then stand in its place).
"""

import codecs
import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

# Python loads these at their first use, from files.
ENCODINGS = ("ascii", "latin-1", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig")


def enclose(path: str, *, memory: int, cpu_seconds: int, output: int = 0) -> BinaryIO:
    """Open `path` for reading, then lock the door: the limits hold and nothing else can be opened.

    Whatever the program needs has to be imported before.
    """
    handle = Path(path).open("rb")  # noqa: SIM115  it is the caller's
    lock(memory=memory, cpu_seconds=cpu_seconds, output=output)
    return handle


def lock(*, memory: int, cpu_seconds: int, output: int = 0, files: int = 64) -> None:
    """From now on the limits hold and nothing else can be opened; what is open stays so."""
    for encoding in ENCODINGS:
        codecs.lookup(encoding)
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_NOFILE: files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: output,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))
    with suppress(OSError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET | os.CLONE_NEWIPC)
    with suppress(OSError):
        # The emptiest folder there is: it shows this process's own open files, as numbers.
        os.chroot("/proc/self/fdinfo")
        os.chdir("/")
