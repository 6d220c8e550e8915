"""Do the dates fall under the statute? (LC 4610.5(a))"""

from datetime import date

from cases.enums import IneligibilityReason
from cases.rules.deadlines_law import LawBook, NoRuleError
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.result import Check, CheckResult

CHECK = Check(
    name="statute-dates", title="Dates under the statute", code=IneligibilityReason.DATE, citation="LC 4610.5(a)"
)
# Rows whose first day in force is the first day of which the statute speaks.
BY_INJURY, BY_DECISION = "review_by_injury", "review_by_decision"


def check_statute_dates(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """The injury, or the communication of the decision, is late enough for independent medical review."""
    communicated = facts.served_on or facts.decided_on
    inputs = {"Date of injury": facts.date_of_injury, "Decision communicated": communicated}
    if facts.date_of_injury is None or communicated is None:
        return [CHECK.asks("The date of injury or of the decision is not known.", inputs=inputs)]
    if facts.date_of_injury > communicated:
        return [CHECK.asks("The injury is later than the decision. One of the dates is wrong.", inputs=inputs)]
    if _holds(figures, BY_INJURY, facts.date_of_injury) or _holds(figures, BY_DECISION, communicated):
        return [CHECK.passes("The dates fall under the statute.", inputs=inputs)]
    words = "The injury and the decision are earlier than the statute on independent medical review."
    return [CHECK.fails(words, inputs=inputs)]


def _holds(figures: LawBook, name: str, day: date) -> bool:
    try:
        figures.named(name, on=day)
    except NoRuleError:
        return False
    return True
