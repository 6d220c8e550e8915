"""The outcome of a whole case."""

from collections.abc import Iterable

from cases.enums import CaseOutcome, Outcome


def case_outcome(outcomes: Iterable[str]) -> CaseOutcome | None:
    """What the items' outcomes make of the case; None while any is missing or there is none.

    All upheld is an uphold, all overturned an overturn, anything else a partial overturn.
    """
    kinds = set(outcomes)
    if not kinds or not kinds <= set(Outcome.values):
        return None
    if kinds == {Outcome.UPHELD.value}:
        return CaseOutcome.UPHOLD
    if kinds == {Outcome.OVERTURNED.value}:
        return CaseOutcome.OVERTURN
    return CaseOutcome.PARTIAL_OVERTURN
