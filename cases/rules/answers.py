"""The answers without which an application cannot be filed (8 CCR 9792.10.1, 9792.10.2)."""

from cases.enums import DraftStep, IneligibilityReason, SignerKind
from cases.rules.application_facts import ApplicationFacts
from cases.rules.finding import Finding, error, missing


def missing_answers(facts: ApplicationFacts) -> list[Finding]:
    """What is asked for and not there, in the order of the form."""
    step = DraftStep
    employee, physician, claims = facts.employee, facts.physician, facts.claims_administrator
    asked: list[tuple[DraftStep, str, object, str]] = [
        (step.REVIEW_TYPE, "review_type", facts.review_type, "Choose the type of review."),
        (step.EMPLOYEE, "last_name", employee.last_name, "Enter the worker's last name."),
        (step.EMPLOYEE, "address_line_1", employee.address_line_1, "Enter the worker's street address."),
        (step.EMPLOYEE, "city", employee.city, "Enter the worker's city."),
        (step.EMPLOYEE, "state", employee.state, "Select the worker's state."),
        (step.EMPLOYEE, "zip_code", employee.zip_code, "Enter the worker's ZIP code."),
        (step.CLAIM, "employer_name", facts.employer_name, "Enter the employer's name."),
        (step.CLAIM, "claim_number", facts.claim_number, "Enter the claim number."),
        (step.CLAIM, "date_of_injury", facts.date_of_injury, "Enter the date of injury."),
        (step.PHYSICIAN, "last_name", physician.last_name, "Enter the physician's last name."),
        (step.PHYSICIAN, "specialty", physician.specialty, "Enter the physician's specialty."),
        (step.PHYSICIAN, "address_line_1", physician.address_line_1, "Enter the physician's street address."),
        (step.PHYSICIAN, "city", physician.city, "Enter the physician's city."),
        (step.PHYSICIAN, "state", physician.state, "Select the physician's state."),
        (step.PHYSICIAN, "zip_code", physician.zip_code, "Enter the physician's ZIP code."),
        (step.PHYSICIAN, "phone", physician.phone, "Enter the physician's phone number."),
        (step.CLAIMS_ADMINISTRATOR, "firm_name", claims.firm_name, "Enter the claims administrator's name."),
        (step.CLAIMS_ADMINISTRATOR, "last_name", claims.last_name, "Enter the contact's last name."),
        (step.CLAIMS_ADMINISTRATOR, "address_line_1", claims.address_line_1, "Enter the street address."),
        (step.CLAIMS_ADMINISTRATOR, "city", claims.city, "Enter the city."),
        (step.CLAIMS_ADMINISTRATOR, "state", claims.state, "Select the state."),
        (step.CLAIMS_ADMINISTRATOR, "zip_code", claims.zip_code, "Enter the ZIP code."),
        (step.CLAIMS_ADMINISTRATOR, "phone", claims.phone, "Enter the contact's phone number."),
        (step.UR_DECISION, "decided_on", facts.decided_on, "Enter the date of the UR decision letter."),
        (step.UR_DECISION, "served_on", facts.served_on, "Enter the date on which the decision was served."),
        (step.UR_DECISION, "service_method", facts.service_method, "Choose how the decision was served."),
        (step.UR_DECISION, "primary_diagnosis", facts.diagnosis, "Enter the primary diagnosis."),
        (
            step.UR_DECISION,
            "is_liability_disputed",
            facts.is_liability_disputed is not None,
            "Say whether liability is disputed.",
        ),
        (
            step.REPRESENTATIVE,
            "has_attorney",
            facts.has_attorney is not None,
            "Say whether the worker has an attorney.",
        ),
        (
            step.REPRESENTATIVE,
            "has_designee",
            facts.has_designee is not None,
            "Say whether the worker has another representative.",
        ),
        (step.SIGNATURE, "signer", facts.signer, "Say who signed the application."),
    ]
    if facts.is_cumulative:
        asked.append(
            (step.CLAIM, "date_of_injury_end", facts.date_of_injury_end, "Enter the last day of the injury's period.")
        )
    if facts.is_liability_disputed:
        asked.append((step.UR_DECISION, "liability_reason", facts.liability_reason, "Enter why liability is disputed."))
    if facts.has_attorney:
        name = facts.attorney.last_name or facts.attorney.firm_name
        asked.append((step.REPRESENTATIVE, "attorney_last_name", name, "Enter the attorney's name or firm."))
    if facts.has_designee:
        asked += [
            (
                step.REPRESENTATIVE,
                "designee_last_name",
                facts.designee.last_name,
                "Enter the representative's last name.",
            ),
            (
                step.REPRESENTATIVE,
                "designation_signed_on",
                facts.designation_signed_on,
                "Enter the date on which the worker signed the designation.",
            ),
        ]
    if facts.signer and facts.signer != SignerKind.UNSIGNED:
        asked += [
            (step.SIGNATURE, "signer_name", facts.signer_name, "Enter the name of the person who signed."),
            (step.SIGNATURE, "signed_on", facts.signed_on, "Enter the date of the signature."),
            (step.SIGNATURE, "consent_signed_on", facts.consent_signed_on, "Enter the date of the consent."),
        ]
    return [missing(of, name, words) for of, name, answer, words in asked if not answer]


def signer_fits(facts: ApplicationFacts) -> list[Finding]:
    """Whoever signed is one of those whom the application names."""
    if facts.signer == SignerKind.ATTORNEY and facts.has_attorney is False:
        words = "You wrote that the attorney signed, but also that the worker has no attorney. Change one of the two."
    elif facts.signer == SignerKind.DESIGNEE and facts.has_designee is False:
        words = "You wrote that another representative signed, but also that there is none. Change one of the two."
    else:
        return []
    return [error(DraftStep.SIGNATURE, "signer", words, code=IneligibilityReason.PARTY.value)]
