"""Looks into a PDF that nobody trusts yet. Runs as a program of its own, in a process with hard limits.

    python pdf_probe.py FILE MAX_PAGES SECONDS_FOR_TEXT

Prints one JSON object: either `{"refused": code}` or the facts of the file. It imports nothing of the project, so
that it starts fast and a damaged file can harm nothing but itself (`pdf_cage`). Streams are not decoded to look at the
structure; only page contents are, to see which pages hold text.
"""

import io
import json
import re
import runpy
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 30
MAX_PAGE_POINTS = 14_400
MAX_IMAGE_PIXELS = 300_000_000
MAX_TREE_DEPTH = 64
MAX_OBJECTS = 3_000_000
TEXT_SHOWN = re.compile(rb"\)\s*(?:Tj|')|>\s*Tj|\]\s*TJ|\)\s*\"")
SCRIPTS = {"/JavaScript", "/Rendition"}
ACTIONS = {"/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/RichMediaExecute"}


class RefusedError(Exception):
    """The file may not be taken in; the code says why."""


def main(file: BinaryIO, max_pages: int, seconds_for_text: float) -> dict[str, Any]:
    try:
        pdf = pikepdf.open(file, attempt_recovery=True, suppress_warnings=True, access_mode=pikepdf.AccessMode.mmap)
    except pikepdf.PasswordError:
        return {"refused": "password"}
    except pikepdf.PdfError:
        return {"refused": "damaged"}
    with pdf:
        try:
            _refuse_active(pdf)
            pages = _pages(pdf, max_pages)
            for page in pages:
                _refuse_huge(page)
            with_text = _pages_with_text(pages, time.monotonic() + seconds_for_text)
        except RefusedError as error:
            return {"refused": str(error)}
        except pikepdf.PdfError:
            return {"refused": "damaged"}
        if any("reconstruct" in str(line) or "file is damaged" in str(line) for line in pdf.get_warnings()):
            return {"refused": "damaged"}
        return {"pages": len(pages), "pages_with_text": with_text, "is_restricted": bool(pdf.is_encrypted)}


def _refuse_active(pdf: Any) -> None:
    """Nothing in the file runs, sends, opens or carries anything (scripts, actions, attached files, XFA)."""
    if (form := pdf.Root.get("/AcroForm")) is not None and "/XFA" in form:
        raise RefusedError("xfa")
    for at, value in enumerate(_dictionaries(pdf)):
        if at > MAX_OBJECTS:
            raise RefusedError("too_complex")
        keys = set(value.keys())
        kind = str(value.get("/S", ""))
        if kind in SCRIPTS or "/JS" in keys or "/AA" in keys or "/JavaScript" in keys:
            raise RefusedError("scripts")
        if kind in ACTIONS:
            raise RefusedError("actions")
        if "/EmbeddedFiles" in keys or "/EF" in keys or str(value.get("/Type", "")) == "/EmbeddedFile":
            raise RefusedError("attached_files")
        if "/RichMediaContent" in keys:
            raise RefusedError("attached_files")
        if str(value.get("/Subtype", "")) == "/Image":
            width, height = _number(value.get("/Width")), _number(value.get("/Height"))
            if width * height > MAX_IMAGE_PIXELS:
                raise RefusedError("huge_image")


def _dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary of the file, direct ones inside of others too; streams by their dictionary alone."""
    containers = (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream)
    stack = [pdf.trailer]
    for entry in pdf.objects:
        stack.append(entry)
        while stack:
            value = stack.pop()
            if isinstance(value, pikepdf.Array):
                stack.extend(one for one in value if isinstance(one, containers) and not one.is_indirect)
                continue
            if isinstance(value, pikepdf.Stream):
                value = value.stream_dict
            if isinstance(value, pikepdf.Dictionary):
                yield value
                stack.extend(
                    one for one in value.as_dict().values() if isinstance(one, containers) and not one.is_indirect
                )


def _pages(pdf: Any, max_pages: int) -> list[Any]:
    """The leaves of the page tree, found by walking it; what the file says of its length is not believed."""
    root = pdf.Root.get("/Pages")
    found: list[Any] = []
    stack: list[tuple[Any, int, frozenset[Any]]] = [(root, 0, frozenset())]
    while stack:
        node, depth, path = stack.pop()
        if not isinstance(node, pikepdf.Dictionary) or depth > MAX_TREE_DEPTH or node.objgen in path:
            raise RefusedError("damaged")
        kids = node.get("/Kids")
        if kids is None:
            found.append(node)
            if len(found) > max_pages:
                raise RefusedError("too_many_pages")
            continue
        if not isinstance(kids, pikepdf.Array):
            raise RefusedError("damaged")
        if len(kids) > max_pages:
            raise RefusedError("too_many_pages")
        inside = path | {node.objgen} if node.is_indirect else path
        stack.extend((kid, depth + 1, inside) for kid in reversed(list(kids)))
    if not found:
        raise RefusedError("no_pages")
    return found


def _refuse_huge(page: Any) -> None:
    box = _inherited(page, "/MediaBox")
    if box is None:
        return
    try:
        left, bottom, right, top = (float(side) for side in box)
        unit = float(page.get("/UserUnit", 1))
    except (TypeError, ValueError) as error:
        raise RefusedError("damaged") from error
    if max(abs(right - left), abs(top - bottom)) * unit > MAX_PAGE_POINTS:
        raise RefusedError("huge_page")


def _inherited(page: Any, name: str) -> Any:
    node, depth = page, 0
    while node is not None and depth <= MAX_TREE_DEPTH:
        if name in node:
            return node[name]
        node, depth = node.get("/Parent"), depth + 1
    return None


def _pages_with_text(pages: list[Any], deadline: float) -> int:
    """How many pages show text; those not looked at before `deadline` count as the share found so far."""
    count = 0
    for at, page in enumerate(pages):
        if time.monotonic() > deadline:
            return round(count * len(pages) / at) if at else 0
        count += _shows_text(page.get("/Contents"), _inherited(page, "/Resources"), depth=0)
    return count


def _shows_text(contents: Any, resources: Any, depth: int) -> bool:
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    for part in parts:
        if isinstance(part, pikepdf.Stream):
            try:
                if TEXT_SHOWN.search(part.read_bytes()):
                    return True
            except pikepdf.PdfError as error:
                # What is out of proportion to its size ends at the memory limit, inside of the library.
                raise RefusedError("too_complex" if "bad_alloc" in str(error) else "damaged") from error
    if depth >= 3 or not isinstance(resources, pikepdf.Dictionary):
        return False
    drawn = resources.get("/XObject")
    if not isinstance(drawn, pikepdf.Dictionary):
        return False
    return any(
        isinstance(one, pikepdf.Stream)
        and str(one.get("/Subtype", "")) == "/Form"
        and _shows_text(one, one.get("/Resources"), depth + 1)
        for one in drawn.as_dict().values()
    )


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def warm_up() -> None:
    """What the library opens at its first use (the source of random numbers) cannot be opened inside of the cage."""
    ours = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(ours, encryption=pikepdf.Encryption(owner="x"))
    pikepdf.open(ours).close()


if __name__ == "__main__":
    warm_up()
    cage = runpy.run_path(str(Path(__file__).with_name("pdf_cage.py")))
    try:
        file = cage["enclose"](sys.argv[1], memory=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
        answer = main(file, int(sys.argv[2]), float(sys.argv[3]))
    except (MemoryError, RecursionError):
        answer = {"refused": "too_complex"}
    sys.stdout.write(json.dumps(answer))
