"""What an application must hold before it is filed, and what does not fit together (8 CCR 9792.10.1, 9792.10.2).

Pure functions of plain values. `check_application` runs all rules at once, for the task list, the check page and the
submission; those about answers, dates and items are in modules of their own.
"""

from datetime import date

from cases.enums import DocumentKind, DraftStep, IneligibilityReason, ReviewType, SignerKind
from cases.rules.answers import missing_answers, signer_fits
from cases.rules.application_facts import ApplicationFacts
from cases.rules.filing_dates import (
    check_birth_date,
    check_decision_dates,
    check_designation,
    check_filing_time,
    check_injury_span,
    check_signature_dates,
)
from cases.rules.finding import Finding, Severity, in_step_order, missing, not_after_today, warning
from cases.rules.items import check_items
from imr.core.words import mmddyyyy

# LC 4610.5(a): injuries from the first day on; any injury when the decision was communicated from the second on.
INJURIES_FROM = date(2013, 1, 1)
DECISIONS_FROM = date(2013, 7, 1)

TYPED_WORDS = "You typed something here that is not saved as an answer yet. Open the step and continue."


def check_application(facts: ApplicationFacts, *, today: date) -> list[Finding]:
    """Everything that is missing, wrong, to be confirmed or worth a warning, in the order of the steps."""
    found = [
        *_typed(facts),
        *missing_answers(facts),
        *check_injury_span(
            facts.date_of_injury, facts.date_of_injury_end, is_cumulative=facts.is_cumulative, today=today
        ),
        *not_after_today(DraftStep.CLAIM, "date_of_injury", "The date of injury", facts.date_of_injury, today),
        *check_birth_date(facts.birth_date, facts.date_of_injury, today=today),
        *check_decision_dates(
            date_of_injury=facts.date_of_injury,
            decided_on=facts.decided_on,
            served_on=facts.served_on,
            today=today,
        ),
        *check_items(facts.items, today=today),
        *check_designation(facts.designation_signed_on, facts.decided_on, today=today),
        *check_signature_dates(
            signed_on=facts.signed_on,
            consent_signed_on=facts.consent_signed_on,
            decided_on=facts.decided_on,
            today=today,
        ),
        *signer_fits(facts),
        *_documents(facts),
        *_eligibility_warnings(facts),
        *check_filing_time(facts.filing_due, today=today),
    ]
    return in_step_order(found)


def _typed(facts: ApplicationFacts) -> list[Finding]:
    return [missing(step, "", TYPED_WORDS) for step in facts.typed]


def _documents(facts: ApplicationFacts) -> list[Finding]:
    step, kinds = DraftStep.DOCUMENTS, facts.document_kinds
    found: list[Finding] = []
    if DocumentKind.UR_DECISION not in kinds:
        found.append(
            Finding(
                step,
                Severity.CONFIRM,
                "The UR decision letter is not attached. An application without it is found ineligible.",
                code=IneligibilityReason.UR_MISSING.value,
                citation="8 CCR 9792.10.1(b)",
            )
        )
    if facts.signer == SignerKind.UNSIGNED:
        found.append(
            Finding(
                DraftStep.SIGNATURE,
                Severity.CONFIRM,
                "Nobody has signed. An application that is not signed by the worker or a valid representative is found "
                "ineligible.",
                field="signer",
                code=IneligibilityReason.SIGNATURE.value,
                citation="8 CCR 9792.10.1(b)",
            )
        )
    elif DocumentKind.SIGNED_FORM not in kinds:
        found.append(
            Finding(
                step,
                Severity.CONFIRM,
                "The signed form is not attached. An application without a signature is found ineligible.",
                code=IneligibilityReason.SIGNATURE.value,
                citation="8 CCR 9792.10.1(b)",
            )
        )
    if (facts.has_designee or facts.signer == SignerKind.DESIGNEE) and DocumentKind.REPRESENTATION not in kinds:
        found.append(
            warning(
                step,
                "The designation of the representative is not attached. Without it the application may be found "
                "to be filed by someone without standing.",
                IneligibilityReason.PARTY.value,
            )
        )
    if facts.has_threat_certification and DocumentKind.EXPEDITED_CERTIFICATION not in kinds:
        found.append(warning(step, "The physician's certification of a serious threat is not attached.", ""))
    return found


def _eligibility_warnings(facts: ApplicationFacts) -> list[Finding]:
    found: list[Finding] = []
    if facts.review_type == ReviewType.EXPEDITED and not facts.has_threat_certification:
        found.append(
            warning(
                DraftStep.SIGNATURE,
                "You ask for an expedited review without a physician's certification. Unless utilization review was "
                "itself expedited, the review may be handled as a regular one (8 CCR 9792.10.1(c)).",
                "",
            )
        )
    if not facts.employee.phone and facts.employee.last_name:
        found.append(warning(DraftStep.EMPLOYEE, "There is no phone number for the worker.", ""))
    if facts.is_conditional:
        found.append(
            warning(
                DraftStep.UR_DECISION,
                "A decision that only waits for information is not reviewed. The physician can send the information "
                "to the claims administrator, who then decides again.",
                IneligibilityReason.CONDITIONAL.value,
            )
        )
    if facts.is_liability_disputed:
        found.append(
            warning(
                DraftStep.UR_DECISION,
                "While liability is disputed the review may be put on hold, unless the claims administrator agrees "
                "to it (8 CCR 9792.10.3(d)).",
                IneligibilityReason.LIABILITY.value,
            )
        )
    if _is_outside_statute(facts.date_of_injury, facts.decided_on):
        found.append(
            warning(
                DraftStep.CLAIM,
                f"For injuries before {mmddyyyy(INJURIES_FROM)}, only decisions communicated on or after "
                f"{mmddyyyy(DECISIONS_FROM)} are reviewed (LC 4610.5(a)).",
                IneligibilityReason.DATE.value,
            )
        )
    return found


def _is_outside_statute(date_of_injury: date | None, decided_on: date | None) -> bool:
    if date_of_injury is None or decided_on is None:
        return False
    return date_of_injury < INJURIES_FROM and decided_on < DECISIONS_FROM
