"""The penalty for late records: each day counts, up to the maximum."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.penalty import PenaltyFigures, late_records_penalty

FIGURES = PenaltyFigures(per_day=500, maximum=5000, citation="8 CCR 9792.12(c)(6)", is_confirmed=True)
DUE = date(2026, 2, 26)
ANY_DAY = st.dates(date(2014, 3, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("received", "days", "amount"),
    [
        (DUE - timedelta(days=1), 0, 0),
        (DUE, 0, 0),
        (DUE + timedelta(days=1), 1, 500),
        # Over the end of February.
        (date(2026, 3, 2), 4, 2000),
        (DUE + timedelta(days=9), 9, 4500),
        (DUE + timedelta(days=10), 10, 5000),
        (DUE + timedelta(days=11), 11, 5000),
        (DUE + timedelta(days=400), 400, 5000),
    ],
)
def test_days_and_amount_at_the_boundaries(received: date, days: int, amount: int) -> None:
    penalty = late_records_penalty(due_on=DUE, received_on=received, today=date(2030, 1, 1), figures=FIGURES)
    assert (penalty.days, penalty.amount, penalty.is_running) == (days, amount, False)


def test_missing_records_count_until_today_and_stop_growing_at_the_maximum() -> None:
    def on(today: date) -> tuple[int, bool]:
        penalty = late_records_penalty(due_on=DUE, received_on=None, today=today, figures=FIGURES)
        return penalty.amount, penalty.is_running

    assert on(DUE) == (0, True)
    assert on(DUE + timedelta(days=9)) == (4500, True)
    assert on(DUE + timedelta(days=10)) == (5000, False)


def test_penalty_explains_itself() -> None:
    doubtful = PenaltyFigures(per_day=500, maximum=5000, citation="8 CCR 9792.12", is_confirmed=False)
    penalty = late_records_penalty(due_on=DUE, received_on=date(2026, 3, 14), today=DUE, figures=doubtful)
    assert penalty.steps == (
        "Records due 02/26/2026, received 03/14/2026: 16 days late.",
        "16 × $500 = $8,000, at most $5,000.",
        "8 CCR 9792.12 (to be confirmed)",
    )


@given(due=ANY_DAY, late=st.integers(-50, 500), more=st.integers(0, 50))
def test_later_is_never_cheaper_and_never_above_the_maximum(due: date, late: int, more: int) -> None:
    def amount(days: int) -> int:
        received = due + timedelta(days=days)
        return late_records_penalty(due_on=due, received_on=received, today=due, figures=FIGURES).amount

    assert 0 <= amount(late) <= amount(late + more) <= FIGURES.maximum
