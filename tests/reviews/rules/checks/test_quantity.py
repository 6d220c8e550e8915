"""Numbers of visits and tablets."""

import pytest

from reviews.rules.checks.figures import frequencies_in, pills_in, visits_in
from reviews.rules.checks.quantity import check_quantity
from tests.factories.checks import checked_pair

STORY = (
    "12 visits was the original request. 6 visits was authorized by the Claims Administrator. "
    "The remaining IMR eligible portion of the original request, 6 visits is"
)


@pytest.mark.parametrize(
    ("text", "visits"),
    [
        ("8 sessions", {8}),
        ("twelve (12) visits", {12}),
        ("3 times a week for 4 weeks", {12}),
        ("acupuncture 2x4", {8}),
        ("twice a week for six weeks", {12}),
        ("therapy x 10 visits", {10}),
        ("visits: 2", {2}),
        ("QTY: 3", {3}),
        ("30 day rental", set()),
    ],
)
def test_visits_are_read_in_their_shapes(text: str, visits: set[int]) -> None:
    assert visits_in(text) == visits


def test_pills_and_frequencies_are_read_in_their_shapes() -> None:
    assert pills_in("Norco 10/325mg #60, 90 tablets, qty 30") == {60, 90, 30}
    assert frequencies_in("2 times a week, three days per week, 4x/week") == {2, 3, 4}


@pytest.mark.parametrize(
    ("item", "rationale", "is_found"),
    [
        ("8 sessions of therapy", "The requested 12 sessions are not medically necessary.", True),
        ("Therapy 2 times a week for 4 weeks", "The request for 12 visits is not medically necessary.", True),
        ("Norco #60", "Norco #120 is taken daily. It is not medically necessary.", True),
        ("Therapy 2 times a week", "The therapy requested 3 times a week is not medically necessary.", True),
        ("Therapy 2 times a week for 4 weeks", "The requested 8 visits are not medically necessary.", False),
        ("8 sessions", "He completed 24 sessions. The requested sessions are not medically necessary.", False),
        ("8 sessions", "The request exceeds the 6 visits that the guideline allows.", False),
        (
            STORY,
            "The requested 12 visits are not medically necessary.",
            False,
        ),
        ("Norco #60", "The reviewer certified #30 for a taper. It is not medically necessary.", False),
        ("MRI", "The requested 12 sessions are not medically necessary.", False),
    ],
)
def test_quantity_check_compares_what_is_requested(item: str, rationale: str, is_found: bool) -> None:
    assert [finding.code for finding in check_quantity(checked_pair(item, rationale))] == ["quantity"] * is_found
