"""What a tagged PDF has to hold for PDF/UA-1, as far as it can be told from its structure."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from tests.factories.letters_text import text_of

_PAINTS = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "BI"}
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


def structure_problems(data: bytes) -> list[str]:
    """A sentence for each thing that is wrong; empty for a document that is right."""
    with pikepdf.open(io.BytesIO(data)) as document:
        nodes = list(_nodes(document.Root.StructTreeRoot))
        return [
            *_catalog_problems(document),
            *_heading_problems(document, [str(node.S) for node in nodes]),
            *_table_problems(nodes),
            *_figure_problems(nodes),
            *_content_problems(document),
            *_font_problems(document),
            *_link_problems(document),
            *_box_problems(document, data),
        ]


def tags_of(data: bytes) -> list[str]:
    """The types of all structure elements in reading order, as `/P`."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return [str(node.S) for node in _nodes(document.Root.StructTreeRoot)]


def alternatives_of(data: bytes) -> list[str]:
    """The text alternatives of the figures."""
    with pikepdf.open(io.BytesIO(data)) as document:
        nodes = _nodes(document.Root.StructTreeRoot)
        return [str(node.get("/Alt", "")) for node in nodes if str(node.S) == "/Figure"]


def bookmarks_of(data: bytes) -> list[str]:
    """The titles of the bookmarks, each indented by a blank for each level."""
    with pikepdf.open(io.BytesIO(data)) as document, document.open_outline() as outline:
        return list(_titles(outline.root, 0))


def _titles(items: Any, level: int) -> Iterator[str]:
    for item in items:
        yield " " * level + item.title
        yield from _titles(item.children, level + 1)


def _kids(node: Any) -> list[Any]:
    kids = node.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _nodes(node: Any) -> Iterator[Any]:
    for kid in _kids(node):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _nodes(kid)


def _catalog_problems(document: pikepdf.Pdf) -> Iterator[str]:
    root: Any = document.Root
    with document.open_metadata() as metadata:
        facts = {
            "is not marked": bool(root.MarkInfo.Marked),
            "has another language": str(root.Lang) == "en-US",
            "has no title": bool(str(document.docinfo.get("/Title", ""))) and bool(metadata.get("dc:title")),
            "does not show its title": bool(root.ViewerPreferences.DisplayDocTitle),
            "does not declare PDF/UA-1": metadata.get("pdfuaid:part") == "1",
            "names an author": "/Author" not in document.docinfo and "dc:creator" not in metadata,
            "carries files": not document.attachments and "/AF" not in root,
            "has actions": "/OpenAction" not in root and "/AA" not in root and "/AcroForm" not in root,
        }
    yield from (f"The document {fault}." for fault, holds in facts.items() if not holds)
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and ("/JS" in item or item.get("/S") in ("/JavaScript", "/Launch")):
            yield "The document has a script."


def _heading_problems(document: pikepdf.Pdf, tags: list[str]) -> Iterator[str]:
    levels = [int(tag[2]) for tag in tags if re.fullmatch(r"/H[1-6]", tag)]
    for before, level in zip([0, *levels], levels, strict=False):
        if level > before + 1:
            yield f"A heading of level {level} follows one of level {before}."
    if not levels:
        yield "There is no heading."
    with document.open_outline() as outline:
        if not outline.root:
            yield "There are no bookmarks."


def _table_problems(nodes: list[Any]) -> Iterator[str]:
    for table in (node for node in nodes if str(node.S) == "/Table"):
        cells = list(_nodes(table))
        heads = {bytes(cell.ID) for cell in cells if str(cell.S) == "/TH" and "/ID" in cell}
        if not heads or any(str(cell.S) == "/TH" and "/ID" not in cell for cell in cells):
            yield "A table has a header cell without an identifier, or no header cells."
        for cell in cells:
            if str(cell.S) != "/TD":
                continue
            named = [bytes(head) for head in cell.A.get("/Headers", [])]
            if not named or not set(named) <= heads:
                yield "A data cell does not name its headers."


def _figure_problems(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        if str(node.S) == "/Figure" and not str(node.get("/Alt", "")).strip():
            yield "A figure has no text alternative."


def _content_problems(document: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(document.pages, start=1):
        marks: list[bool] = []
        for instruction in pikepdf.parse_content_stream(page):
            operands, name = instruction.operands, str(instruction.operator)
            if name in ("BMC", "BDC"):
                marks.append(str(operands[0]) == "/Artifact" or "/MCID" in operands[-1])
            elif name == "EMC":
                marks.pop()
            elif name in _PAINTS and not any(marks):
                yield f"Page {number} paints with {name} outside of the structure."


def _font_problems(document: pikepdf.Pdf) -> Iterator[str]:
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary):
            continue
        if item.get("/Type") == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys()):
            yield f"The font {item.FontName} is not embedded."
        if item.get("/Subtype") == "/Type0" and "/ToUnicode" not in item:
            yield f"The font {item.BaseFont} does not say what its characters are."


def _link_problems(document: pikepdf.Pdf) -> Iterator[str]:
    for page in document.pages:
        for annotation in page.get("/Annots", []):
            if "/Contents" not in annotation or "/StructParent" not in annotation:
                yield "A link has no description or stands outside of the structure."


def _box_problems(document: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    sizes = [[float(edge) for edge in page.MediaBox][2:] for page in document.pages]
    if any(size != [612, 792] for size in sizes):
        yield "A page is not US Letter."
    for left, top, right, bottom, word in _WORD.findall(text_of(data, "-bbox")):
        if float(left) < 0 or float(top) < 0 or float(right) > 612 or float(bottom) > 792:
            yield f"“{word}” stands outside of the page."
