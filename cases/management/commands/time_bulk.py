import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.enums import BatchGoal, BatchRowState, BatchState
from cases.forms.bulk_columns import REFERENCE
from cases.models import Batch, BatchRow
from cases.services.bulk import LACKING, SLICE, read_batch, take_batch, work_batch
from imr.accounts.enums import OrganizationKind, Role
from imr.accounts.models import User
from imr.core import clock, storage
from imr.core.words import mmddyyyy

MIB = 1024


class Command(BaseCommand):
    help = (
        "Make a spreadsheet of invented applications, check and file them, and print time and memory. Leaves the cases "
        "in the database; refused under production settings."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--applications", type=int, default=10_000)
        parser.add_argument("--bad-every", type=int, default=1_000, help="every so many lacks the worker's city")
        parser.add_argument("--goal", choices=BatchGoal.values, default=BatchGoal.SUBMIT.value)
        parser.add_argument("--file", help="only write the spreadsheet (CSV) here; file nothing")
        parser.add_argument("--batch", type=int, help="go on with this batch, which a killed run left")

    def handle(self, *args: Any, **options: Any) -> None:
        count, bad_every = options["applications"], options["bad_every"]
        mark = f"{clock.now():%m%d%H%M%S}"
        if options["file"]:
            write_file(Path(options["file"]), count, bad_every, mark)
            self.stdout.write(f"{count:,} applications in {options['file']}.")
            return
        if settings.IMR_MODE == "production":
            raise CommandError("Invented applications are not filed under production settings.")
        if options["batch"]:
            left = Batch.objects.filter(pk=options["batch"]).first()
            if left is None:
                raise CommandError("There is no such batch.")
            self._work(left, count)
            return
        actor = User.objects.filter(
            role=Role.CLAIMS_STAFF, is_active=True, organization__kind=OrganizationKind.CLAIMS_ADMINISTRATOR
        ).first()
        if actor is None:
            raise CommandError("There is no claims person to file for. Load the demo first: manage.py seed_demo.")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "applications.csv"
            write_file(path, count, bad_every, mark)
            with path.open("rb") as file:
                stored = storage.store(storage.chunks_of(file))
        goal = BatchGoal(options["goal"])
        is_submitted = goal == BatchGoal.SUBMIT
        batch = take_batch(
            actor=actor,
            stored=stored,
            name=path.name,
            goal=goal,
            attested_name=actor.full_name if is_submitted else "",
            confirmed=LACKING if is_submitted else (),
        )
        self._work(batch, count)

    def _work(self, batch: Batch, count: int) -> None:
        self.stdout.write(f"batch     {batch.pk}")
        started = time.monotonic()
        read_batch(batch_id=batch.pk)
        self.stdout.write(f"read      {count:>7,} applications in {time.monotonic() - started:7.1f} s, {_memory()}")
        started = time.monotonic()
        done = 0
        while worked := work_batch(batch_id=batch.pk):
            done += worked
            if done % (4 * SLICE) < worked or done >= count:
                speed = done / (time.monotonic() - started)
                self.stdout.write(f"worked    {done:>7,}, {speed:5.1f} a second, {_memory()}")
        batch.refresh_from_db()
        rows = BatchRow.objects.filter(batch=batch)
        states = {state.label: rows.filter(state=state).count() for state in BatchRowState}
        self.stdout.write(
            "result    " + ", ".join(f"{label.lower()}: {found:,}" for label, found in states.items() if found)
        )
        filed = rows.filter(case__isnull=False)
        doubles = filed.count() - filed.values("case").distinct().count()
        lost = count - rows.count()
        self.stdout.write(f"lost      {lost}, doubled: {doubles}, state: {BatchState(batch.state).label.lower()}")
        for row in rows.exclude(problems=[]).order_by("number")[:3]:
            problem = row.problems[0]
            self.stdout.write(f"row {problem['row']}, {problem['column']}: {problem['message']}")


def write_file(path: Path, count: int, bad_every: int, mark: str) -> None:
    """A CSV of `count` applications; every `bad_every`th lacks the worker's city."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = _rows(count, bad_every, mark)
        first = next(rows)
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


def _rows(count: int, bad_every: int, mark: str) -> Iterator[dict[str, str]]:
    decided = clock.today() - timedelta(days=10)
    day, signed = mmddyyyy(decided), mmddyyyy(decided + timedelta(days=4))
    for number in range(1, count + 1):
        place = {"street address": "100 Main Street", "city": "Sacramento", "state": "California", "ZIP code": "95814"}
        yield {
            REFERENCE: f"T-{number}",
            "Type of review": "Regular",
            "Worker: first name": "Invented",
            "Worker: last name": f"Worker {number}",
            **{f"Worker: {name}": value for name, value in place.items()},
            **({"Worker: city": ""} if bad_every and number % bad_every == 0 else {}),
            "Claim: claim number": f"TIME-{mark}-{number}",
            "Claim: date of injury": mmddyyyy(decided - timedelta(days=200 + number % 3000)),
            "Employer: employer’s name": "Delta Orchards, Inc.",
            "Physician: first name": "Noah",
            "Physician: last name": "Bell",
            "Physician: specialty": "Pain Medicine",
            **{f"Physician: {name}": value for name, value in place.items()},
            "Physician: phone": "(916) 555-0177",
            "Claims administrator: contact’s last name": "Kovac",
            **{f"Claims administrator: {name}": value for name, value in place.items()},
            "Claims administrator: phone": "(916) 555-0100",
            "UR decision: date of the letter": day,
            "UR decision: date served": day,
            "UR decision: how it was served": "Electronic",
            "UR decision: denied only for missing information": "No",
            "UR decision: primary diagnosis": "Lumbago",
            "UR decision: liability disputed": "No",
            "Representative: attorney": "No",
            "Representative: other representative": "No",
            "Signature: signed by": "The injured worker",
            "Signature: name of the signer": f"Invented Worker {number}",
            "Signature: date signed": signed,
            "Signature: date of the consent": signed,
            "Item: requested treatment": f"{number % 12 + 1} sessions of aquatic therapy",
            "Item: kind of treatment": "rehabilitation-physical-and-occupational-therapy",
            "Item: UR outcome": "Denied",
        }


def _memory() -> str:
    return f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB:.0f} MiB"
