"""One question about a deadline, as a program asks it, and its answer.

The question is a mapping: `rule` (D1 to D19), `start`, and as far as they matter `start_time`, `fold`, `service`,
`place`, `key_date`, `variant`, `approved`. The answer has `rule`, `due`, `citation`, `steps`, and what is still to be
confirmed about it.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from cases.enums import PeriodUnit, ServiceMethod, ServicePlace
from cases.rules.deadlines import compute_due, steps
from cases.rules.deadlines_law import APPROVED, LawBook, LawRow, NoRuleError, extension_keys
from imr.core.calendar import NonexistentTimeError, pacific_instant
from imr.core.clock import PACIFIC

NOON = time(12)
FIRST_DAY = date(2013, 1, 1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
_RULE = re.compile(r"D([1-9]|1[0-9])", re.ASCII)

# A dispute about formulary drugs and the like is the same stage under another clock.
ALIASES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("D1", "formulary"): ("D2", ""),
    ("D1", "after_liability"): ("D3", ""),
    ("D1", "after_form"): ("D4", ""),
    ("D10", "formulary"): ("D11", ""),
    ("D10", "expedited"): ("D12", ""),
}
# What the manner of service makes of the period itself, instead of lengthening it (8 CCR 9792.10.5(a)(1)).
RECORDS_BY_SERVICE: Mapping[str, str] = {
    ServiceMethod.MAIL: "mail",
    ServiceMethod.ELECTRONIC: "electronic",
    ServiceMethod.FAX: "electronic",
    ServiceMethod.PERSONAL: "personal",
}


class QuestionError(ValueError):
    """The question cannot be answered; `str` of it is a sentence for people."""


def answer(question: object, book: LawBook) -> dict[str, Any]:
    """The answer to `question` from `book`; raises `QuestionError` with plain words."""
    if not isinstance(question, Mapping):
        raise QuestionError("A question is a JSON object.")
    try:
        return _answer(question, book)
    except (NoRuleError, NonexistentTimeError) as error:
        raise QuestionError(str(error)) from error


def _answer(question: Mapping[str, Any], book: LawBook) -> dict[str, Any]:
    rule = _text(question, "rule")
    if rule is None or not _RULE.fullmatch(rule):
        raise QuestionError("“rule” has to be one of D1 to D19.")
    start = _day(question, "start")
    if start is None:
        raise QuestionError("“start” is missing: the day of the event, as YYYY-MM-DD.")
    if start < FIRST_DAY:
        raise QuestionError("“start” lies before 01/01/2013, when the law began to apply.")
    _within(start, book)
    clock_time = _time(question)
    service = _choice(question, "service", ServiceMethod.values)
    place = _choice(question, "place", ServicePlace.values) or ServicePlace.CALIFORNIA.value
    on = _day(question, "key_date") or start
    at = pacific_instant(start, clock_time or NOON, fold=_fold(question))
    deadline_id, variant = _governing(rule, question, service, has_time=clock_time is not None)
    row = _row(book, deadline_id, variant, on)
    if row.unit == PeriodUnit.DOLLARS:
        return _penalty(rule, row, at, on, book)
    if row.unit == PeriodUnit.OPEN_ENDED:
        raise QuestionError(f"{rule} has no last day: {row.label} ({row.citation}). {row.start_event}")
    if row.unit == PeriodUnit.HOURS and clock_time is None:
        raise QuestionError(f"{rule} counts {row.value} hours, so “start_time” is needed, as HH:MM.")
    keys = extension_keys(service or ServiceMethod.PERSONAL, place, is_approved=_flag(question, "approved"))
    period = book.period(row, keys, on=on)
    due = compute_due(period, at, row.start_event, book.closed, key_date=on)
    if row.unit != PeriodUnit.MONTHS:
        _within(due.last_day or due.due_at.astimezone(PACIFIC).date(), book)
    told = due.explanation
    citations = [row.citation, *(part["citation"] for part in told["parts"][1:])]
    return {
        "rule": rule,
        "due": due.last_day.isoformat() if due.last_day else due.due_at.astimezone(PACIFIC).isoformat(),
        "citation": "; ".join(dict.fromkeys(citations)),
        "steps": steps(told) + _remarks(row, service),
        "is_confirmed": not told["doubts"],
        "version": _version(row),
    }


def _remarks(row: LawRow, service: str | None) -> list[str]:
    """What service does not change, said where somebody may expect that it does."""
    if not row.extensions.keys() - {APPROVED}:
        return [] if row.deadline_id == "D8" else ["The manner of service does not lengthen this period."]
    if service is None:
        return ["No manner of service was given; nothing was added for it."]
    if service == ServiceMethod.PERSONAL:
        return ["Personal service adds nothing."]
    if service == ServiceMethod.FAX and ServiceMethod.FAX not in row.extensions:
        return ["Service by fax adds nothing here: CCP 1013(e) asks for a written agreement to be served by fax."]
    return []


def _governing(rule: str, question: Mapping[str, Any], service: str | None, *, has_time: bool) -> tuple[str, str]:
    variant = _text(question, "variant") or ""
    if (rule, variant) in ALIASES:
        rule, variant = ALIASES[rule, variant]
    if rule == "D8" and not variant:
        if service is None:
            raise QuestionError("D8 depends on “service”: how the notice of assignment was sent.")
        variant = RECORDS_BY_SERVICE[service]
    if rule == "D12" and not variant and not has_time:
        # LC 4610.6(d)(2) says three days; the hours need an instant.
        variant = "days"
    return rule, variant


def _row(book: LawBook, deadline_id: str, variant: str, on: date) -> LawRow:
    known = book.variants(deadline_id)
    if known and variant not in known:
        others = ", ".join(name for name in known if name)
        raise QuestionError(
            f"{deadline_id} has no variant “{variant[:40]}”." + (f" It has: {others}." if others else "")
        )
    return book.governing(deadline_id, variant, on=on)


def _penalty(rule: str, row: LawRow, at: datetime, on: date, book: LawBook) -> dict[str, Any]:
    """The day on which a daily penalty reaches its maximum, the day after `at` being the first that costs."""
    maximum = book.named(row.name + "_maximum", on=on)
    days = -(-maximum.value // row.value)
    period = LawRow.from_values(
        {name: getattr(row, name) for name in LawRow.__slots__}
        | {"value": days, "unit": PeriodUnit.CALENDAR_DAYS, "label": "Late days until the maximum"}
    ).period()
    due = compute_due(period, at, row.start_event, {}, key_date=on)
    last_day = due.last_day
    if last_day is None:
        raise QuestionError(f"{rule} is a daily amount and its row is not.")
    return {
        "rule": rule,
        "due": last_day.isoformat(),
        "citation": row.citation,
        "steps": [
            *steps(due.explanation),
            f"${row.value:,} for each day late, from the day after; ${maximum.value:,} at most, reached on this day.",
        ],
        "is_confirmed": row.is_confirmed and maximum.is_confirmed,
        "version": _version(row),
    }


def _version(row: LawRow) -> str:
    until = f" until {row.in_force_until:%m/%d/%Y}" if row.in_force_until else ""
    return f"{row.name}, in force from {row.in_force_from:%m/%d/%Y}{until}"


def _within(day: date, book: LawBook) -> None:
    if day > book.last_known_day:
        raise QuestionError(f"The holidays are known through {book.last_known_day:%m/%d/%Y}; {day:%m/%d/%Y} is later.")


def _text(question: Mapping[str, Any], name: str) -> str | None:
    value = question.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise QuestionError(f"“{name}” has to be text.")
    return value.strip()


def _choice(question: Mapping[str, Any], name: str, known: list[str]) -> str | None:
    value = _text(question, name)
    if not value:
        return None
    if value not in known:
        raise QuestionError(f"“{name}” has to be one of: {', '.join(known)}.")
    return value


def _day(question: Mapping[str, Any], name: str) -> date | None:
    value = _text(question, name)
    if not value:
        return None
    if not _DAY.fullmatch(value):
        raise QuestionError(f"“{name}” has to be a day as YYYY-MM-DD.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise QuestionError(f"“{name}” is not a day of the calendar: {value}.") from None


def _time(question: Mapping[str, Any]) -> time | None:
    value = _text(question, "start_time")
    if not value:
        return None
    if not _TIME.fullmatch(value):
        raise QuestionError("“start_time” has to be a time as HH:MM, from 00:00 to 23:59.")
    return time.fromisoformat(value)


def _fold(question: Mapping[str, Any]) -> int:
    value = question.get("fold", 0)
    if not isinstance(value, int) or value not in {0, 1}:
        raise QuestionError("“fold” has to be 0 or 1: the first or the second of a repeated hour.")
    return int(value)


def _flag(question: Mapping[str, Any], name: str) -> bool:
    value = question.get(name, False)
    if not isinstance(value, bool):
        raise QuestionError(f"“{name}” has to be true or false.")
    return value
