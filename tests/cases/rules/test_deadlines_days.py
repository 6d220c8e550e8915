"""The arithmetic day by day agrees with the date."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.deadlines import Extension, Pause, PeriodRule, compute_due
from cases.rules.deadlines_days import day_by_day
from cases.services.reference import fixture_book
from imr.core.clock import PACIFIC

RULE = PeriodRule(
    name="A period",
    value=5,
    unit="calendar_days",
    rolls=True,
    citation="LC 1",
    is_confirmed=True,
    start_event="service",
)
MORE = Extension("Mail", 2, "business_days", "CCP 1013(a)", is_confirmed=True)


@cache
def closed() -> dict[date, str]:
    return dict(fixture_book().closed)


def at(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=PACIFIC)


def test_days_are_named_counted_and_stepped_over() -> None:
    due = compute_due(replace(RULE, extensions=(MORE,)), at(date(2026, 11, 20)), "service", closed())
    lines = day_by_day(due.explanation)
    assert [(line.day.day, line.count, line.note) for line in lines] == [
        (20, None, "service: not counted"),
        (21, 1, ""),
        (22, 2, ""),
        (23, 3, ""),
        (24, 4, ""),
        (25, 5, ""),
        (26, None, "not counted: Thanksgiving Day"),
        (27, None, "not counted: Day after Thanksgiving"),
        (28, None, "not counted: Saturday"),
        (29, None, "not counted: Sunday"),
        (30, 6, "Mail"),
        (1, 7, "Mail"),
    ]
    assert [line.day for line in lines if line.is_last] == [date(2026, 12, 1)]


def test_moved_last_day_shows_the_closed_days() -> None:
    due = compute_due(RULE, at(date(2026, 11, 21)), "service", closed())
    assert due.last_day == date(2026, 11, 30)
    tail = [(line.count, line.note) for line in day_by_day(due.explanation)][-5:]
    assert tail == [
        (5, "offices closed: Thanksgiving Day"),
        (None, "offices closed: Day after Thanksgiving"),
        (None, "offices closed: Saturday"),
        (None, "offices closed: Sunday"),
        (None, "first open day after a closed last day"),
    ]


@pytest.mark.parametrize("unit", ["hours", "months"])
def test_hours_and_months_have_no_list_of_days(unit: str) -> None:
    due = compute_due(replace(RULE, unit=unit, rolls=False), at(date(2026, 11, 20)), "service", closed())
    assert day_by_day(due.explanation) == []


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    start=st.dates(date(2013, 1, 1), date(2040, 12, 1)),
    unit=st.sampled_from(["calendar_days", "business_days"]),
    value=st.integers(1, 45),
    is_mailed=st.booleans(),
    paused=st.tuples(st.integers(0, 20), st.integers(0, 9)),
)
def test_the_list_ends_on_the_last_day_and_counts_the_period(
    start: date, unit: str, value: int, is_mailed: bool, paused: tuple[int, int]
) -> None:
    since = at(start) + timedelta(days=paused[0])
    pause = Pause(since.astimezone(UTC), (since + timedelta(days=paused[1])).astimezone(UTC), "held")
    rule = replace(RULE, unit=unit, value=value, extensions=(MORE,) if is_mailed else ())
    plain = compute_due(rule, at(start), "service", closed())
    due = compute_due(rule, at(start), "service", closed(), pauses=[pause])
    lines = day_by_day(due.explanation)
    assert lines[-1].day == due.last_day
    assert [line.day for line in lines] == [start + timedelta(days=index) for index in range(len(lines))]
    assert max(line.count or 0 for line in lines) == value + (2 if is_mailed else 0)
    assert due.due_at >= plain.due_at
