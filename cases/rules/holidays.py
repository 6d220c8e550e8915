"""Holidays of California (Gov. Code 6700, 6701) and which of them close the state's offices.

Sunday dates of section 6701 move to Monday; from a Saturday only Veterans Day moves, to the Friday before. No
other Saturday holiday moves, which is where the federal calendar differs. Good Friday (noon to 3 PM) is a part of
a day and not listed. Offices close on the paid holidays of state employees (Gov. Code 19853); the others are
holidays on which the offices stay open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

MONDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 3, 4, 5, 6
TO_BE_CONFIRMED = "to be confirmed"
CLOSING_BASIS = "Gov. Code 6700, 19853"

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
    2031: date(2031, 1, 23),
    2032: date(2032, 2, 11),
    2033: date(2033, 1, 31),
    2034: date(2034, 2, 19),
    2035: date(2035, 2, 8),
    2036: date(2036, 1, 28),
    2037: date(2037, 2, 15),
    2038: date(2038, 2, 4),
    2039: date(2039, 1, 24),
    2040: date(2040, 2, 12),
    2041: date(2041, 2, 1),
}
# Added by Stats. 2025, ch. 358 (AB 268), from 2026 on.
DIWALI = {
    2026: date(2026, 11, 8),
    2027: date(2027, 10, 29),
    2028: date(2028, 10, 17),
    2029: date(2029, 11, 5),
    2030: date(2030, 10, 26),
    2031: date(2031, 11, 14),
    2032: date(2032, 11, 2),
    2033: date(2033, 10, 22),
    2034: date(2034, 11, 10),
    2035: date(2035, 10, 30),
    2036: date(2036, 10, 18),
    2037: date(2037, 11, 6),
    2038: date(2038, 10, 27),
    2039: date(2039, 11, 15),
    2040: date(2040, 11, 4),
    2041: date(2041, 10, 25),
}


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One holiday: the day on which it is kept, the law it rests on, and whether the offices are closed.

    `is_confirmed` is false where the date or that the offices stay open is in doubt; `basis` says which.
    """

    day: date
    name: str
    basis: str
    closes_office: bool
    is_confirmed: bool


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
    for month, number, name in (
        (1, 1, "New Year's Day"),
        (3, 31, "Cesar Chavez Day"),
        (7, 4, "Independence Day"),
        (11, 11, "Veterans Day"),
        (12, 25, "Christmas Day"),
    ):
        yield _fixed(date(year, month, number), name, closes_office=True)
    thanksgiving = _nth(year, 11, THURSDAY, 4)
    for day, name in (
        (_nth(year, 1, MONDAY, 3), "Dr. Martin Luther King, Jr. Day"),
        (_nth(year, 2, MONDAY, 3), "Presidents' Day"),
        (_last_monday_of_may(year), "Memorial Day"),
        (_nth(year, 9, MONDAY, 1), "Labor Day"),
        (thanksgiving, "Thanksgiving Day"),
    ):
        yield HolidayRow(day, name, CLOSING_BASIS, closes_office=True, is_confirmed=True)
    day_after = thanksgiving + timedelta(days=1)
    yield HolidayRow(day_after, "Day after Thanksgiving", "Gov. Code 19853", closes_office=True, is_confirmed=True)


def _open(year: int) -> Iterator[HolidayRow]:
    yield _fixed(date(year, 2, 12), "Lincoln Day", closes_office=False)
    yield _fixed(date(year, 9, 9), "Admission Day", closes_office=False)
    yield _doubtful(_nth(year, 10, MONDAY, 2), "Columbus Day", "open offices")
    if year >= 2015:
        yield _doubtful(_nth(year, 9, FRIDAY, 4), "Native American Day", "first year and open offices")
    if year >= 2023:
        yield _doubtful(date(year, 4, 24), "Genocide Remembrance Day", "open offices")
        yield _doubtful(date(year, 6, 19), "Juneteenth", "open offices")
    if lunar := LUNAR_NEW_YEAR.get(year):
        yield _doubtful(lunar, "Lunar New Year", "date and open offices")
    if diwali := DIWALI.get(year):
        yield _doubtful(diwali, "Diwali", "date and open offices")


def _doubtful(day: date, name: str, doubt: str) -> HolidayRow:
    basis = f"Gov. Code 6700; {doubt} {TO_BE_CONFIRMED}"
    return HolidayRow(day, name, basis, closes_office=False, is_confirmed=False)


def _fixed(day: date, name: str, *, closes_office: bool) -> HolidayRow:
    row = (
        HolidayRow(day, name, CLOSING_BASIS, closes_office=True, is_confirmed=True)
        if closes_office
        else _doubtful(day, name, "open offices")
    )
    if day.weekday() == SUNDAY:
        return _observed(row, day + timedelta(days=1), "6701 (Sunday)")
    if day.weekday() == SATURDAY and (day.month, day.day) == (11, 11):
        return _observed(row, day - timedelta(days=1), "6701 (Saturday)")
    return row


def _observed(row: HolidayRow, day: date, rule: str) -> HolidayRow:
    return replace(row, day=day, name=f"{row.name} (observed)", basis=f"{row.basis}; {rule}")


def _merged(first: HolidayRow, second: HolidayRow) -> HolidayRow:
    leading, other = (second, first) if second.closes_office and not first.closes_office else (first, second)
    return replace(leading, name=f"{leading.name}; {other.name}")


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=(last.weekday() - MONDAY) % 7)
