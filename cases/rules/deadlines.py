"""Due dates of the stages of a case, as pure functions of a rule of law and a start."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cases.enums import PeriodUnit
from imr.core import calendar
from imr.core.clock import PACIFIC, pacific_date

ROLL_CITATION = "CCP 12a"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Extension:
    """Time that is added to a period: by the manner of service (CCP 1013), or by approval."""

    name: str
    value: int
    unit: str
    citation: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock stood still from `since` to `until`; the day of `until` counts again."""

    since: datetime
    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """A period of law as its dated row gives it. `extensions` lengthen it, in order, and are cited apart."""

    name: str
    value: int
    unit: str
    rolls: bool
    citation: str
    is_confirmed: bool
    extensions: tuple[Extension, ...] = ()
    is_roll_confirmed: bool = False
    parameter: str = ""
    deadline_id: str = ""
    start_event: str = ""
    in_force_from: date | None = None
    in_force_until: date | None = None


@dataclass(frozen=True, slots=True)
class DueDate:
    """When a period ends, and how that was found. `last_day` is None for a period in hours."""

    due_at: datetime
    last_day: date | None
    explanation: dict[str, Any]


def compute_due(
    rule: PeriodRule,
    start: datetime,
    start_event: str,
    closed: Container[date],
    *,
    pauses: Sequence[Pause] = (),
    key_date: date | None = None,
) -> DueDate:
    """The last instant in time for `rule` counted from `start` (aware).

    Day periods end with the last Pacific day; hour periods at the exact instant. `closed` may map a day to the
    holiday's name. The explanation holds plain values that can be shown and stored: rule, citation, start, and under
    `parts` each step with the days it stepped over and why.
    """
    parts = (
        _parts_in_hours(rule, start, pauses)
        if rule.unit == PeriodUnit.HOURS
        else _parts_in_days(rule, pacific_date(start), closed, pauses)
    )
    last_day: date | None = None
    if rule.unit == PeriodUnit.HOURS:
        due_at = datetime.fromisoformat(parts[-1]["end"])
    else:
        last_day = date.fromisoformat(parts[-1]["end"])
        due_at = calendar.end_of_day(last_day)
    rolled = parts[-1]["what"] == "roll"
    doubts = _doubts(rule, rolled=rolled, last_day=last_day, closed=closed)
    added = [part for part in parts if part["what"] == "extension"]
    explanation = {
        "rule": rule.name,
        "parameter": rule.parameter,
        "deadline_id": rule.deadline_id,
        "citation": rule.citation,
        "is_confirmed": rule.is_confirmed,
        "in_force_from": rule.in_force_from.isoformat() if rule.in_force_from else None,
        "in_force_until": rule.in_force_until.isoformat() if rule.in_force_until else None,
        "key_date": (key_date or pacific_date(start)).isoformat(),
        "start_event": start_event,
        "start": start.isoformat(),
        "value": rule.value,
        "unit": rule.unit,
        "extra_days": sum(part["value"] for part in added),
        "extra_citation": "; ".join(part["citation"] for part in added),
        "parts": parts,
        "skipped": [day for part in parts for day, _ in part["skipped"]],
        "doubts": doubts,
        "due": due_at.isoformat(),
    }
    return DueDate(due_at=due_at, last_day=last_day, explanation=explanation)


def _parts_in_hours(rule: PeriodRule, start: datetime, pauses: Sequence[Pause]) -> list[dict[str, Any]]:
    end = calendar.add_hours(start, rule.value)
    parts = [_part("period", rule, _local(end))]
    for extension in rule.extensions:
        hours = extension.value if extension.unit == PeriodUnit.HOURS else extension.value * 24
        end = calendar.add_hours(end, hours)
        parts.append(_part("extension", extension, _local(end)))
    for pause in pauses:
        # What is left of the period begins again when the pause ends; a pause after the end moves nothing.
        if pause.since < end:
            end += max(pause.until - max(pause.since, start), timedelta())
            parts.append(_part("pause", Extension(pause.reason, 0, rule.unit, "", is_confirmed=True), _local(end)))
    return parts


def _parts_in_days(
    rule: PeriodRule, first: date, closed: Container[date], pauses: Sequence[Pause]
) -> list[dict[str, Any]]:
    paused = _paused_days(pauses)
    counted = _count(first, rule.value, rule.unit, closed, paused)
    parts = [_part("period", rule, counted.last_day.isoformat(), _reasons(counted.skipped, closed, paused))]
    for extension in rule.extensions:
        counted = _count(counted.last_day, extension.value, extension.unit, closed, paused)
        reasons = _reasons(counted.skipped, closed, paused)
        parts.append(_part("extension", extension, counted.last_day.isoformat(), reasons))
    if rule.rolls:
        rolled = calendar.roll_forward(counted.last_day, closed=closed)
        if rolled.skipped:
            reasons = _reasons(rolled.skipped, closed, {})
            roll = Extension("", 0, "", ROLL_CITATION, rule.is_roll_confirmed)
            parts.append(_part("roll", roll, rolled.last_day.isoformat(), reasons))
    return parts


