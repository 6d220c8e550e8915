"""The arithmetic of a due date day by day, from its stored explanation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cases.enums import PeriodUnit
from cases.rules.deadlines import WEEKDAYS
from imr.core.clock import pacific_date

# A period of months is not counted by days, and nobody reads a list of a year.
MOST_DAYS = 150


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day: `count` is its number in the period, or None with the reason in `note`."""

    day: date
    weekday: str
    count: int | None
    note: str
    is_last: bool = False


def day_by_day(explanation: Mapping[str, Any]) -> list[DayLine]:
    """Every day from the start to the last one; empty for periods in hours or months, and for very long ones."""
    if explanation["unit"] not in {PeriodUnit.CALENDAR_DAYS, PeriodUnit.BUSINESS_DAYS}:
        return []
    start = pacific_date(datetime.fromisoformat(explanation["start"]))
    end = date.fromisoformat(explanation["parts"][-1]["end"])
    if (end - start).days > MOST_DAYS:
        return []
    lines = [DayLine(start, WEEKDAYS[start.weekday()], None, f"{explanation['start_event']}: not counted")]
    lines += _counted(explanation, start, end)
    return lines


def _counted(explanation: Mapping[str, Any], start: date, end: date) -> Iterator[DayLine]:
    day, count = start, 0
    rolled = next((dict(part["skipped"]) for part in explanation["parts"] if part["what"] == "roll"), {})
    for part in explanation["parts"]:
        skipped = dict(part["skipped"])
        stop = date.fromisoformat(part["end"])
        if part["what"] == "roll":
            # The closed last day is listed already, as a counted one; what follows it is passed over.
            yield from _moved(skipped, day, stop)
            return
        while day < stop:
            day += timedelta(days=1)
            why = skipped.get(day.isoformat())
            if why is None:
                count += 1
            note = (part["label"] if part["what"] == "extension" else "") if why is None else f"not counted: {why}"
            if why is None and day == stop and day.isoformat() in rolled:
                note = f"offices closed: {rolled[day.isoformat()]}"
            yield DayLine(day, WEEKDAYS[day.weekday()], None if why else count, note, is_last=day == end)


def _moved(skipped: Mapping[str, str], day: date, stop: date) -> Iterator[DayLine]:
    while day < stop:
        day += timedelta(days=1)
        why = skipped.get(day.isoformat())
        note = f"offices closed: {why}" if why else "first open day after a closed last day"
        yield DayLine(day, WEEKDAYS[day.weekday()], None, note, is_last=day == stop)
