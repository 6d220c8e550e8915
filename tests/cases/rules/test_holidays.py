from datetime import date, timedelta

import pytest

from cases.rules.holidays import california_holidays


def closed(year: int) -> dict[str, date]:
    return {row.name: row.day for row in california_holidays(year) if row.closes_office}


def test_offices_close_on_eleven_days_of_2026() -> None:
    assert [f"{day:%m/%d}" for day in closed(2026).values()] == [
        "01/01", "01/19", "02/16", "03/31", "05/25", "07/04", "09/07", "11/11", "11/26", "11/27", "12/25",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("year", "name", "day"),
    [
        # Sunday: the Monday after.
        (2017, "New Year's Day (observed)", date(2017, 1, 2)),
        (2019, "Cesar Chavez Day (observed)", date(2019, 4, 1)),
        (2021, "Independence Day (observed)", date(2021, 7, 5)),
        (2018, "Veterans Day (observed)", date(2018, 11, 12)),
        (2022, "Christmas Day (observed)", date(2022, 12, 26)),
        # Saturday: Veterans Day alone goes to the Friday before.
        (2017, "Veterans Day (observed)", date(2017, 11, 10)),
        (2023, "Veterans Day (observed)", date(2023, 11, 10)),
        # Weekday: stays.
        (2026, "Veterans Day", date(2026, 11, 11)),
    ],
)
def test_section_6701_moves_sunday_dates_and_saturday_veterans_day(year: int, name: str, day: date) -> None:
    assert closed(year)[name] == day


@pytest.mark.parametrize("day", [date(2026, 7, 3), date(2027, 12, 24), date(2027, 12, 31), date(2027, 6, 18)])
def test_other_saturday_holidays_do_not_move_to_friday(day: date) -> None:
    assert day not in closed(day.year).values()


@pytest.mark.parametrize(
    ("year", "name", "day"),
    [
        (2026, "Lincoln Day", date(2026, 2, 12)),
        (2023, "Lincoln Day (observed)", date(2023, 2, 13)),
        (2026, "Lunar New Year", date(2026, 2, 17)),
        (2026, "Genocide Remembrance Day", date(2026, 4, 24)),
        (2026, "Juneteenth", date(2026, 6, 19)),
        (2026, "Admission Day", date(2026, 9, 9)),
        (2026, "Native American Day", date(2026, 9, 25)),
        (2026, "Columbus Day", date(2026, 10, 12)),
        (2026, "Diwali", date(2026, 11, 8)),
        (2040, "Lunar New Year", date(2040, 2, 12)),
    ],
)
def test_offices_stay_open_on_the_other_holidays_of_section_6700(year: int, name: str, day: date) -> None:
    (row,) = [row for row in california_holidays(year) if row.name == name]
    assert (row.day, row.closes_office, row.is_confirmed) == (day, False, False)
    assert "to be confirmed" in row.basis


@pytest.mark.parametrize("year", range(2013, 2042))
def test_every_year_has_each_day_once_and_closed_days_are_never_sundays(year: int) -> None:
    rows = california_holidays(year)
    days = [row.day for row in rows]
    assert days == sorted(set(days))
    assert {day.year for day in days} == {year}
    assert len(closed(year)) == 11
    assert not any(row.day.weekday() == 6 for row in rows if row.closes_office)
    thanksgiving = closed(year)["Thanksgiving Day"]
    assert (thanksgiving.weekday(), 22 <= thanksgiving.day <= 28) == (3, True)
    assert closed(year)["Day after Thanksgiving"] == thanksgiving + timedelta(days=1)
    assert all(row.basis for row in rows)
    assert all(row.is_confirmed is not ("to be confirmed" in row.basis) for row in rows)


@pytest.mark.parametrize(
    ("name", "last_year_without"),
    [("Native American Day", 2014), ("Juneteenth", 2022), ("Genocide Remembrance Day", 2022), ("Diwali", 2025)],
)
def test_later_holidays_begin_in_their_year(name: str, last_year_without: int) -> None:
    def has(year: int) -> bool:
        return any(name in row.name for row in california_holidays(year))

    assert (has(last_year_without), has(last_year_without + 1)) == (False, True)
