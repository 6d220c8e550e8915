"""`manage.py verify_letters [CASE...] [--all] [--json]`: is every stored letter still the one that was stored?"""

import json
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from imr.core.signing import SigningKeyError
from reviews.management.streams import Report
from reviews.services.verification import FAULT_WORDS, CheckedFile, stored_letters, verify_letters


class Command(BaseCommand):
    help = "Compare every stored letter with its recorded digests and check its digital signature."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", nargs="*", metavar="CASE", help="case numbers, such as CM26-0001234")
        parser.add_argument("--all", action="store_true", help="the letters of all cases")
        parser.add_argument("--json", action="store_true", help="print what was found as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """The exit status is 1 when a letter is missing, was changed, or cannot be checked."""
        numbers: list[str] = options["cases"]
        if bool(numbers) == options["all"]:
            raise CommandError("Name one or more cases, or give --all.")
        letters = stored_letters()
        if numbers:
            letters = letters.filter(case__number__in=numbers)
            unknown = sorted(set(numbers) - set(letters.values_list("case__number", flat=True)))
            if unknown:
                raise CommandError(f"No letter is on record for {', '.join(unknown)}.")
        faulty: list[CheckedFile] = []
        signed = count = 0
        started = time.monotonic()
        report = Report(self.stderr, unit=" letters")
        try:
            for one in report.over(verify_letters(letters), letters.count()):
                count += 1
                signed += one.is_signed
                if one.faults:
                    faulty.append(one)
                    said = " ".join(FAULT_WORDS[fault] for fault in one.faults)
                    report.line(f"{one.case_number}, {one.kind} letter, version {one.version}: {said}", is_bad=True)
        except SigningKeyError as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - started
        kinds = Counter(fault.value for one in faulty for fault in one.faults)
        if options["json"]:
            found = [
                {
                    "case_number": one.case_number,
                    "letter": one.letter_id,
                    "kind": one.kind,
                    "version": one.version,
                    "faults": [fault.value for fault in one.faults],
                }
                for one in faulty
            ]
            summary = {"checked": count, "ok": count - len(faulty), "signed": signed, "faults": found}
            self.stdout.write(json.dumps(summary, indent=2))
        told = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) or "no fault"
        rate = count / seconds if seconds else 0.0
        line = (
            f"{count} letters, {count - len(faulty)} ok, {signed} signed, {told}; {seconds:.1f} s, {rate:.0f} letters/s"
        )
        (self.stderr if options["json"] else self.stdout).write(line)
        if faulty:
            raise SystemExit(1)
