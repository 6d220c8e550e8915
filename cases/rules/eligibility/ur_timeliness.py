"""Was utilization review itself in time? That is for the WCAB to find (Dubon v. World Restoration, en banc 2014)."""

from datetime import date
from typing import Any

from cases.enums import IneligibilityReason
from cases.rules.deadlines import compute_due, steps
from cases.rules.deadlines_law import LawBook, NoRuleError
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.result import Check, CheckResult, Inputs
from imr.core.clock import noon
from imr.core.words import mmddyyyy

CHECK = Check(
    name="ur-timeliness",
    title="UR decision in time",
    code=IneligibilityReason.UR_LATE,
    citation="LC 4610(i); Dubon v. World Restoration (2014, en banc)",
)


def check_ur_timeliness(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """The WCAB has not found utilization review untimely.

    A decision later than the period of LC 4610(i) is only pointed out: an untimely review is invalid and belongs to
    the WCAB, but it takes the WCAB's finding.
    """
    inputs: Inputs = {"Request received": facts.request_received_on, "UR decision": facts.decided_on}
    if facts.wcab_untimely_on:
        words = f"On {mmddyyyy(facts.wcab_untimely_on)} the WCAB found utilization review untimely."
        return [CHECK.fails(words, inputs={**inputs, "Finding of the WCAB": facts.wcab_untimely_on})]
    if facts.request_received_on is None or facts.decided_on is None:
        return [CHECK.passes("No finding of the WCAB is known.", inputs=inputs)]
    is_retrospective = bool(facts.items) and all(item.is_retrospective for item in facts.items)
    name = "ur_period_retrospective" if is_retrospective else "ur_period"
    try:
        row = figures.named(name, on=facts.request_received_on)
    except NoRuleError:
        return [CHECK.passes("No finding of the WCAB is known.", inputs=inputs)]
    start = noon(facts.request_received_on)
    due = compute_due(row.period(), start, row.start_event, figures.closed)
    more: dict[str, Any] = {
        "inputs": inputs,
        "steps": tuple(steps(due.explanation)),
        "doubts": tuple(due.explanation["doubts"]),
    }
    if due.last_day is None or facts.decided_on <= due.last_day:
        return [CHECK.passes("The decision was made within the period, and no finding of the WCAB is known.", **more)]
    words = (
        f"The decision of {mmddyyyy(facts.decided_on)} came after {mmddyyyy(due.last_day)}. Whether it is invalid is "
        "for the WCAB; without its finding the review goes on."
    )
    return [CHECK.asks(words, **more)]
