"""Legal periods at their boundaries; the ids are those of the reliability plan's time list."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr.core import calendar
from imr.core.clock import PACIFIC, pacific_date

DAYS = st.dates(date(2013, 1, 1), date(2040, 12, 31))
CLOSED = st.frozensets(DAYS, max_size=20)
THANKSGIVING = frozenset({date(2026, 11, 26), date(2026, 11, 27)})


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=PACIFIC, fold=fold)  # type: ignore[arg-type,misc]


def test_add_hours_counts_elapsed_hours_over_the_spring_change() -> None:  # T1
    assert calendar.add_hours(local(2026, 3, 6, 15), 72) == local(2026, 3, 9, 16)


def test_add_hours_counts_elapsed_hours_over_the_autumn_change() -> None:  # T2
    assert calendar.add_hours(local(2026, 10, 30, 15), 72) == local(2026, 11, 2, 14)


def test_pacific_date_is_not_the_utc_date() -> None:
    assert pacific_date(local(2026, 6, 30, 23, 30)) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("start", "expected"),
    [(date(2028, 1, 30), date(2028, 2, 29)), (date(2027, 1, 30), date(2027, 3, 1))],
)
def test_thirty_days_from_the_end_of_january(start: date, expected: date) -> None:  # T5
    assert calendar.add_calendar_days(start, 30).last_day == expected


def test_twelve_months_from_a_leap_day_end_on_the_28th() -> None:  # T6
    assert calendar.add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 11, 16), date(2026, 11, 19)),
        (date(2026, 11, 23), date(2026, 11, 30)),  # Thursday and Friday are closed, then the weekend
        (date(2026, 11, 22), date(2026, 11, 25)),
    ],
)
def test_last_day_rolls_over_a_chain_of_closed_days(start: date, expected: date) -> None:  # T7
    assert calendar.add_calendar_days(start, 3, closed=THANKSGIVING, rolls=True).last_day == expected


def test_last_day_stays_where_the_rule_does_not_roll() -> None:
    assert calendar.add_calendar_days(date(2026, 11, 23), 3, closed=THANKSGIVING).last_day == date(2026, 11, 26)


def test_business_days_name_what_they_stepped_over() -> None:  # T8
    counted = calendar.add_business_days(date(2026, 11, 25), 1, closed=THANKSGIVING)
    assert counted.last_day == date(2026, 11, 30)
    assert counted.skipped == (date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29))


def test_end_of_day_is_the_last_instant_of_the_pacific_day() -> None:  # T9
    end = calendar.end_of_day(date(2026, 11, 1))  # 25 hours long
    assert pacific_date(end) == date(2026, 11, 1)
    assert end < local(2026, 11, 2)
    assert (local(2026, 11, 2) - end).total_seconds() < 0.001


@given(start=DAYS, days=st.integers(0, 60), more=st.integers(0, 10), closed=CLOSED)
def test_business_deadline_is_monotone_and_open(start: date, days: int, more: int, closed: frozenset[date]) -> None:
    sooner = calendar.add_business_days(start, days, closed=closed).last_day
    later = calendar.add_business_days(start, days + more, closed=closed).last_day
    assert start <= sooner <= later
    assert days == 0 or calendar.is_business_day(sooner, closed)


@given(start=DAYS, days=st.integers(1, 60), closed=CLOSED, holiday=DAYS)
def test_adding_a_holiday_never_shortens(start: date, days: int, closed: frozenset[date], holiday: date) -> None:
    more = closed | {holiday}
    assert (
        calendar.add_business_days(start, days, closed=closed).last_day
        <= calendar.add_business_days(start, days, closed=more).last_day
    )
    assert (
        calendar.add_calendar_days(start, days, closed=closed, rolls=True).last_day
        <= calendar.add_calendar_days(start, days, closed=more, rolls=True).last_day
    )
