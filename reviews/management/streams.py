"""What the commands on many determinations write: a JSON list piece by piece, lines, and a progress bar."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from django.core.management.base import CommandError, OutputWrapper
from tqdm import tqdm

from imr.core.parallel import cores
from reviews.letters.source import on_one_line
from reviews.selectors.exchange import (
    SomeDetermination,
    all_determinations,
    determination_count,
    determinations_of,
)
from reviews.services.archive import record_export


class JsonList:
    """A JSON list on `out`, one value a line, complete also when it is empty. Values are written as they come."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out
        self._is_empty = True

    def __enter__(self) -> Self:
        self._out.write("[", ending="")
        return self

    def add(self, value: Any) -> None:
        self._out.write("\n" if self._is_empty else ",\n", ending="")
        self._out.write(json.dumps(value, ensure_ascii=False), ending="")
        self._is_empty = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._out.write("\n]")


class Report:
    """Lines on standard error, with a progress bar under them when a person looks on."""

    def __init__(self, err: OutputWrapper, *, unit: str) -> None:
        self._err = err
        self._unit = unit
        self._bar: tqdm[Any] | None = None

    def over[T](self, things: Iterable[T], total: int) -> Iterator[T]:
        """The things, the bar moving with each."""
        if not self._err.isatty():
            yield from things
            return
        with tqdm(things, total=total, unit=self._unit, file=sys.stderr, leave=False) as bar:
            self._bar = bar
            yield from bar
        self._bar = None

    def line(self, text: str, *, is_bad: bool = False) -> None:
        """One line, whatever characters a file name has."""
        shown = on_one_line(text)
        style = None if is_bad else str
        if self._bar is None:
            self._err.write(shown, style_func=style)
            return
        with self._bar.external_write_mode(file=sys.stderr):
            self._err.write(shown, style_func=style)


@dataclass(slots=True)
class Chosen:
    """The determinations that a command is to work on, at most `total`; `unknown` fills up while they are taken."""

    rows: Iterator[SomeDetermination]
    total: int
    unknown: list[str] = field(default_factory=list)


def add_choice_arguments(parser: argparse.ArgumentParser) -> None:
    """Case numbers, or `--all`."""
    parser.add_argument("cases", nargs="*", metavar="CASE", help="a case number, such as CM16-0123456")
    parser.add_argument("--all", action="store_true", help="every signed and every archived determination")


def chosen_determinations(options: Mapping[str, Any], *, how: str) -> Chosen:
    """The determinations that the arguments name, each once; that they leave the system is on record.

    Raises `CommandError` when the arguments name none, or both cases and all.
    """
    numbers = list(dict.fromkeys(options["cases"]))
    if bool(numbers) == options["all"]:
        raise CommandError("Name the cases, or say --all." if not numbers else "Name cases or say --all, not both.")
    total = determination_count() if options["all"] else len(numbers)
    record_export(actor=None, how=how, count=total, numbers=numbers)
    if options["all"]:
        return Chosen(all_determinations(), total)
    chosen = Chosen(iter(()), total)
    chosen.rows = _named(numbers, chosen.unknown)
    return chosen


def _named(numbers: Iterable[str], unknown: list[str]) -> Iterator[SomeDetermination]:
    for number, determination in determinations_of(numbers):
        if determination is None:
            unknown.append(number)
        else:
            yield determination


def add_jobs_argument(parser: argparse.ArgumentParser) -> None:
    """`--jobs N`: processes, one for each processor unless said otherwise."""
    parser.add_argument("--jobs", type=_at_least_one, default=cores(), help="processes (as many as processors)")


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError("give a number from 1 to 256")
    return int(text)
