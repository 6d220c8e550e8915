"""Print determinations as JSON, in the exchange form."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviews.management.streams import JsonList, Report, add_choice_arguments, chosen_determinations
from reviews.selectors.exchange import exchange_of


class Command(BaseCommand):
    help = (
        "Print determinations as a JSON list on standard output: those signed here that are valid, and those of the "
        "archive. docs/exchange.schema.json describes the form."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_choice_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report(self.stderr, unit="letter")
        chosen = chosen_determinations(options, how="json")
        with JsonList(self.stdout) as printed:
            for determination in chosen.rows:
                printed.add(exchange_of(determination).to_data())
        for number in chosen.unknown:
            report.line(f"{number}: there is no determination of this case.", is_bad=True)
        if chosen.unknown:
            raise CommandError(f"{len(chosen.unknown)} of {len(options['cases'])} cases could not be exported.")
