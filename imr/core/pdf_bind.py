"""Puts pages of PDFs into one, or turns pages of one. Runs as a program of its own, in a process with hard limits.

    python pdf_bind.py < PLAN

PLAN is one JSON object: `sources` (paths), `target` (path), `title`, `outline`, bookmarks with `title`, `page`
(from 0) and `kids`, and `labels`: from `page` on pages are called `prefix` and a number that begins at 1. With `pages`
(numbers from 1, in the order in which they are wanted) the one source gives only these. With `turns`, `[page, degrees]`
each, the one source stays as it is but for the pages that are turned right by so much. Prints `{"pages": [...]}`: how
many pages each source gave, 0 for one that cannot be read. It imports nothing of the project. Pages are copied as they
are, streams without being decoded; until the whole is saved the program holds them.
"""

import io
import json
import runpy
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf

MEMORY_BYTES = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 110
OUTPUT_BYTES = 8 * 1024 * 1024 * 1024
OPEN_FILES = 512


def main(
    sources: Sequence[BinaryIO],
    target: BinaryIO,
    title: str,
    outline: list[Any],
    labels: list[Any],
    *,
    chosen: Sequence[int] = (),
) -> list[int]:
    """Write the pages of all sources, or those that are `chosen`, to `target`; returns how many each gave."""
    # What is copied is read from its source while the whole is saved, so the sources stay open until then.
    opened: list[pikepdf.Pdf] = []
    with pikepdf.new() as whole:
        counts = [_append(whole, source, opened, chosen) for source in sources]
        if outline:
            with whole.open_outline() as bookmarks:
                bookmarks.root.extend(_item(one) for one in outline)
            whole.Root.PageMode = pikepdf.Name.UseOutlines
        if labels:
            whole.Root.PageLabels = pikepdf.Dictionary(Nums=_labels(labels))
        if title:
            whole.docinfo["/Title"] = title
        whole.save(target, deterministic_id=True, compress_streams=False)
        for one in opened:
            one.close()
    return counts


def turn(source: BinaryIO, target: BinaryIO, turns: Sequence[tuple[int, int]]) -> list[int]:
    """Write the file with those pages turned; bookmarks, forms and all else stay. Returns how many pages it has."""
    with pikepdf.open(source, suppress_warnings=True, access_mode=pikepdf.AccessMode.stream) as pdf:
        for page, degrees in turns:
            pdf.pages[page - 1].rotate(degrees, relative=True)
        pdf.save(target, deterministic_id=True, compress_streams=False)
        return [len(pdf.pages)]


def _append(whole: pikepdf.Pdf, source: BinaryIO, opened: list[pikepdf.Pdf], chosen: Sequence[int] = ()) -> int:
    before = len(whole.pages)
    try:
        pdf = pikepdf.open(source, suppress_warnings=True, access_mode=pikepdf.AccessMode.stream)
        opened.append(pdf)
        if "/AcroForm" in pdf.Root:
            # The answers of a form belong to the whole file; drawn on the pages they come along.
            with suppress(pikepdf.PdfError, RuntimeError):
                pdf.generate_appearance_streams()
                pdf.flatten_annotations()
        if chosen:
            # Pages often share one list of all pictures of the file: each takes along only what it shows.
            pdf.remove_unreferenced_resources()
            whole.pages.extend(pdf.pages[number - 1] for number in chosen)
        else:
            whole.pages.extend(pdf.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, TypeError, ValueError, IndexError):
        del whole.pages[before:]
    return len(whole.pages) - before


def _item(one: dict[str, Any]) -> pikepdf.OutlineItem:
    item = pikepdf.OutlineItem(one["title"], one["page"])
    item.children.extend(_item(kid) for kid in one.get("kids", ()))
    return item


def _labels(labels: list[Any]) -> pikepdf.Array:
    numbers = pikepdf.Array()
    for one in labels:
        numbers.append(one["page"])
        numbers.append(pikepdf.Dictionary(S=pikepdf.Name.D, P=pikepdf.String(one["prefix"])))
    return numbers


def warm_up() -> None:
    """What the library opens at its first use cannot be opened inside of the cage."""
    ours = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(ours, encryption=pikepdf.Encryption(owner="x"))
    pikepdf.open(ours).close()


if __name__ == "__main__":
    plan = json.load(sys.stdin)
    warm_up()
    files = [Path(source).open("rb") for source in plan["sources"]]  # noqa: SIM115  open for the life of the program
    room = sum(Path(source).stat().st_size for source in plan["sources"])
    with Path(plan["target"]).open("w+b") as out:
        cage = runpy.run_path(str(Path(__file__).with_name("pdf_cage.py")))
        # The sources are mapped, which counts as address space and is no memory of this program.
        cage["lock"](memory=MEMORY_BYTES + room, cpu_seconds=CPU_SECONDS, output=OUTPUT_BYTES, files=OPEN_FILES)
        if plan.get("turns"):
            pages = turn(files[0], out, plan["turns"])
        else:
            pages = main(files, out, plan["title"], plan["outline"], plan["labels"], chosen=plan.get("pages", ()))
    sys.stdout.write(json.dumps({"pages": pages}))
