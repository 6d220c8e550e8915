"""Makes some pages of a scanned PDF searchable. Runs as a program of its own, with limits.

    python ocr_slice.py SOURCE FIRST LAST TARGET        pages FIRST to LAST, counted from 1, as a PDF with a text layer
    python ocr_slice.py --join TARGET PART...           the parts one after another

Pages that hold text already are left as they are. It imports nothing of the project. Tesseract reads pictures of pages
as other programs draw them, so the file has passed the intake before; there is no network where the kernel allows it.
"""

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

import pikepdf

MEMORY_BYTES = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 110
OUTPUT_BYTES = 1024 * 1024 * 1024


def recognize(source: str, first: int, last: int, target: str) -> int:
    import ocrmypdf

    part = f"{target}.pages"
    with pikepdf.open(source) as pdf, pikepdf.new() as pages:
        pages.pages.extend(pdf.pages[first - 1 : last])
        pages.save(part)
    return int(
        ocrmypdf.ocr(
            part,
            target,
            mode="skip",
            output_type="pdf",
            rasterizer="pypdfium",
            optimize=0,
            jobs=1,
            use_threads=True,
            tesseract_timeout=40,
            skip_big=100,
            progress_bar=False,
        )
    )


def join(target: str, parts: list[str]) -> int:
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(part) as pdf:
                whole.pages.extend(pdf.pages)
        whole.save(target)
    return 0


if __name__ == "__main__":
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
    ):
        resource.setrlimit(kind, (most, most))
    with suppress(OSError):
        identity = (os.getuid(), os.getgid())
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
        # Files of this account stay this account's inside.
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{identity[0]} {identity[0]} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{identity[1]} {identity[1]} 1", encoding="ascii")
    if sys.argv[1] == "--join":
        sys.exit(join(sys.argv[2], sys.argv[3:]))
    sys.exit(recognize(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
