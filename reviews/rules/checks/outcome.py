"""The outcome of an item against what its rationale concludes."""

from cases.enums import Outcome
from reviews.rules.checks.determination import CheckedDetermination, CheckFinding, Severity, advice
from reviews.rules.checks.verdict import concluding_verdict


def check_outcome(determination: CheckedDetermination) -> list[CheckFinding]:
    """Every item has an outcome, and no rationale firmly concludes the opposite (8 CCR 9792.10.6(d))."""
    found = []
    for item in determination.items:
        if item.outcome not in set(Outcome.values):
            words = f"Item {item.position} has no outcome: choose Upheld or Overturned."
            found.append(CheckFinding("outcome_missing", item.position, Severity.GATE, words, item.text, "outcome"))
            continue
        verdict = concluding_verdict(item.rationale)
        if verdict is None or verdict.outcome == item.outcome:
            continue
        reading = "not medically necessary" if verdict.outcome == Outcome.UPHELD else "medically necessary"
        found.append(
            advice(
                "outcome",
                item.position,
                f"The outcome is {Outcome(item.outcome).label}, but the rationale concludes that the treatment is "
                f"{reading}.",
                verdict.sentence,
                outcome=item.outcome,
                concludes=verdict.outcome.value,
            )
        )
    return found
