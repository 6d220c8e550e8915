"""What poppler's programs say of a PDF: a reader that we did not write. Where it is absent the test says so."""

import shutil
import subprocess

import pytest


def pdftotext(data: bytes, *options: str) -> bytes:
    """The text layer, UTF-8."""
    return _run("pdftotext", [*options, "-", "-"], data)


def pdfinfo(data: bytes) -> str:
    """One fact a line, "Tagged: yes"."""
    return _run("pdfinfo", ["-"], data).decode()


def _run(program: str, arguments: list[str], data: bytes) -> bytes:
    if shutil.which(program) is None:
        pytest.skip(f"{program} was not found; run `sudo apt-get install poppler-utils`.")
    return subprocess.run([program, *arguments], input=data, capture_output=True, check=True).stdout
