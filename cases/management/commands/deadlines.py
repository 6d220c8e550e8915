"""Answers questions about deadlines, one JSON object a line."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from cases.rules.deadlines_law import LawBook
from cases.rules.deadlines_vector import QuestionError, answer
from cases.selectors.law import law_book
from cases.services.reference import fixture_book

LONGEST_LINE = 65_536


class Command(BaseCommand):
    help = (
        "Read questions about deadlines from standard input, one JSON object a line, and write one JSON answer a "
        'line: {"rule", "due", "citation", "steps"} or {"error"}. Exit status 1 when a line had no answer.'
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fixture", action="store_true", help="use the repository's reviewed rows instead of the database's"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        book = fixture_book() if options["fixture"] else self._stored_book()
        has_failed = False
        for line in _lines(sys.stdin.buffer):
            found = _answered(line, book)
            has_failed = has_failed or "error" in found
            # Whoever asks line by line gets each answer at once.
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        if has_failed:
            sys.exit(1)

    def _stored_book(self) -> LawBook:
        try:
            book = law_book()
        except DatabaseError:
            book = None
        if book is None:
            self.stderr.write("The database holds no figures of law; the repository's reviewed rows are used.")
            return fixture_book()
        return book


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Each line; None for one that is too long to be a question."""
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield None


def _answered(line: bytes | None, book: LawBook) -> dict[str, Any]:
    if line is None:
        return {"error": f"The line is longer than {LONGEST_LINE:,} bytes."}
    if not line.strip():
        return {"error": "The line is empty."}
    try:
        question = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "The line is not JSON."}
    try:
        return answer(question, book)
    except QuestionError as error:
        return {"error": str(error)}
