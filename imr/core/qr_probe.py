"""Reads the QR codes on some pages of a PDF. Runs as a program of its own, in a process with hard limits.

    python qr_probe.py FILE FIRST LAST        pages FIRST to LAST, counted from 1

Prints one JSON array a page, `[number, [texts], unreadable]`, and at the end `{"problem": ""}` or why it ended early.
It imports nothing of the project, so that it starts fast and a hostile file can harm nothing but itself.
"""

import json
import runpy
import sys
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import pypdfium2
import zxingcpp

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 80
OUTPUT_BYTES = 8 * 1024 * 1024
# 150 dots an inch of a letter-size page; larger pages are drawn smaller.
SCALE = 150 / 72
LONGEST_SIDE = 2_600
LONGEST_TEXT = 200
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def main(file: BinaryIO, first: int, last: int, out: TextIO) -> str:
    """Write a line for every page; returns the problem that ended it, or ""."""
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError:
        return "damaged"
    for number in range(first, min(last, len(document)) + 1):
        try:
            texts, unreadable = page_codes(document, number - 1)
        except (pypdfium2.PdfiumError, ValueError):
            texts, unreadable = [], False
        out.write(json.dumps([number, texts, unreadable]) + "\n")
    return ""


def page_codes(document: Any, index: int) -> tuple[list[str], bool]:
    """The texts of the page's QR codes, and whether one is there that cannot be read."""
    page = document[index]
    try:
        width, height = page.get_size()
        scale = min(SCALE, LONGEST_SIDE / max(width, height, 1))
        bitmap = page.render(scale=scale, grayscale=True)
        try:
            picture = memoryview(bitmap.buffer).cast("B", shape=[bitmap.height, bitmap.stride])
            found = zxingcpp.read_barcodes(picture, formats=QR_CODES, return_errors=True)
        finally:
            bitmap.close()
    finally:
        page.close()
    texts = [str(code.text)[:LONGEST_TEXT] for code in found if code.valid]
    return texts, any(not code.valid for code in found)


if __name__ == "__main__":
    cage = runpy.run_path(str(Path(__file__).with_name("pdf_cage.py")))
    try:
        source = cage["enclose"](sys.argv[1], memory=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, output=OUTPUT_BYTES)
        problem = main(source, int(sys.argv[2]), int(sys.argv[3]), sys.stdout)
    except (MemoryError, RecursionError):
        problem = "limit"
    sys.stdout.write(json.dumps({"problem": problem}) + "\n")
