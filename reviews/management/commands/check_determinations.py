"""The checks of determinations from the command line: cases, the archive, a file; and how much they catch."""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from imr.audit.services import record
from reviews.letters import ExchangedDetermination, ExchangeError
from reviews.rules.checks.determination import CheckedDetermination, CheckFinding, Severity
from reviews.rules.checks.planting import KINDS, count_catches
from reviews.rules.checks.run import Tally, check_determination
from reviews.selectors.check import archived_determinations, checked_exchange, signed_determinations


class Command(BaseCommand):
    # The system checks import every page; this command uses none.
    requires_system_checks: list[str] = []
    help = (
        "Check signed and archived determinations: outcome against words, body part, side, level, drug, strength, "
        "quantity, pasted text, dates, foreign numbers, placeholders. Nothing is changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", nargs="*", metavar="CASE", help="case numbers (CM26-0000123)")
        parser.add_argument("--all", action="store_true", help="every signed determination and the whole archive")
        parser.add_argument("--file", type=Path, help="a JSON list of determinations in the exchange form")
        parser.add_argument("--json", action="store_true", help="findings as a JSON list; the last line goes to stderr")
        parser.add_argument("--notes", action="store_true", help="print notes as well (they are no alarms)")
        parser.add_argument(
            "--plant", type=int, metavar="SEED", help="plant mistakes of every kind, and say how many are caught"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        determinations = self._determinations(options)
        if not determinations:
            raise CommandError("There is no determination to check.")
        tally = Tally()
        rows = []
        for determination in determinations:
            findings = check_determination(determination)
            tally.add(determination, findings)
            shown = [one for one in findings if options["notes"] or one.severity != Severity.NOTE]
            rows += [_row(determination, finding) for finding in shown]
            if not options["json"]:
                self._print(determination, shown)
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        out = self.stderr if options["json"] else self.stdout
        # The style of stderr would mark the figures as an error.
        out.write(_last_line(tally, len(determinations)), style_func=str)
        if options["plant"] is not None:
            self._plant(determinations, options["plant"], out)

    def _determinations(self, options: dict[str, Any]) -> list[CheckedDetermination]:
        if sum(map(bool, (options["cases"], options["all"], options["file"]))) != 1:
            raise CommandError("Name case numbers, or give --all, or --file.")
        if options["file"]:
            return _read(options["file"])
        numbers = None if options["all"] else [number.strip().upper() for number in options["cases"]]
        found = []
        for signed, determination in signed_determinations(numbers):
            record(
                action="determination.checked",
                actor=None,
                object_type="determination",
                object_id=signed.pk,
                case_id=signed.case_id,
            )
            found.append(determination)
        found += archived_determinations(numbers)
        unknown = sorted(set(numbers or ()) - {one.case_number for one in found})
        if unknown:
            raise CommandError(f"No signed or archived determination of {', '.join(unknown)}.")
        return found

    def _print(self, determination: CheckedDetermination, findings: list[CheckFinding]) -> None:
        if not findings:
            return
        self.stdout.write(determination.case_number)
        texts = {item.position: item.text for item in determination.items}
        for finding in findings:
            where = f"item {finding.position}: {texts[finding.position]}" if finding.position else "the letter"
            self.stdout.write(f"  {finding.severity} {finding.code}, {where}")
            self.stdout.write(f"    {finding.message}")
            self.stdout.write(f"    {finding.place}: “{finding.quote}”")

    def _plant(self, determinations: list[CheckedDetermination], seed: int, out: OutputWrapper) -> None:
        catches = count_catches(determinations, seed)
        for kind in KINDS:
            caught, planted = catches.caught[kind], catches.planted[kind]
            rate = f"{catches.rate(kind):.1f}%" if planted else "none could be planted"
            out.write(f"planted {kind}: {caught} of {planted} caught, {rate}", style_func=str)
        for kind, number, position in catches.missed:
            out.write(f"missed {kind}: {number}" + (f", item {position}" if position else ""), style_func=str)


def _read(path: Path) -> list[CheckedDetermination]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(data, list):
        raise CommandError(f"{path} must hold a JSON list of determinations.")
    found = []
    for number, entry in enumerate(data, start=1):
        try:
            found.append(checked_exchange(ExchangedDetermination.from_data(entry)))
        except ExchangeError as error:
            raise CommandError(f"{path}, determination {number}: {error}") from error
    return found


def _row(determination: CheckedDetermination, finding: CheckFinding) -> dict[str, object]:
    return {
        "case_number": determination.case_number,
        "item": finding.position,
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "quote": finding.quote,
        "place": finding.place,
        "data": dict(finding.data),
    }


def _last_line(tally: Tally, determinations: int) -> str:
    return (
        f"{determinations} determinations, {tally.items} items: {tally.alarms.total()} alarms "
        f"({tally.alarms_per_100:.1f} per 100 items){_listed(tally.alarms)}; "
        f"{tally.notes.total()} notes{_listed(tally.notes)}."
    )


def _listed(counts: Counter[str]) -> str:
    return f" [{', '.join(f'{code} {count}' for code, count in sorted(counts.items()))}]" if counts else ""
