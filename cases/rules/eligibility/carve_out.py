"""Do the parties have an agreement on resolving disputes of their own? (LC 3201.5, 3201.7)"""

from datetime import date

from cases.enums import IneligibilityReason
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.result import Check, CheckResult

CHECK = Check(
    name="carve-out",
    title="No agreement on dispute resolution",
    code=IneligibilityReason.ALTERNATIVE,
    citation="LC 3201.5, 3201.7",
)


def check_carve_out(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """No collective agreement puts another procedure in the place of independent medical review."""
    inputs = {"Agreement": facts.is_carve_out}
    if facts.is_carve_out:
        words = "A collective agreement provides for alternative dispute resolution in place of this review."
        return [CHECK.fails(words, inputs=inputs)]
    words = "There is no such agreement." if facts.is_carve_out is False else "No such agreement is known."
    return [CHECK.passes(words, inputs=inputs)]
