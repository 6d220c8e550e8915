"""Files that hold determinations: which they are, and what is in them. Reads files and nothing else."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any, Final, TextIO

from reviews.enums import SourceFormat
from reviews.letters.exchange import ExchangedDetermination, ExchangeError
from reviews.letters.reader import (
    DateFact,
    ItemFacts,
    LetterFormat,
    ProblemKind,
    ReadLetter,
    UnreadableLetterError,
)

SUFFIXES: Final = frozenset({".pdf", ".txt", ".json"})
MAX_LETTER_BYTES: Final = 20 * 1024 * 1024
MAX_OBJECT_CHARACTERS: Final = 4 * 1024 * 1024

_CHUNK = 256 * 1024
_ENDS = "the file ends in the middle"
_BLANKS = " \t\r\n"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_FORMATS = {"2015": SourceFormat.F1_2015, "2016": SourceFormat.F1_2016, "own": SourceFormat.F1_OWN}


class SourceError(Exception):
    """The file, or what is in it, cannot be read; the message is a sentence with the place."""


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A file to read, or, with `problem` set, a path that cannot be read."""

    path: Path
    problem: str = ""

    @property
    def is_exchange(self) -> bool:
        return self.path.suffix.lower() == ".json"


@dataclass(frozen=True, slots=True)
class SourcedDetermination:
    """A determination with what was found beside its words. `doubts` says what may be read wrong, `notes` the rest.

    `label` and `organization` are as the letter printed them; empty for an exchange file.
    """

    determination: ExchangedDetermination
    format: SourceFormat
    label: str = ""
    organization: str = ""
    facts: tuple[ItemFacts, ...] = ()
    codes: tuple[str, ...] = ()
    dates: tuple[DateFact, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadSource:
    """What a file with one letter gave: the determination, or why there is none. `sha256` is of its bytes."""

    sha256: str = ""
    found: SourcedDetermination | None = None
    problem: str = ""


type Reader = Callable[[bytes | str], ReadLetter]


def found_sources(paths: Iterable[Path]) -> Iterator[FoundSource]:
    """The files to read, each once, those of a folder sorted by name.

    Folders are searched to any depth for .pdf, .txt and .json files; links to folders are not followed.
    """
    seen: set[Path] = set()
    for path in paths:
        for source in _in_folder(path) if path.is_dir() else [_file(path)]:
            if source.path not in seen:
                seen.add(source.path)
                yield source


def read_source(path: Path, read: Reader) -> ReadSource:
    """The one letter in a PDF or text file; a problem in words when it cannot be read."""
    try:
        with path.open("rb") as handle:
            data = handle.read(MAX_LETTER_BYTES + 1)
    except OSError as error:
        return ReadSource(problem=f"The file cannot be opened: {error.strerror}.")
    if len(data) > MAX_LETTER_BYTES:
        return ReadSource(problem=f"The file is larger than {MAX_LETTER_BYTES // 1024 // 1024} MB; no letter is.")
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        source = data if path.suffix.lower() == ".pdf" or b"%PDF-" in data[:1024] else _decoded(data)
        return ReadSource(sha256=sha256, found=sourced(read(source)))
    except UnreadableLetterError as error:
        return ReadSource(sha256=sha256, problem=str(error))
    except SourceError as error:
        return ReadSource(sha256=sha256, problem=str(error))


def sourced(letter: ReadLetter) -> SourcedDetermination:
    """The determination of a letter that was read. Raises `SourceError` when it does not hold a whole one."""
    if letter.determination is None:
        named = f"{letter.case_number}: " if letter.case_number else ""
        items = len(letter.partial.items) if letter.partial else 0
        raise SourceError(
            f"{named}Read in part only (form {letter.format}, {items} item{'' if items == 1 else 's'}). "
            f"Missing: {', '.join(letter.missing) or 'parts of the determination'}."
        )
    return SourcedDetermination(
        determination=letter.determination,
        format=_FORMATS[letter.era] if letter.format is LetterFormat.F1 else SourceFormat(letter.format.lower()),
        label=letter.reviewer_guideline_label,
        organization=letter.organization_name,
        facts=letter.facts,
        codes=letter.summary_codes,
        dates=letter.summary_dates,
        doubts=tuple(str(problem) for problem in letter.problems if problem.kind is ProblemKind.UNCERTAIN),
        notes=tuple(str(problem) for problem in letter.problems if problem.kind is ProblemKind.NOTE),
    )


def digest_of_file(path: Path) -> str:
    """SHA-256 of the file's bytes. Raises `SourceError`."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"The file cannot be opened: {error.strerror}.") from error


def exchanged_in(path: Path) -> Iterator[ExchangedDetermination]:
    """The determinations of an exchange file, a list or a single object, one after the other and never all at once.

    Raises `SourceError` with the number of the determination at which it cannot be read.
    """
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as handle:
            for value in _objects(handle):
                number += 1
                yield ExchangedDetermination.from_data(value)
    except OSError as error:
        raise SourceError(f"The file cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"The file is not UTF-8 (after determination {number}).") from error
    except ExchangeError as error:
        raise SourceError(f"Determination {number}: {error}") from error
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SourceError(f"Determination {number + 1}: not JSON of the exchange form: {reason}.") from error


def _in_folder(folder: Path) -> Iterator[FoundSource]:
    found: list[FoundSource] = []

    def complain(error: OSError) -> None:
        found.append(FoundSource(Path(error.filename), f"The folder cannot be opened: {error.strerror}."))

    for place, _, names in os.walk(folder, onerror=complain):
        found += [_file(Path(place, name)) for name in names if Path(name).suffix.lower() in SUFFIXES]
    if not found:
        yield FoundSource(folder, "There is no .pdf, .txt or .json file in this folder.")
    yield from sorted(found, key=lambda source: source.path.parts)


def _file(path: Path) -> FoundSource:
    if not path.exists():
        return FoundSource(path, "There is no such file.")
    if not path.is_file():
        return FoundSource(path, "This is no ordinary file.")
    if path.suffix.lower() not in SUFFIXES:
        return FoundSource(path, "Only .pdf, .txt and .json files are read.")
    return FoundSource(path)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith(_UTF_16) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(f"The text is not {encoding[:6].rstrip('-').upper()} (byte {error.start + 1:,}).") from error


def _objects(handle: TextIO) -> Iterator[Any]:
    """The objects of a list, or the only one. Raises `ValueError`."""
    decoder = JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)
    text = _Window(handle)
    if text.peek() != "[":
        yield text.value(decoder)
        if text.peek():
            raise ValueError("there is something after the object")
        return
    text.skip()
    if text.peek() == "]":
        text.skip()
    else:
        while True:
            yield text.value(decoder)
            mark = text.peek()
            text.skip()
            if mark == "]":
                break
            if mark != ",":
                raise ValueError(f"expected a comma or the end of the list, found “{mark}”" if mark else _ENDS)
    if text.peek():
        raise ValueError("there is something after the list")


class _Window:
    """The part of a text that is being looked at."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        self._text = ""
        self._at = 0
        self._is_whole = False

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        self._at += 1

    def value(self, decoder: JSONDecoder) -> Any:
        """The object that starts here. Raises `ValueError` when there is none, or it is too long."""
        if self.peek() != "{":
            raise ValueError(f"expected an object, found “{self.peek()}”" if self.peek() else _ENDS)
        while True:
            try:
                value, self._at = decoder.raw_decode(self._text, self._at)
            except JSONDecodeError as error:
                # It may only be cut off.
                if len(self._text) - self._at > MAX_OBJECT_CHARACTERS:
                    raise ValueError("it is longer than any determination") from error
                if not self._more():
                    raise ValueError(error.msg[:1].lower() + error.msg[1:]) from error
            else:
                return value

    def _more(self) -> bool:
        size = max(_CHUNK, len(self._text) - self._at)
        chunk = "" if self._is_whole else self._handle.read(size)
        self._is_whole = not chunk
        self._text = self._text[self._at :] + chunk
        self._at = 0
        return bool(chunk)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {json.dumps(twice)[:60]} stands twice in one object")
    return found


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no value")


_UNPRINTABLE = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def on_one_line(text: str) -> str:
    """`text` as one line of a terminal: what is no plain character there is shown as `\\x1b` is."""
    shown = _UNPRINTABLE.sub(lambda match: match.group().encode("unicode_escape").decode(), text)
    return shown.encode("utf-8", "backslashreplace").decode()
