"""Majority and even split, item by item."""

import pytest

from cases.enums import Outcome
from reviews.rules.panel import Agreement, agreement_of, agreement_words, prevailing_outcome

UP, OVER = Outcome.UPHELD, Outcome.OVERTURNED


@pytest.mark.parametrize(
    ("outcomes", "agreement", "prevails"),
    [
        ([UP], Agreement.UNANIMOUS, UP),
        ([UP, UP], Agreement.UNANIMOUS, UP),
        ([OVER, OVER, OVER], Agreement.UNANIMOUS, OVER),
        ([UP, OVER], Agreement.SPLIT, OVER),
        ([OVER, UP], Agreement.SPLIT, OVER),
        ([UP, OVER, UP], Agreement.MAJORITY, UP),
        ([OVER, OVER, UP], Agreement.MAJORITY, OVER),
        ([UP, UP, OVER, OVER], Agreement.SPLIT, OVER),
        ([UP, UP, UP, OVER, OVER], Agreement.MAJORITY, UP),
    ],
)
def test_majority_prevails_and_an_even_split_overturns(
    outcomes: list[Outcome], agreement: Agreement, prevails: Outcome
) -> None:
    assert agreement_of(outcomes) == agreement
    assert prevailing_outcome(outcomes) == prevails


def test_nothing_is_decided_by_nobody() -> None:
    with pytest.raises(ValueError, match="no opinion"):
        prevailing_outcome([])


def test_the_sentence_says_how_the_decision_came_about() -> None:
    assert agreement_words([UP, UP]) == "Both reviewers uphold the decision of the claims administrator."
    assert agreement_words([OVER, OVER, OVER]).startswith("All three reviewers overturn")
    assert agreement_words([UP, OVER, UP]) == (
        "Two reviewers would uphold the decision of the claims administrator, one reviewer would overturn it. "
        "The majority prevails."
    )
    assert agreement_words([UP, OVER]).endswith("An even split is decided in favor of providing the service.")
