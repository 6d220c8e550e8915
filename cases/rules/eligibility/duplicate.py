"""Was the same dispute filed before? (8 CCR 9792.10.3(a)(2))"""

from datetime import date

from cases.enums import IneligibilityReason
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import DisputedTreatment, EarlierDispute, EligibilityFacts, item_key
from cases.rules.eligibility.result import Check, CheckResult, Inputs
from imr.core.words import mmddyyyy

CHECK = Check(
    name="duplicate",
    title="Not filed before",
    code=IneligibilityReason.DUPLICATE,
    citation="8 CCR 9792.10.3(a)(2)",
)


def check_duplicate(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """No item is one of an earlier case about the same UR decision.

    An earlier case that was refused may be filed anew; of one that ended without a determination a person decides.
    """
    return [_item(item, facts) for item in facts.items]


def _item(item: DisputedTreatment, facts: EligibilityFacts) -> CheckResult:
    same = [earlier for earlier in facts.earlier if _is_same(item, earlier, facts)]
    about: Inputs = {"UR decision": facts.decided_on}
    about["Earlier case"] = ", ".join(earlier.number for earlier in same) or "none"
    for earlier in same:
        filed = f"case {earlier.number}, received {mmddyyyy(earlier.received_on)}"
        if earlier.is_ended:
            words = f"The same dispute was {filed}, and ended without a determination. Decide whether it goes on."
            return CHECK.asks(words, item=item.position, inputs=about)
        if not earlier.is_refused:
            return CHECK.fails(f"The same dispute is {filed}.", item=item.position, inputs=about)
    if same:
        words = f"The same dispute was refused as case {same[0].number}; it may be filed anew."
        return CHECK.passes(words, item=item.position, inputs=about)
    return CHECK.passes("No earlier case has this dispute.", item=item.position, inputs=about)


def _is_same(item: DisputedTreatment, earlier: EarlierDispute, facts: EligibilityFacts) -> bool:
    return earlier.decided_on == facts.decided_on and item_key(item.description) in earlier.items
