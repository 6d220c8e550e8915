"""Looking for words that must not be there: raw or encoded, inside PDF files, archives and compressed streams."""

import base64
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

import pikepdf

from tests.poppler import pdftotext


@dataclass(frozen=True, slots=True)
class Heard:
    """Bytes that somebody received, and where."""

    where: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Hit:
    """A canary that was found, and in which shape."""

    canary: str
    where: str
    shape: str


def find_canaries(heard: Iterable[Heard], canaries: Mapping[str, str]) -> list[Hit]:
    """Every canary (name to word) in every piece, whatever it is wrapped in."""
    needles = {
        name: [*_plain(word), *((f"base64 {place}", part) for place, part in enumerate(_base64(word)))]
        for name, word in canaries.items()
    }
    hits = []
    for piece in heard:
        for layer, data in _layers(piece.data):
            folded = data.lower()
            for name, shapes in needles.items():
                for shape, needle in shapes:
                    haystack = data if shape.startswith("base64") else folded
                    if needle in haystack:
                        hits.append(Hit(name, piece.where, f"{layer}{shape}"))
    return hits


def _plain(word: str) -> Iterator[tuple[str, bytes]]:
    """The word in small letters; the haystack is made small too."""
    small = word.lower()
    yield "raw", small.encode()
    yield "utf-16", small.encode("utf-16-le")
    yield "utf-16 big", small.encode("utf-16-be")
    yield "percent", "".join(f"%{byte:02x}" for byte in small.encode()).encode()
    for spelling in dict.fromkeys((word, small, word.upper())):
        yield "hexadecimal", spelling.encode().hex().encode()
    for shape, text in (
        ("quoted", quote(small, safe="")),
        ("json", json.dumps(small)[1:-1]),
        ("html", html.escape(small)),
        ("turned", small[::-1]),
    ):
        if text != small:
            yield shape, text.lower().encode()


def _base64(word: str) -> Iterator[bytes]:
    """What is certain of the word's base64 at each of three places, in both alphabets and three spellings."""
    for spelling in dict.fromkeys((word, word.lower(), word.upper())):
        raw = spelling.encode()
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw)
            start = -(-shift * 8 // 6)
            end = (shift + len(raw)) * 8 // 6
            yield coded[start:end]
            yield coded[start:end].translate(bytes.maketrans(b"+/", b"-_"))


def _layers(data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves and everything that can be unpacked from them."""
    yield "", data
    if depth > 3:
        return
    inner: list[tuple[str, bytes]] = []
    if data[:5] == b"%PDF-":
        inner = list(_pdf(data))
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inner = [(f"zip:{name}: ", name.encode() + b"\n" + archive.read(name)) for name in archive.namelist()]
            inner += [(f"zip:{name}: ", archive.read(name)) for name in archive.namelist()]
    elif data[:2] == b"\x1f\x8b":
        inner = [("gzip: ", gzip.decompress(data))]
    elif data[:2] in {b"\x78\x9c", b"\x78\xda", b"\x78\x01"}:
        inner = [("zlib: ", zlib.decompress(data))]
    elif b"%" in data and (decoded := unquote_to_bytes(data)) != data:
        yield "unquoted: ", decoded
    if b"&" in data and not inner:
        yield "unescaped: ", html.unescape(data.decode("utf-8", "replace")).encode()
    if b"\\u" in data and not inner:
        text = re.sub(rb"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)).encode("utf-8", "replace"), data)
        yield "json: ", text
    for name, part in inner:
        for layer, found in _layers(part, depth + 1):
            yield name + layer, found


def _pdf(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The text as a reader shows it, and every stream, string, name and piece of metadata."""
    text = pdftotext(data, "-raw")
    yield "pdf text: ", text
    yield "pdf text in one line: ", b" ".join(text.split())
    with pikepdf.open(io.BytesIO(data)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                try:
                    yield "pdf stream: ", item.read_bytes()
                except pikepdf.PdfError:
                    yield "pdf raw stream: ", item.read_raw_bytes()
            yield "pdf object: ", b"\n".join(_strings(item))
        yield "pdf trailer: ", b"\n".join(_strings(document.trailer))


def _strings(item: object, depth: int = 0) -> Iterator[bytes]:
    if depth > 6:
        return
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in item.items():
            yield key.encode()
            if not getattr(value, "is_indirect", False):
                yield from _strings(value, depth + 1)
    elif isinstance(item, pikepdf.Array):
        for value in item:
            if not getattr(value, "is_indirect", False):
                yield from _strings(value, depth + 1)
    elif isinstance(item, pikepdf.String):
        yield bytes(item)
        yield str(item).encode()
    elif isinstance(item, pikepdf.Name):
        yield str(item).encode()
