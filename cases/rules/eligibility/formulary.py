"""Was a dispute over a formulary drug filed within its shorter time? (LC 4610.5(h)(1)(A), from 2018)"""

from datetime import date
from typing import Any

from cases.enums import IneligibilityReason
from cases.rules.deadlines import steps
from cases.rules.deadlines_law import LawBook, NoRuleError
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.filing_time import filing_time
from cases.rules.eligibility.result import Check, CheckResult, Inputs
from imr.core.words import mmddyyyy

CHECK = Check(
    name="formulary",
    title="Shorter time for formulary drugs",
    code=IneligibilityReason.LATE,
    citation="LC 4610.5(h)(1)(A)",
)


def check_formulary(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """A drug that was filed after the shorter time is looked at by a person, unless one has said what it is.

    Whether a dispute is one over the formulary follows from the UR decision, not from the item being a drug. Where
    the case was said to be one or not, `check_timeliness` has the answer and nothing is asked here.
    """
    if facts.is_formulary is not None or not any(item.is_drug for item in facts.items):
        return []
    try:
        found = filing_time(facts, figures, is_formulary=True)
    except NoRuleError:
        return []
    received = facts.filed_on(today)
    if found is None or found.due is None or found.last_day is None:
        return []
    inputs: Inputs = {"UR decision served": facts.served_on, "Last day for a formulary drug": found.last_day}
    inputs["Received" if facts.received_on else "Would be received"] = received
    more: dict[str, Any] = {"inputs": inputs, "steps": tuple(steps(found.due.explanation))}
    more["doubts"] = tuple(found.due.explanation["doubts"])
    results = []
    for item in facts.items:
        if not item.is_drug:
            continue
        if received <= found.last_day:
            words = f"In time even for a dispute over the formulary, whose last day is {mmddyyyy(found.last_day)}."
            results.append(CHECK.passes(words, item=item.position, **more))
        else:
            words = (
                f"In time only if this is not a dispute over the formulary, whose last day was "
                f"{mmddyyyy(found.last_day)}. Look at the UR decision and say what it is."
            )
            results.append(CHECK.asks(words, item=item.position, **more))
    return results