def _count(start: date, value: int, unit: str, closed: Container[date], paused: Mapping[date, str]) -> calendar.Counted:
    if unit == PeriodUnit.BUSINESS_DAYS:
        return calendar.add_business_days(start, value, closed=closed, paused=paused)
    if unit == PeriodUnit.MONTHS:
        return calendar.Counted(calendar.add_months(start, value))
    return calendar.add_calendar_days(start, value, paused=paused or frozenset())


def _part(what: str, of: PeriodRule | Extension, end: str, skipped: list[list[str]] | None = None) -> dict[str, Any]:
    return {
        "what": what,
        "label": of.name,
        "value": of.value,
        "unit": of.unit,
        "citation": of.citation,
        "end": end,
        "skipped": skipped or [],
    }


def _paused_days(pauses: Sequence[Pause]) -> dict[date, str]:
    """The days on which the clock stood still: from the day of the pause to the day before it ran again."""
    found: dict[date, str] = {}
    for pause in pauses:
        day, end = pacific_date(pause.since), pacific_date(pause.until)
        while day < end:
            found[day] = pause.reason
            day += calendar.ONE_DAY
    return found


def _reasons(skipped: Sequence[date], closed: Container[date], paused: Mapping[date, str]) -> list[list[str]]:
    return [[day.isoformat(), why_skipped(day, closed, paused)] for day in skipped]


def why_skipped(day: date, closed: Container[date], paused: Mapping[date, str]) -> str:
    """Why `day` was stepped over, in words: a pause, the holiday's name, or the day of the weekend."""
    if day in paused:
        return f"clock paused: {paused[day]}" if paused[day] else "clock paused"
    if day in closed:
        return closed[day] if isinstance(closed, Mapping) else "holiday"
    return WEEKDAYS[day.weekday()]


def _doubts(rule: PeriodRule, *, rolled: bool, last_day: date | None, closed: Container[date]) -> list[str]:
    doubts = [] if rule.is_confirmed else [f"{rule.name}: {_amount(rule.value, rule.unit)} ({rule.citation})"]
    doubts += [
        f"{extension.name}: {_amount(extension.value, extension.unit)} ({extension.citation})"
        for extension in rule.extensions
        if not extension.is_confirmed
    ]
    counts_calendar_days = rule.unit == PeriodUnit.CALENDAR_DAYS
    if rolled and not rule.is_roll_confirmed:
        doubts.append(f"that a last day on which the offices are closed moves to the next open day ({ROLL_CITATION})")
    elif (
        last_day is not None
        and counts_calendar_days
        and not rule.rolls
        and not calendar.is_business_day(last_day, closed)
    ):
        doubts.append(
            f"whether this last day, on which the offices are closed, moves to the next open day ({ROLL_CITATION}); "
            "the earlier day is shown"
        )
    return doubts


def _amount(value: int, unit: str) -> str:
    label = str(PeriodUnit(unit).label)
    return f"{value} {label.removesuffix('s') if value == 1 else label}"


def _local(instant: datetime) -> str:
    return instant.astimezone(PACIFIC).isoformat()


def steps(explanation: Mapping[str, Any]) -> list[str]:
    """The arithmetic of `compute_due` in sentences, one a step."""
    start = datetime.fromisoformat(explanation["start"])
    in_hours = explanation["unit"] == PeriodUnit.HOURS
    event = explanation["start_event"] or "the start"
    lines = [f"Counted from {event}: {_moment(start) if in_hours else _day(pacific_date(start)) + ', not counted'}."]
    for part in explanation["parts"]:
        end = datetime.fromisoformat(part["end"])
        where = _moment(end) if in_hours else _day(end.date())
        lines.append(_sentence(part, where))
    lines += [f"To be confirmed: {doubt}." for doubt in explanation["doubts"]]
    return lines


def _sentence(part: Mapping[str, Any], where: str) -> str:
    passed = ", ".join(f"{_day(date.fromisoformat(day), why)}" for day, why in part["skipped"])
    stepped = f" Not counted: {passed}." if passed else ""
    match part["what"]:
        case "period":
            return f"{_amount(part['value'], part['unit'])} lead to {where} ({part['citation']}).{stepped}"
        case "extension":
            more = _amount(part["value"], part["unit"])
            return f"{part['label']}: {more} more lead to {where} ({part['citation']}).{stepped}"
        case "pause":
            return f"The clock was paused{': ' + part['label'] if part['label'] else ''}. The end moves to {where}."
        case _:
            return f"The offices are closed on {passed}; the last day moves to {where} ({part['citation']})."


def _day(day: date, why: str = "") -> str:
    return f"{WEEKDAYS[day.weekday()]} {day:%m/%d/%Y}" + (f" ({why})" if why not in {"", *WEEKDAYS} else "")


def _moment(instant: datetime) -> str:
    local = instant.astimezone(PACIFIC)
    return f"{_day(local.date())}, {local.strftime('%I:%M %p').lstrip('0')} {local.tzname()}"
