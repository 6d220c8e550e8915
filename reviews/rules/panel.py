"""How the opinions of several reviewers become one decision on an item. Pure.

The recommendation of the majority prevails; when the reviewers are evenly split, the decision is in favor of providing
the service (LC 4610.6(e), (f)).
"""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from cases.enums import Outcome

FEWEST_SEATS = 2
MOST_SEATS = 5
_NUMBERS = ("no", "one", "two", "three", "four", "five")


class Agreement(StrEnum):
    """How the opinions on an item stand to each other."""

    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    SPLIT = "split"


def agreement_of(outcomes: Sequence[Outcome]) -> Agreement:
    """Raises `ValueError` without an opinion."""
    counts = Counter(outcomes)
    if not counts:
        raise ValueError("There is no opinion to count.")
    if len(counts) == 1:
        return Agreement.UNANIMOUS
    return Agreement.SPLIT if counts[Outcome.UPHELD] == counts[Outcome.OVERTURNED] else Agreement.MAJORITY


def prevailing_outcome(outcomes: Sequence[Outcome]) -> Outcome:
    """The outcome of the majority; overturned for an even split. Raises `ValueError` without an opinion."""
    if agreement_of(outcomes) == Agreement.SPLIT:
        return Outcome.OVERTURNED
    return Counter(outcomes).most_common(1)[0][0]


def agreement_words(outcomes: Sequence[Outcome]) -> str:
    """The sentence that says how the decision on an item came about, without names."""
    upheld, overturned = (sum(one == outcome for one in outcomes) for outcome in (Outcome.UPHELD, Outcome.OVERTURNED))
    match agreement_of(outcomes):
        case Agreement.UNANIMOUS:
            every = "Both" if len(outcomes) == 2 else f"All {_NUMBERS[len(outcomes)]}"
            verb = "uphold" if upheld else "overturn"
            return f"{every} reviewers {verb} the decision of the claims administrator."
        case Agreement.SPLIT:
            return (
                f"The reviewers are evenly split: {_would(overturned, 'overturn')} the decision of the claims "
                f"administrator, {_would(upheld, 'uphold')} it. An even split is decided in favor of providing the "
                "service."
            )
        case Agreement.MAJORITY:
            more, less = ("overturn", "uphold") if overturned > upheld else ("uphold", "overturn")
            return (
                f"{_would(max(upheld, overturned), more).capitalize()} the decision of the claims administrator, "
                f"{_would(min(upheld, overturned), less)} it. The majority prevails."
            )


def _would(count: int, verb: str) -> str:
    noun = "reviewer" if count == 1 else "reviewers"
    return f"{_NUMBERS[count]} {noun} would {verb}"
