"""Reads the text of a PDF page by page. Runs as a program of its own, in a process with hard limits.

    python pdf_pages_probe.py FILE MAX_PAGES MAX_CHARACTERS MAX_BYTES

Prints one JSON array a page, `[number, text]`, and at the end `{"problem": ""}` or why it ended early. It imports
nothing of the project, so that it starts fast and a hostile file can harm nothing but itself. A page that cannot be
read gives no text; the others do.
"""

import json
import runpy
import sys
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import pypdfium2

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 120
OUTPUT_BYTES = 256 * 1024 * 1024
PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD


def main(file: BinaryIO, max_pages: int, max_characters: int, max_bytes: int, out: TextIO) -> str:
    """Write a line for every page; returns the problem that ended it, or ""."""
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        return "password" if error.err_code == PASSWORD_NEEDED else "damaged"
    left = max_bytes
    for index in range(min(len(document), max_pages)):
        try:
            text = page_text(document, index, max_characters)
        except (pypdfium2.PdfiumError, UnicodeError):
            text = ""
        left -= len(text)
        if left < 0:
            return "limit"
        out.write(json.dumps([index + 1, text]) + "\n")
    return "limit" if len(document) > max_pages else ""


def page_text(document: Any, index: int, max_characters: int) -> str:
    """The plain text of one page in drawing order, at most `max_characters` long."""
    page = document[index]
    try:
        text_page = page.get_textpage()
        try:
            count = text_page.count_chars()
            return str(text_page.get_text_range(0, min(count, max_characters), errors="replace")) if count > 0 else ""
        finally:
            text_page.close()
    finally:
        page.close()


if __name__ == "__main__":
    cage = runpy.run_path(str(Path(__file__).with_name("pdf_cage.py")))
    try:
        file = cage["enclose"](sys.argv[1], memory=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, output=OUTPUT_BYTES)
        problem = main(file, int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.stdout)
    except (MemoryError, RecursionError):
        problem = "limit"
    sys.stdout.write(json.dumps({"problem": problem}) + "\n")
