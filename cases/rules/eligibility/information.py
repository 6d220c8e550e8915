"""Was a request for information answered? (8 CCR 9792.10.3(b), (c))"""

from datetime import date

from cases.enums import IneligibilityReason
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.result import Check, CheckResult
from imr.core.words import mmddyyyy

CHECK = Check(
    name="information",
    title="Requests for information answered",
    code=IneligibilityReason.INFORMATION,
    citation="8 CCR 9792.10.3(b), (c)",
)


def check_information(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """Every request for information was answered.

    What no answer leads to is not settled by the regulation, so a person decides.
    """
    unanswered = [one for one in facts.information if one.answered_on is None]
    if not facts.information:
        return [CHECK.passes("Nothing was asked of the parties.", inputs={"Requests": 0})]
    if not unanswered:
        return [CHECK.passes("All requests were answered.", inputs={"Requests": len(facts.information)})]
    first = min(unanswered, key=lambda one: one.due_on)
    inputs = {"Asked on": first.requested_on, "Answer due": first.due_on, "Answered": first.answered_on}
    asked = mmddyyyy(first.requested_on)
    if today <= first.due_on:
        words = f"The answer to the request of {asked} may still come until {mmddyyyy(first.due_on)}."
    else:
        words = f"The request of {asked} was not answered by {mmddyyyy(first.due_on)}. Decide on what is on record."
    return [CHECK.asks(words, inputs=inputs)]
