"""Write determinations as letters: PDF files in a folder."""

import argparse
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.management.streams import Report, add_choice_arguments, add_jobs_argument, chosen_determinations
from reviews.selectors.archive import letter_reader, wording_for
from reviews.selectors.exchange import SomeDetermination, full_letter_of, number_of, public_copy_of
from reviews.selectors.template import NoWordingError
from reviews.services.render_files import LetterToRender, render_files


class Command(BaseCommand):
    help = (
        "Write the letters of determinations, signed here or archived, as PDF files named by their case numbers. "
        "Files of the same names are replaced. The exit status is 1 when a letter could not be written."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_choice_arguments(parser)
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the files")
        parser.add_argument(
            "--public",
            action="store_true",
            help="write public copies: of what was signed here only the approved ones, redacted as approved",
        )
        parser.add_argument("--check", action="store_true", help="read every file back and compare every field")
        add_jobs_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report(self.stderr, unit="letter")
        if options["out"].exists() and not options["out"].is_dir():
            raise CommandError(f"{options['out']} is not a folder.")
        chosen = chosen_determinations(options, how="public pdf" if options["public"] else "pdf")
        written = failed = 0
        started = time.monotonic()
        answers = render_files(
            letters=_letters(chosen.rows, is_public=options["public"]),
            folder=options["out"],
            jobs=options["jobs"],
            reader=letter_reader(),
            check_all=options["check"],
        )
        try:
            for number, problem in report.over(answers, total=chosen.total):
                if problem:
                    failed += 1
                    report.line(f"{number}: {problem}", is_bad=True)
                else:
                    written += 1
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written to: {error.strerror}.") from error
        for number in chosen.unknown:
            report.line(f"{number}: there is no determination of this case.", is_bad=True)
        seconds = time.monotonic() - started
        self.stdout.write(f"{written:,} letters, {seconds:.1f} seconds, {written / max(seconds, 0.001):.1f} letters/s")
        if failed or chosen.unknown:
            raise CommandError(f"{failed + len(chosen.unknown):,} letters could not be written.")


def _letters(determinations: Iterable[SomeDetermination], *, is_public: bool) -> Iterator[LetterToRender]:
    for determination in determinations:
        number = number_of(determination)
        try:
            letter = public_copy_of(determination) if is_public else full_letter_of(determination)
            if letter is None:
                yield LetterToRender(number, problem="No public copy of this letter is approved.")
            else:
                yield LetterToRender(number, letter, wording_for(letter))
        except NoWordingError as error:
            yield LetterToRender(number, problem=str(error))
