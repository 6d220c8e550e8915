"""The QR codes on the pages of a stored PDF, read in a child process with limits (`qr_probe`)."""

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

# Under the time limit of a task.
WALL_SECONDS: Final = 90
_PROBE: Final = Path(__file__).with_name("qr_probe.py")


class QrReadingError(Exception):
    """The pages could not be read to their end."""


@dataclass(frozen=True, slots=True)
class PageCodes:
    """The texts of the QR codes on a page; `unreadable` when there is one that nothing could be made of."""

    page: int
    texts: tuple[str, ...]
    unreadable: bool = False


def read_qr_codes(path: Path, *, first: int, last: int) -> tuple[PageCodes, ...]:
    """What is on the pages `first` to `last` of the PDF at `path`.

    Takes at most 90 seconds and, in a process of its own, 1 GB of memory and 80 seconds of CPU time. Raises
    `QrReadingError` when not all of the pages were read.
    """
    with tempfile.TemporaryFile("w+", prefix="imr-qr-", encoding="ascii", errors="replace") as out:
        try:
            subprocess.run(  # noqa: S603  our own program and a path of ours
                [sys.executable, "-I", str(_PROBE), str(path), str(first), str(last)],
                stdout=out,
                stderr=subprocess.DEVNULL,
                timeout=WALL_SECONDS,
                check=False,
                env={"PATH": "", "LC_ALL": "C.UTF-8"},
            )
        except subprocess.TimeoutExpired as error:
            raise QrReadingError("timeout") from error
        out.seek(0)
        found = _answer(out)
    if len(found) != last - first + 1:
        logger.warning("qr_reading_ended_early", extra={"pages": len(found)})
        raise QrReadingError("pages are missing")
    return found


def _answer(lines: Iterable[str]) -> tuple[PageCodes, ...]:
    found: list[PageCodes] = []
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError as error:
            raise QrReadingError("limit") from error
        if isinstance(value, dict):
            if value["problem"]:
                raise QrReadingError(str(value["problem"]))
            return tuple(found)
        found.append(PageCodes(int(value[0]), tuple(value[1]), bool(value[2])))
    raise QrReadingError("limit")
