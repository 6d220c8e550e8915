"""Takes some pages of a PDF into one of their own. Runs as a program of its own, in a process with hard limits.

    python pdf_cut.py SOURCE FIRST LAST TARGET        pages FIRST to LAST, counted from 1

The same pages always give the same bytes. It imports nothing of the project.
"""

import io
import runpy
import sys
from pathlib import Path
from typing import BinaryIO

import pikepdf

MEMORY_BYTES = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 80
OUTPUT_BYTES = 512 * 1024 * 1024


def main(source: BinaryIO, first: int, last: int, target: BinaryIO) -> None:
    """Write the pages to `target`."""
    with pikepdf.open(source, access_mode=pikepdf.AccessMode.stream) as pdf, pikepdf.new() as part:
        part.pages.extend(pdf.pages[first - 1 : last])
        part.save(target, deterministic_id=True, compress_streams=False)


def warm_up() -> None:
    """What the library opens at its first use cannot be opened inside of the cage."""
    ours = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(ours, encryption=pikepdf.Encryption(owner="x"))
    pikepdf.open(ours).close()


if __name__ == "__main__":
    warm_up()
    with Path(sys.argv[1]).open("rb") as scan, Path(sys.argv[4]).open("w+b") as out:
        cage = runpy.run_path(str(Path(__file__).with_name("pdf_cage.py")))
        cage["lock"](
            memory=MEMORY_BYTES + Path(sys.argv[1]).stat().st_size, cpu_seconds=CPU_SECONDS, output=OUTPUT_BYTES
        )
        main(scan, int(sys.argv[2]), int(sys.argv[3]), out)
