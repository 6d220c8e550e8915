"""Text for scanned pages, where OCRmyPDF and Tesseract are installed; elsewhere nothing happens and pages say so."""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

# Under the time limit of a task, with room for storing what was found.
SLICE_SECONDS: Final = 90
_PROGRAM: Final = Path(__file__).with_name("ocr_slice.py")


class RecognitionError(Exception):
    """The pages could not be made searchable."""


@cache
def is_available() -> bool:
    """Whether this machine can read scans."""
    return find_spec("ocrmypdf") is not None and shutil.which("tesseract") is not None


def recognize_pages(source: Path, *, first: int, last: int, target: Path) -> None:
    """`target` is a PDF of the pages `first` to `last` of `source` with a text layer over what was only a picture.

    Takes at most 90 seconds and, in a process of its own, 2 GB of memory. Raises `RecognitionError`.
    """
    _run([str(source), str(first), str(last), str(target)])


def join(parts: Sequence[Path], target: Path) -> None:
    """`target` is a PDF of all pages of `parts`. Raises `RecognitionError`."""
    _run(["--join", str(target), *map(str, parts)])


def _run(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="imr-ocr-") as folder:
        environment = {
            "PATH": os.pathsep.join([str(Path(shutil.which("tesseract") or "").parent), os.defpath]),
            "LC_ALL": "C.UTF-8",
            "TMPDIR": folder,
            # One thread: the other processors have letters to make.
            "OMP_THREAD_LIMIT": "1",
        }
        command = [sys.executable, "-I", str(_PROGRAM), *arguments]
        try:
            done = subprocess.run(  # noqa: S603  our own program and paths of ours
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=SLICE_SECONDS,
                check=False,
                env=environment,
            )
        except subprocess.TimeoutExpired as error:
            raise RecognitionError("timeout") from error
    if done.returncode:
        logger.warning("recognition_failed", extra={"status": done.returncode})
        raise RecognitionError(f"status {done.returncode}")
