"""Is liability disputed for reasons other than medical necessity? (8 CCR 9792.10.3(d))"""

from datetime import date

from cases.enums import IneligibilityReason
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.result import Check, CheckResult, Inputs
from imr.core.words import mmddyyyy

CHECK = Check(
    name="liability",
    title="Liability not disputed",
    code=IneligibilityReason.LIABILITY,
    citation="LC 4610.5(h)(2); 8 CCR 9792.10.3(a)(3), (d)",
)


def check_liability(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """Nobody disputes liability, the dispute is resolved, or the claims administrator agrees to the review.

    Otherwise the review is deferred, not refused.
    """
    inputs: Inputs = {"Liability disputed": facts.is_liability_disputed}
    if facts.is_liability_disputed is None:
        return [
            CHECK.asks("It is not said whether liability is disputed. Ask the claims administrator.", inputs=inputs)
        ]
    if not facts.is_liability_disputed:
        return [CHECK.passes("Liability is not disputed.", inputs=inputs)]
    inputs |= {"Reason": facts.liability_reason, "Resolved": facts.liability_resolved_on}
    inputs |= {"Claims administrator consents": facts.has_consent_to_review}
    if facts.liability_resolved_on and facts.liability_resolved_on <= today:
        words = f"The employee was told on {mmddyyyy(facts.liability_resolved_on)} that the dispute is resolved."
        return [CHECK.passes(words, inputs=inputs)]
    if facts.has_consent_to_review:
        return [CHECK.passes("The claims administrator agrees to the review all the same.", inputs=inputs)]
    words = "Liability is disputed and the claims administrator has not agreed to the review: it is deferred."
    return [CHECK.fails(words, inputs=inputs)]
