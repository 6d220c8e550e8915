"""Is there a UR decision to review? (LC 4610.5(c), (d))"""

from datetime import date

from cases.enums import IneligibilityReason
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.result import Check, CheckResult
from imr.core.words import mmddyyyy

CHECK = Check(
    name="ur-decision", title="UR decision exists", code=IneligibilityReason.NO_UR, citation="LC 4610.5(c), (d)"
)


def check_ur_decision(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """A decision of utilization review was made before the application was filed."""
    inputs = {"UR decision": facts.decided_on, "UR decision attached": facts.is_ur_attached}
    if facts.decided_on is None:
        if facts.is_ur_attached:
            return [CHECK.asks("The date of the UR decision is not given. Look at the letter.", inputs=inputs)]
        return [CHECK.fails("No UR decision is named or attached: there is nothing to review.", inputs=inputs)]
    if facts.decided_on > facts.filed_on(today):
        words = f"The UR decision of {mmddyyyy(facts.decided_on)} is later than the application. Look at the letter."
        return [CHECK.asks(words, inputs=inputs)]
    return [CHECK.passes(f"The UR decision is of {mmddyyyy(facts.decided_on)}.", inputs=inputs)]
