"""Holidays of California (Gov. Code 6700, 6701) and which of them close the state's offices.

Sunday dates of section 6701 move to Monday; from a Saturday only Veterans Day moves, to the Friday before. No
other Saturday holiday moves, which is where the federal calendar differs. Good Friday (noon to 3 PM) is a part of
a day and not listed. Offices close on the paid holidays of state employees (Gov. Code 19853); the others are
holidays on which the offices stay open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 3, 4, 5, 6
TO_BE_CONFIRMED = "to be confirmed"

# Lunar dates are looked up, not computed.
LUNAR_NEW_YEAR = {
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
    2030: date(2030, 2, 3),
}


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One holiday: the day on which it is kept, the law it rests on, and whether the offices are closed."""

    day: date
    name: str
    basis: str
    closes_office: bool


def california_holidays(year: int) -> list[HolidayRow]:
    """The holidays kept in `year`, by day, one row a day (2013 and later).

    A day that two holidays share is closed when one of them closes the offices.
    """
    rows: dict[date, HolidayRow] = {}
    for row in _all_of(year):
        held = rows.get(row.day)
        rows[row.day] = row if held is None else _merged(held, row)
    return [rows[day] for day in sorted(rows)]


def _all_of(year: int) -> Iterator[HolidayRow]:
    yield from _closing(year)
    yield from _open(year)


def _closing(year: int) -> Iterator[HolidayRow]:
    for month, day, name in (
        (1, 1, "New Year's Day"),
        (3, 31, "Cesar Chavez Day"),
        (7, 4, "Independence Day"),
        (11, 11, "Veterans Day"),
        (12, 25, "Christmas Day"),
    ):
        yield _fixed(date(year, month, day), name, closes_office=True)
    section = "Gov. Code 6700, 19853"
    yield HolidayRow(_nth(year, 1, MONDAY, 3), "Dr. Martin Luther King, Jr. Day", section, True)
    yield HolidayRow(_nth(year, 2, MONDAY, 3), "Presidents' Day", section, True)
    yield HolidayRow(_last_monday_of_may(year), "Memorial Day", section, True)
    yield HolidayRow(_nth(year, 9, MONDAY, 1), "Labor Day", section, True)
    thanksgiving = _nth(year, 11, THURSDAY, 4)
    yield HolidayRow(thanksgiving, "Thanksgiving Day", section, True)
    yield HolidayRow(thanksgiving + timedelta(days=1), "Day after Thanksgiving", "Gov. Code 19853", True)


def _open(year: int) -> Iterator[HolidayRow]:
    yield _fixed(date(year, 2, 12), "Lincoln Day", closes_office=False)
    yield _fixed(date(year, 9, 9), "Admission Day", closes_office=False)
    basis = f"Gov. Code 6700; open offices {TO_BE_CONFIRMED}"
    yield HolidayRow(_nth(year, 10, MONDAY, 2), "Columbus Day", basis, False)
    if year >= 2015:
        since = f"Gov. Code 6700; first year and open offices {TO_BE_CONFIRMED}"
        yield HolidayRow(_nth(year, 9, FRIDAY, 4), "Native American Day", since, False)
    if year >= 2023:
        yield HolidayRow(date(year, 4, 24), "Genocide Remembrance Day", basis, False)
        yield HolidayRow(date(year, 6, 19), "Juneteenth", basis, False)
    if lunar := LUNAR_NEW_YEAR.get(year):
        yield HolidayRow(lunar, "Lunar New Year", f"Gov. Code 6700; date and open offices {TO_BE_CONFIRMED}", False)


def _fixed(day: date, name: str, *, closes_office: bool) -> HolidayRow:
    basis = "Gov. Code 6700, 19853" if closes_office else f"Gov. Code 6700; open offices {TO_BE_CONFIRMED}"
    if day.weekday() == SUNDAY:
        return HolidayRow(day + timedelta(days=1), f"{name} (observed)", f"{basis}; 6701 (Sunday)", closes_office)
    if day.weekday() == SATURDAY and (day.month, day.day) == (11, 11):
        return HolidayRow(day - timedelta(days=1), f"{name} (observed)", f"{basis}; 6701 (Saturday)", closes_office)
    return HolidayRow(day, name, basis, closes_office)


def _merged(first: HolidayRow, second: HolidayRow) -> HolidayRow:
    leading, other = (second, first) if second.closes_office and not first.closes_office else (first, second)
    return HolidayRow(leading.day, f"{leading.name}; {other.name}", leading.basis, leading.closes_office)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=(last.weekday() - MONDAY) % 7)
