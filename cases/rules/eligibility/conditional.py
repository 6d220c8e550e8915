"""Is the UR decision one on medical necessity, or does it only wait for information? (8 CCR 9792.9.1(f))"""

from datetime import date

from cases.enums import IneligibilityReason
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.result import Check, CheckResult

CHECK = Check(
    name="conditional",
    title="Decision on medical necessity",
    code=IneligibilityReason.CONDITIONAL,
    citation="8 CCR 9792.9.1(f); LC 4610.5(c)",
)
# How letters say that they only wait for information.
PHRASES = (
    "conditional non-certification",
    "conditional noncertification",
    "conditionally non-certified",
    "conditionally noncertified",
    "conditional denial",
    "conditionally denied",
    "requested information was not received",
    "requested information has not been received",
    "will be reconsidered upon receipt of",
)


def check_conditional(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """A conditional non-certification is not reviewed; a letter that reads like one is looked at by a person."""
    inputs = {"Conditional, by the application": facts.is_conditional, "Letter readable": bool(facts.ur_letter_text)}
    if facts.is_conditional:
        words = (
            "The UR decision only waits for information that was asked for. The physician can send it to the claims "
            "administrator, who then decides again."
        )
        return [CHECK.fails(words, inputs=inputs)]
    text = " ".join(facts.ur_letter_text.casefold().split())
    said = next((phrase for phrase in PHRASES if phrase in text), "")
    if said:
        return [
            CHECK.asks(f"The UR letter says “{said}”. Read whether it decides on medical necessity.", inputs=inputs)
        ]
    return [CHECK.passes("Nothing says that the decision only waits for information.", inputs=inputs)]
