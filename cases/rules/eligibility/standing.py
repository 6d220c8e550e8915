"""May the person who filed do so? (LC 4610.5(j); 8 CCR 9792.10.1(b)(2)(A))"""

from datetime import date

from cases.enums import IneligibilityReason, SignerKind
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.filing_time import curable_until
from cases.rules.eligibility.result import Check, CheckResult, Inputs
from imr.core.words import mmddyyyy

CHECK = Check(
    name="standing",
    title="Standing",
    code=IneligibilityReason.PARTY,
    citation="LC 4610.5(j); 8 CCR 9792.10.1(b)(2)(A)",
)


def check_standing(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """The worker signed, or an attorney or designee with a paper that says so; a designation follows the decision."""
    inputs: Inputs = {
        "Signed by": SignerKind(facts.signer).label if facts.signer else None,
        "Representation attached": facts.is_representation_attached,
    }
    if facts.signer in {"", SignerKind.UNSIGNED, SignerKind.EMPLOYEE}:
        by = "The worker filed." if facts.signer == SignerKind.EMPLOYEE else "No representative signed."
        return [CHECK.passes(by, inputs=inputs)]
    curable = curable_until(facts, figures, today)
    if facts.signer == SignerKind.DESIGNEE:
        inputs |= {"Designated on": facts.designation_signed_on, "UR decision": facts.decided_on}
        if facts.designation_signed_on is None:
            return [CHECK.fails("The designation is not dated.", inputs=inputs, curable_until=curable)]
        if facts.decided_on and facts.designation_signed_on < facts.decided_on:
            words = (
                f"The designation of {mmddyyyy(facts.designation_signed_on)} is earlier than the UR decision of "
                f"{mmddyyyy(facts.decided_on)} and does not count."
            )
            return [CHECK.fails(words, inputs=inputs, curable_until=curable)]
    if not facts.is_representation_attached:
        what = "notice of representation" if facts.signer == SignerKind.ATTORNEY else "designation"
        return [CHECK.fails(f"The {what} is not attached.", inputs=inputs, curable_until=curable)]
    return [CHECK.passes("The representative's paper is attached.", inputs=inputs)]
