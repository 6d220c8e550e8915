"""Was the application received in time? (LC 4610.5(h); 8 CCR 9792.10.1(b)(1))"""

from dataclasses import replace
from datetime import date
from typing import Any

from cases.enums import IneligibilityReason, ServiceMethod
from cases.rules.deadlines import DueDate, steps
from cases.rules.deadlines_law import LawBook, NoRuleError
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.filing_time import FilingTime, filing_time
from cases.rules.eligibility.result import Check, CheckResult, Inputs
from imr.core.clock import pacific_date
from imr.core.words import mmddyyyy

CHECK = Check(
    name="timeliness",
    title="Filed in time",
    code=IneligibilityReason.LATE,
    citation="LC 4610.5(h); 8 CCR 9792.10.1(b)(1)",
)


def check_timeliness(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """The application was received, not merely mailed, on or before the last day (Avila v. UC Irvine).

    The last day is explained step by step. A late receipt fails only where every figure that it rests on is
    confirmed and the way of service is known; otherwise a person decides.
    """
    received = facts.filed_on(today)
    inputs: Inputs = {
        "UR decision served": facts.served_on,
        "How": ServiceMethod(facts.service_method).label if facts.service_method else None,
        "Received" if facts.received_on else "Would be received": facts.received_on or today,
    }
    if facts.completed_on:
        inputs["Complete since an amendment"] = facts.completed_on
    if facts.ur_arrived_on and facts.counts_from_ur:
        inputs["Complete since the UR decision came"] = facts.ur_arrived_on
    inputs |= _further(facts)
    try:
        found = filing_time(facts, figures)
    except NoRuleError as error:
        return [CHECK.asks(f"No figure of law applies to this date of service. {error}", inputs=inputs)]
    if found is None:
        words = "It is not known when the UR decision was served, so the last day cannot be counted."
        return [CHECK.asks(words, inputs=inputs)]
    if found.due is None:
        return [CHECK.passes(f"Not late: {found.words}.", inputs=inputs)]
    results = [_compared(facts, found, found.due, received, inputs)]
    for item in facts.items:
        if item.added_on is not None and item.added_on > received:
            # A treatment that an amendment added was asked to be reviewed on that day.
            added: Inputs = {**inputs, "Item added": item.added_on}
            results.append(replace(_compared(facts, found, found.due, item.added_on, added), item=item.position))
    return results


def _further(facts: EligibilityFacts) -> Inputs:
    more: Inputs = {}
    if facts.is_liability_disputed:
        more["Told that liability is resolved"] = facts.liability_resolved_on
    if facts.is_form_withheld or facts.form_served_on:
        more["Form served"] = facts.form_served_on
    if facts.is_formulary is not None:
        more["Dispute over the formulary"] = facts.is_formulary
    return more


def _compared(facts: EligibilityFacts, found: FilingTime, due: DueDate, received: date, inputs: Inputs) -> CheckResult:
    end = due.last_day or pacific_date(due.due_at)
    last_day, told = mmddyyyy(end), due.explanation
    citation = "; ".join(dict.fromkeys(part["citation"] for part in told["parts"] if part["citation"]))
    more: dict[str, Any] = {
        "inputs": {**inputs, "Last day": end},
        "steps": tuple(steps(told)),
        "doubts": tuple(told["doubts"]),
        "citation": citation,
    }
    if received <= (found.sure_until or end):
        return CHECK.passes(f"Received on {mmddyyyy(received)}; the last day is {last_day}.", **more)
    if received <= end:
        words = (
            f"Received on {mmddyyyy(received)}: in time only with an extension that is to be confirmed ({last_day})."
        )
        return CHECK.asks(words, **more)
    late = f"Received on {mmddyyyy(received)}; the last day was {last_day}."
    if not found.is_confirmed:
        return CHECK.asks(f"{late} The figure it rests on is to be confirmed.", **more)
    if not facts.service_method:
        return CHECK.asks(f"{late} How the decision was served is not known; service by mail adds days.", **more)
    if not facts.is_ur_attached:
        return CHECK.asks(f"{late} The UR decision is not here, so its service cannot be confirmed.", **more)
    return CHECK.fails(late, **more)
