"""Virus check of files by clamd, where the operator has one. No answer is never taken for a good one."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

logger = logging.getLogger(__name__)

PING_SECONDS: Final = 2.0


class ScannerError(Exception):
    """The scanner is away, too slow, or answered with an error: nothing is known about the file."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The scanner's answer; `signature` names the virus, empty when none was found."""

    signature: str

    @property
    def is_clean(self) -> bool:
        return not self.signature


@dataclass(frozen=True, slots=True)
class ScannerState:
    """Whether there is a scanner, and what it says of itself; `version` is empty when it does not answer."""

    is_configured: bool
    version: str = ""


def is_configured() -> bool:
    return settings.IMR_CLAMD_ADDRESS is not None


def scan(path: Path, *, seconds: float) -> Scan:
    """What clamd says of the file. Raises `ScannerError` when there is no answer in about so many seconds."""
    with path.open("rb") as handle:
        found = _ask(lambda clamd: clamd.instream(_Timed(handle, seconds)), seconds)
    status, reason = next(iter(found.values()), ("ERROR", "no answer"))
    if status == "OK":
        return Scan("")
    if status == "FOUND":
        return Scan(reason or "unnamed")
    raise ScannerError(str(reason))


def scanner_state() -> ScannerState:
    """Asks the scanner for its version, for two seconds at most. Never raises."""
    if not is_configured():
        return ScannerState(is_configured=False)
    try:
        return ScannerState(is_configured=True, version=_ask(lambda clamd: clamd.version(), PING_SECONDS))
    except ScannerError:
        return ScannerState(is_configured=True)


class _Timed:
    """A file that ends the scan when its time is over: each step alone may be quick."""

    def __init__(self, handle: BinaryIO, seconds: float) -> None:
        self.handle, self.deadline = handle, monotonic() + seconds

    def read(self, size: int) -> bytes:
        if monotonic() > self.deadline:
            raise ScannerError("too slow")
        return self.handle.read(size)


def _ask(question: Callable[[Any], Any], seconds: float) -> Any:
    address = settings.IMR_CLAMD_ADDRESS
    if address is None:
        raise ScannerError("no scanner is configured")
    if isinstance(address, str):
        clamd: Any = ClamdUnixSocket(address, timeout=max(1, int(seconds)))
    else:
        clamd = ClamdNetworkSocket(*address, timeout=seconds)
    try:
        return question(clamd)
    except (ClamdError, OSError, ValueError) as error:
        # Its words may hold a path; the kind is enough.
        logger.warning("scanner_failed", extra={"error": type(error).__name__})
        raise ScannerError(type(error).__name__) from error
    finally:
        # The client leaves its socket open when there is nobody to connect to.
        if (link := getattr(clamd, "clamd_socket", None)) is not None:
            link.close()
