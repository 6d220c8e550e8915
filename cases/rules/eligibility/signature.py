"""Is the application signed by the worker or a representative? (8 CCR 9792.10.1(b)(2))"""

from datetime import date

from cases.enums import IneligibilityReason, SignerKind
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.filing_time import curable_until
from cases.rules.eligibility.result import Check, CheckResult, Inputs
from imr.core.words import mmddyyyy

CHECK = Check(
    name="signature",
    title="Signature",
    code=IneligibilityReason.SIGNATURE,
    citation="LC 4610.5(f); 8 CCR 9792.10.1(b)(2), 9792.10.2",
)


def check_signature(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """The signed form is there, and its signature lies between the UR decision and the receipt."""
    signer = SignerKind(facts.signer).label if facts.signer else None
    inputs: Inputs = {"Signed by": signer, "Signed on": facts.signed_on, "Signed form attached": facts.is_form_attached}
    if facts.signer in {"", SignerKind.UNSIGNED}:
        return [_refused("Nobody has signed the application.", facts, figures, today, inputs)]
    if not facts.is_form_attached:
        return [_refused("The signed form is not attached.", facts, figures, today, inputs)]
    if facts.signed_on is None:
        return [CHECK.asks("The date of the signature is not known. Look at the signed form.", inputs=inputs)]
    if facts.signed_on > facts.filed_on(today):
        words = f"The signature of {mmddyyyy(facts.signed_on)} is later than the receipt. Look at the signed form."
        return [CHECK.asks(words, inputs=inputs)]
    if facts.decided_on and facts.signed_on < facts.decided_on:
        words = (
            f"The signature of {mmddyyyy(facts.signed_on)} is earlier than the UR decision of "
            f"{mmddyyyy(facts.decided_on)}. Look at the signed form."
        )
        return [CHECK.asks(words, inputs=inputs)]
    return [CHECK.passes(f"Signed on {mmddyyyy(facts.signed_on)}.", inputs=inputs)]


def _refused(words: str, facts: EligibilityFacts, figures: LawBook, today: date, inputs: Inputs) -> CheckResult:
    return CHECK.fails(words, inputs=inputs, curable_until=curable_until(facts, figures, today))
