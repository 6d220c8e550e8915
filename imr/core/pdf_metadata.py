"""What a PDF says of itself beside its pages: for checks that nothing is said there that should not be."""

import io
from collections.abc import Iterator

import pikepdf

_DEEPEST = 6


def metadata_texts(data: bytes) -> list[str]:
    """Every string of the document outside of its pages' contents: properties, XMP, bookmarks, alternative texts,
    names of fields and files. Raises `pikepdf.PdfError` for what is no PDF.
    """
    found: dict[str, None] = {}
    with pikepdf.open(io.BytesIO(data)) as document:
        for text in _strings(document.trailer):
            found[text] = None
        for item in document.objects:
            if isinstance(item, pikepdf.Stream) and item.get("/Type") == pikepdf.Name.Metadata:
                found[item.read_bytes().decode("utf-8", "replace")] = None
            for text in _strings(item):
                found[text] = None
    return list(found)


def _strings(item: object, depth: int = 0) -> Iterator[str]:
    """The strings of an object itself; what it refers to has its own turn."""
    if depth > _DEEPEST:
        return
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for value in dict(item.items()).values():
            if not getattr(value, "is_indirect", False):
                yield from _strings(value, depth + 1)
    elif isinstance(item, pikepdf.Array):
        for value in list(item):
            if not getattr(value, "is_indirect", False):
                yield from _strings(value, depth + 1)
    elif isinstance(item, pikepdf.String) and (text := str(item).strip()):
        yield text
