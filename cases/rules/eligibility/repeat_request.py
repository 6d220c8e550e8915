"""Does an earlier UR decision on the same treatment still hold? (LC 4610(k))"""

from datetime import date

from cases.enums import IneligibilityReason
from cases.rules.deadlines import compute_due
from cases.rules.deadlines_law import LawBook, NoRuleError
from cases.rules.eligibility.facts import DisputedTreatment, EligibilityFacts, item_key
from cases.rules.eligibility.result import Check, CheckResult
from imr.core.clock import noon
from imr.core.words import mmddyyyy

CHECK = Check(
    name="repeat-request",
    title="No earlier decision in effect",
    code=IneligibilityReason.DUPLICATE,
    citation="LC 4610(k); 8 CCR 9792.10.3(a)(2)",
)


def check_repeat_request(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """The same treatment was not refused, by another UR decision, within the time for which a refusal holds.

    Within it the treatment is decided anew only after the facts changed: a person looks.
    """
    decided_on = facts.decided_on
    return [_item(item, decided_on, facts, figures) for item in facts.items] if decided_on else []


def _item(item: DisputedTreatment, decided_on: date, facts: EligibilityFacts, figures: LawBook) -> CheckResult:
    for earlier in facts.earlier:
        decided = earlier.decided_on
        if decided is None or decided >= decided_on or item_key(item.description) not in earlier.items:
            continue
        inputs = {"UR decision": decided_on, f"UR decision of {earlier.number}": decided}
        try:
            row = figures.governing("D19", "", on=decided)
        except NoRuleError as error:
            words = f"Case {earlier.number} had the same treatment. {error}"
            return CHECK.asks(words, item=item.position, inputs=inputs)
        start = noon(decided)
        holds_until = compute_due(row.period(), start, row.start_event, figures.closed).last_day
        if holds_until is not None and decided_on <= holds_until:
            words = (
                f"The same treatment was refused on {mmddyyyy(decided)} (case {earlier.number}), and a refusal holds "
                f"until {mmddyyyy(holds_until)} unless the facts changed. Look whether they did."
            )
            return CHECK.asks(words, item=item.position, inputs={**inputs, "Holds until": holds_until})
    words = "No earlier UR decision on the same treatment is known to hold."
    return CHECK.passes(words, item=item.position, inputs={"UR decision": decided_on})
