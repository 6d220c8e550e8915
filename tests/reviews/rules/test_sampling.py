"""Rate, even spread, and what is always read."""

from datetime import date
from decimal import Decimal

import pytest

from reviews.enums import SampleReason
from reviews.rules.sampling import LOTS, DrawFacts, DrawReason, SamplingFigures, allowance, draw, lot_of

FIGURES = SamplingFigures(Decimal("5.5"), 60, 3, always_panel=True, always_expedited=False, always_overturned=False)
USUAL = DrawFacts(was_returned=False, earlier=3, is_panel=False, is_expedited=False, is_overturned=True)
DAY = date(2026, 6, 10)


def _draw(facts: DrawFacts = USUAL, *, lot: int = 0, drawn: int = 0, figures: SamplingFigures = FIGURES) -> DrawReason:
    return draw(figures, facts, lot=lot, drawn_this_month=drawn, day=DAY)


def test_the_values_are_those_of_the_column() -> None:
    assert [reason.value for reason in DrawReason] == SampleReason.values


@pytest.mark.parametrize(("lot", "reason"), [(0, "lot"), (549, "lot"), (550, "not_drawn"), (9_999, "not_drawn")])
def test_the_share_is_drawn_by_lot(lot: int, reason: str) -> None:
    assert _draw(lot=lot) == reason


def test_the_cap_is_spread_evenly_over_the_month() -> None:
    assert [allowance(60, date(2026, 6, day)) for day in (1, 10, 15, 29, 30)] == [2, 20, 30, 58, 60]
    assert allowance(1, date(2026, 2, 1)) == 1
    assert allowance(0, date(2026, 2, 28)) == 0
    assert (_draw(drawn=19), _draw(drawn=20)) == (DrawReason.LOT, DrawReason.CAP)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"was_returned": True}, "returned"),
        ({"earlier": 2}, "first"),
        ({"is_panel": True}, "panel"),
        ({"is_expedited": True}, "not_drawn"),
        ({}, "not_drawn"),
    ],
)
def test_what_is_always_read_needs_no_lot_and_no_room(facts: dict[str, bool], reason: str) -> None:
    given = {name: getattr(USUAL, name) for name in USUAL.__dataclass_fields__} | facts
    assert _draw(DrawFacts(**given), lot=9_999, drawn=1_000) == reason


def test_lots_are_the_same_for_everybody_and_spread_evenly() -> None:
    assert lot_of("seed", "CM26-0000001", 1) == lot_of("seed", "CM26-0000001", 1)
    assert lot_of("seed", "CM26-0000001", 1) != lot_of("seed", "CM26-0000001", 2)
    lots = [lot_of("seed", f"CM26-{number:07d}", 1) for number in range(4_000)]
    assert 0.045 < sum(lot < LOTS * 0.055 for lot in lots) / 4_000 < 0.065
