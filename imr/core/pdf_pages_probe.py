"""Reads the text of a PDF page by page. Runs as a program of its own, in a process with hard limits.

    python pdf_pages_probe.py FILE MAX_PAGES MAX_CHARACTERS MAX_BYTES

Prints one JSON array a page, `[number, text]`, and at the end `{"problem": ""}` or why it ended early. It imports
nothing of the project, so that it starts fast and a hostile file can harm nothing but itself. A page that cannot be
read gives no text; the others do.
"""

import json
import resource
import sys
from typing import Any, TextIO

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 120
OUTPUT_BYTES = 256 * 1024 * 1024
PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD


def main(path: str, max_pages: int, max_characters: int, max_bytes: int, out: TextIO) -> str:
    """Write a line for every page; returns the problem that ended it, or ""."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
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
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    try:
        problem = main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.stdout)
    except (MemoryError, RecursionError):
        problem = "limit"
    sys.stdout.write(json.dumps({"problem": problem}) + "\n")
