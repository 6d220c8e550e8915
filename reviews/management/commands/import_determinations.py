"""Read published determinations from files and archive them."""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from cases.enums import CaseOutcome
from imr.core.parallel import Lost, in_order
from reviews.letters import ExchangedDetermination
from reviews.letters.archive import archive_problem
from reviews.letters.source import (
    FoundSource,
    Reader,
    ReadSource,
    SourcedDetermination,
    SourceError,
    digest_of_file,
    exchanged_in,
    found_sources,
    read_source,
)
from reviews.management.streams import JsonList, Report, add_jobs_argument
from reviews.selectors.archive import ExchangeReader, letter_reader
from reviews.services.archive import ImportResult, ImportSource, import_determinations

SECONDS: Final = 60  # for one letter; the longest published one takes a tenth of a second
ADDRESS_SPACE: Final = 2 << 30
MOST_WORDS: Final = 3


class Command(BaseCommand):
    help = (
        "Read determinations from letters (.pdf, .txt) and exchange files (.json), or folders of them, and archive "
        "them. One line for each file on standard error; the exit status is 1 when one failed."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
        parser.add_argument("--dry-run", action="store_true", help="read and compare, store nothing")
        parser.add_argument(
            "--json", action="store_true", help="print what was read on standard output, in the exchange form"
        )
        parser.add_argument(
            "--strict", action="store_true", help="count a letter that was not read with certainty as failed"
        )
        add_jobs_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        report = Report(self.stderr, unit="file")
        failed = 0
        stored = unchanged = 0
        sources = list(found_sources(options["paths"]))
        with ExitStack() as stack:
            printed = stack.enter_context(JsonList(self.stdout)) if options["json"] else None
            one_file = _Import(printed, is_dry_run=options["dry_run"], is_strict=options["strict"])
            for source, read in report.over(_read(sources, options["jobs"]), total=len(sources)):
                line, result = one_file.take(source, read)
                failed += bool(result.problems)
                if not result.problems:
                    stored += result.stored
                    unchanged += result.unchanged
                report.line(line, is_bad=bool(result.problems))
        word = "new (dry run)" if options["dry_run"] else "stored"
        files = "1 file" if len(sources) == 1 else f"{len(sources):,} files"
        report.line(
            f"{files}: {stored:,} {word}, {unchanged:,} unchanged, {failed:,} failed; "
            f"{time.monotonic() - started:.1f} s"
        )
        if failed:
            raise CommandError(f"{failed:,} of {files} failed.")


def _read(sources: Iterable[FoundSource], jobs: int) -> Iterator[tuple[FoundSource, ReadSource | Lost | None]]:
    """Each file with the letter in it; None for an exchange file, which is read where it is stored."""
    work = partial(_read_one, read=letter_reader())
    return in_order(work, sources, jobs=jobs, seconds=SECONDS, address_space=ADDRESS_SPACE)


def _read_one(source: FoundSource, *, read: Reader) -> ReadSource | None:
    return None if source.problem or source.is_exchange else read_source(source.path, read)


class _Import:
    """Stores file after file, and says what became of each."""

    def __init__(self, printed: JsonList | None, *, is_dry_run: bool, is_strict: bool) -> None:
        self._printed = printed
        self._is_dry_run = is_dry_run
        self._is_strict = is_strict
        self._exchange = ExchangeReader()

    def take(self, source: FoundSource, read: ReadSource | Lost | None) -> tuple[str, ImportResult]:
        """The file's line and what became of it."""
        problem = _problem(source, read)
        if not problem:
            try:
                if isinstance(read, ReadSource) and read.found is not None:
                    return self._take_letter(source.path, read.sha256, read.found)
                return self._take_exchange(source.path)
            except SourceError as error:
                problem = str(error)
        return f"{source.path}: failed: {problem}", ImportResult(problems=[problem])

    def _take_letter(self, path: Path, sha256: str, found: SourcedDetermination) -> tuple[str, ImportResult]:
        result = self._store(path, sha256, [found])
        head = f"{path}: {_described(found.determination)}"
        doubts = f"; to be checked: {_joined(found.doubts)}" if found.doubts else ""
        if result.problems:
            # The case number that a problem starts with stands in the line already.
            words = _joined(
                [problem.removeprefix(f"{found.determination.case_number}: ") for problem in result.problems]
            )
            return f"{head}: failed: {words}{doubts}", result
        return f"{head}: {self._done(result)}{doubts}", result

    def _take_exchange(self, path: Path) -> tuple[str, ImportResult]:
        found = map(self._exchange.read, exchanged_in(path))
        result = self._store(path, digest_of_file(path), found)
        head = f"{path}: {_count(result.read, 'determination')}, {_count(result.items, 'item')}"
        if result.problems:
            return f"{head}: failed, nothing of the file was stored: {_joined(result.problems)}", result
        return f"{head}: {self._done(result)}", result

    def _store(self, path: Path, sha256: str, found: Iterable[SourcedDetermination]) -> ImportResult:
        if self._printed is not None:
            found = _printing(found, self._printed.add)
        return import_determinations(
            source=ImportSource(name=path.name, sha256=sha256),
            found=found,
            is_dry_run=self._is_dry_run,
            is_strict=self._is_strict,
        )

    def _done(self, result: ImportResult) -> str:
        if not result.stored:
            return "unchanged"
        word = "new" if self._is_dry_run else "stored"
        if result.read == 1:
            return word
        return f"{result.stored:,} {word}, {result.unchanged:,} unchanged"


def _problem(source: FoundSource, read: ReadSource | Lost | None) -> str:
    if isinstance(read, Lost):
        return f"Reading failed. {read.reason}"
    return source.problem or (read.problem if read is not None else "")


def _printing(
    found: Iterable[SourcedDetermination], add: Callable[[dict[str, Any]], None]
) -> Iterator[SourcedDetermination]:
    for one in found:
        if not archive_problem(one.determination):
            add(one.determination.to_data())
        yield one


def _described(determination: ExchangedDetermination) -> str:
    outcome = CaseOutcome(determination.outcome).label if determination.outcome else "no outcome"
    return f"{determination.case_number}, {_count(len(determination.items), 'item')}, {outcome}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _joined(sentences: Iterable[str]) -> str:
    told = list(sentences)
    more = f" (and {len(told) - MOST_WORDS} more)" if len(told) > MOST_WORDS else ""
    return " ".join(told[:MOST_WORDS]) + more
