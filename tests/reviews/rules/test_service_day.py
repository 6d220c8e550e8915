"""On which day a letter leaves: the cut-off minute by minute, weekends, holidays (E42, W25)."""

from datetime import date, datetime, time

import pytest

from imr.core.clock import PACIFIC
from reviews.rules.service_day import service_days

CUT_OFF = time(15, 30)
THANKSGIVING = {date(2026, 11, 26), date(2026, 11, 27)}


@pytest.mark.parametrize(
    ("now", "usual", "following"),
    [
        ((2026, 11, 23, 0, 0), (2026, 11, 23), (2026, 11, 24)),
        ((2026, 11, 23, 15, 29), (2026, 11, 23), (2026, 11, 24)),
        ((2026, 11, 23, 15, 30, 59), (2026, 11, 23), (2026, 11, 24)),
        ((2026, 11, 23, 15, 31), (2026, 11, 24), (2026, 11, 24)),
        ((2026, 11, 23, 23, 59, 59), (2026, 11, 24), (2026, 11, 24)),
        ((2026, 11, 25, 15, 31), (2026, 11, 30), (2026, 11, 30)),
        ((2026, 11, 26, 9, 0), (2026, 11, 30), (2026, 11, 30)),
        ((2026, 11, 28, 9, 0), (2026, 11, 30), (2026, 11, 30)),
        # The hour that a day in March does not have.
        ((2027, 3, 14, 12, 0), (2027, 3, 15), (2027, 3, 15)),
    ],
)
def test_day_of_service_follows_the_clock_in_california(
    now: tuple[int, ...], usual: tuple[int, ...], following: tuple[int, ...]
) -> None:
    days = service_days(datetime(*now, tzinfo=PACIFIC), cut_off=CUT_OFF, closed=THANKSGIVING)  # type: ignore[misc, arg-type]
    assert (days.today, days.usual, days.following) == (date(*now[:3]), date(*usual), date(*following))
    assert days.is_today_usual == (days.today == days.usual)
