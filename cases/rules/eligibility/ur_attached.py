"""Is the UR decision attached? (8 CCR 9792.10.1(b))"""

from datetime import date

from cases.enums import IneligibilityReason
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.filing_time import curable_until
from cases.rules.eligibility.result import Check, CheckResult, Inputs
from imr.core.words import mmddyyyy

CHECK = Check(
    name="ur-attached",
    title="UR decision attached",
    code=IneligibilityReason.UR_MISSING,
    citation="8 CCR 9792.10.1(b)(1)",
)


def check_ur_attached(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """The letter that denied or modified the treatment is among the documents.

    When it came on a later day than the application, a person decides from when the application counts.
    """
    inputs: Inputs = {"UR decision attached": facts.is_ur_attached}
    if facts.is_ur_attached and facts.ur_arrived_on is not None:
        inputs["It came on"] = facts.ur_arrived_on
        came = f"The UR decision letter came on {mmddyyyy(facts.ur_arrived_on)}, after the application"
        if facts.counts_from_ur is None:
            return [CHECK.asks(f"{came}: from when does the application count?", inputs=inputs)]
        since = "that day" if facts.counts_from_ur else "its receipt"
        return [CHECK.passes(f"{came}, which counts from {since}.", inputs=inputs)]
    if facts.is_ur_attached:
        return [CHECK.passes("The UR decision letter is attached.", inputs=inputs)]
    words = "The UR decision letter is not attached."
    return [CHECK.fails(words, inputs=inputs, curable_until=curable_until(facts, figures, today))]
