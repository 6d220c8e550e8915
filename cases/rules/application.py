"""What an application must hold before it is filed, and what does not fit together (8 CCR 9792.10.1, 9792.10.2).

Pure functions of plain values. The forms use the checks of dates while a step is typed; `check_application` runs
all of them at once, for the task list, the check page and the submission.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cases.enums import DocumentKind, DraftStep, IneligibilityReason, ReviewType, SignerKind, UROutcome
from imr.core.words import mmddyyyy

MAX_ITEMS = 60
YOUNGEST, OLDEST = 14, 110
# LC 4610.5(a): injuries from the first day on; any injury when the decision was communicated from the second on.
INJURIES_FROM = date(2013, 1, 1)
DECISIONS_FROM = date(2013, 7, 1)


class Severity(StrEnum):
    """What a finding does: `MISSING` and `ERROR` stop the filing, `CONFIRM` needs a tick, `WARNING` is said."""

    MISSING = "missing"
    ERROR = "error"
    CONFIRM = "confirm"
    WARNING = "warning"


TYPED_WORDS = "You typed something here that is not saved as an answer yet. Open the step and continue."
STOPS = frozenset({Severity.MISSING, Severity.ERROR})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the application, in a sentence for the person who files it."""

    step: DraftStep
    severity: Severity
    message: str
    field: str = ""
    code: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A party as far as the rules look at it."""

    first_name: str = ""
    last_name: str = ""
    firm_name: str = ""
    specialty: str = ""
    relationship: str = ""
    address_line_1: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """A disputed item as far as the rules look at it."""

    position: int
    description: str
    category: str = ""
    ur_outcome: str = ""
    authorized: str = ""
    remaining: str = ""
    is_retrospective: bool = False
    service_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """Everything the rules ask about. `filing_due` is the last day in time, where it can be computed.

    `typed` names the steps with text that was typed and not yet saved as an answer.
    """

    review_type: str = ""
    employee: PersonFacts = field(default_factory=PersonFacts)
    birth_date: date | None = None
    employer_name: str = ""
    claim_number: str = ""
    date_of_injury: date | None = None
    is_cumulative: bool = False
    date_of_injury_end: date | None = None
    physician: PersonFacts = field(default_factory=PersonFacts)
    claims_administrator: PersonFacts = field(default_factory=PersonFacts)
    diagnosis: str = ""
    decided_on: date | None = None
    served_on: date | None = None
    service_method: str = ""
    is_conditional: bool = False
    is_liability_disputed: bool | None = None
    liability_reason: str = ""
    items: tuple[ItemFacts, ...] = ()
    has_attorney: bool | None = None
    attorney: PersonFacts = field(default_factory=PersonFacts)
    has_designee: bool | None = None
    designee: PersonFacts = field(default_factory=PersonFacts)
    designation_signed_on: date | None = None
    signer: str = ""
    signer_name: str = ""
    signed_on: date | None = None
    consent_signed_on: date | None = None
    has_threat_certification: bool = False
    document_kinds: frozenset[str] = frozenset()
    filing_due: date | None = None
    typed: frozenset[DraftStep] = frozenset()


def check_injury_span(start: date | None, end: date | None, *, is_cumulative: bool, today: date) -> list[Finding]:
    """A range belongs to a cumulative injury, and its end does not lie before its start or after today."""
    if end is None:
        return []
    if not is_cumulative:
        return [
            _error(
                DraftStep.CLAIM,
                "date_of_injury_end",
                "Remove the end date, or tick that the injury happened over a period of time.",
            )
        ]
    if start is not None and end < start:
        return [
            _error(
                DraftStep.CLAIM,
                "date_of_injury_end",
                f"The injury cannot end on {mmddyyyy(end)}, before it began on {mmddyyyy(start)}.",
            )
        ]
    return _not_after_today(DraftStep.CLAIM, "date_of_injury_end", "The end of the injury", end, today)


def check_birth_date(birth_date: date | None, date_of_injury: date | None, *, today: date) -> list[Finding]:
    """The worker was between 14 and 110 years old at the injury (or is today, while that is not known)."""
    if birth_date is None:
        return []
    at = date_of_injury or today
    age = at.year - birth_date.year - ((at.month, at.day) < (birth_date.month, birth_date.day))
    if YOUNGEST <= age <= OLDEST:
        return []
    moment = f"at the injury on {mmddyyyy(date_of_injury)}" if date_of_injury else "today"
    return [
        _error(
            DraftStep.EMPLOYEE,
            "employee_birth_date",
            f"Check the date of birth {mmddyyyy(birth_date)}: the worker would be {max(age, 0)} years old {moment}. "
            f"Ages from {YOUNGEST} to {OLDEST} are taken.",
        )
    ]


def check_decision_dates(
    *, date_of_injury: date | None, decided_on: date | None, served_on: date | None, today: date
) -> list[Finding]:
    """Injury, decision, service and today follow each other."""
    step = DraftStep.UR_DECISION
    found: list[Finding] = []
    if decided_on is not None and date_of_injury is not None and decided_on < date_of_injury:
        found.append(
            _error(
                step,
                "decided_on",
                f"The UR decision of {mmddyyyy(decided_on)} cannot be earlier than the date of injury, "
                f"{mmddyyyy(date_of_injury)}.",
            )
        )
    found += _not_after_today(step, "decided_on", "The date of the UR decision", decided_on, today)
    if served_on is not None and decided_on is not None and served_on < decided_on:
        found.append(
            _error(
                step,
                "served_on",
                f"The decision cannot be served on {mmddyyyy(served_on)}, before it was made on "
                f"{mmddyyyy(decided_on)}.",
            )
        )
    found += _not_after_today(step, "served_on", "The date of service", served_on, today)
    return found


def check_designation(designation_signed_on: date | None, decided_on: date | None, *, today: date) -> list[Finding]:
    """A representative is designated after the UR decision, not before (8 CCR 9792.10.1(b))."""
    step = DraftStep.REPRESENTATIVE
    if designation_signed_on is None:
        return []
    if decided_on is not None and designation_signed_on < decided_on:
        return [
            _error(
                step,
                "designation_signed_on",
                f"The designation of {mmddyyyy(designation_signed_on)} is earlier than the UR decision of "
                f"{mmddyyyy(decided_on)}. A representative has to be designated after the decision.",
                code=IneligibilityReason.PARTY.value,
            )
        ]
    return _not_after_today(step, "designation_signed_on", "The designation", designation_signed_on, today)


def check_signature_dates(
    *, signed_on: date | None, consent_signed_on: date | None, decided_on: date | None, today: date
) -> list[Finding]:
    """Signature and consent lie between the UR decision and today."""
    step = DraftStep.SIGNATURE
    found: list[Finding] = []
    for name, words, day in (
        ("signed_on", "signature", signed_on),
        ("consent_signed_on", "consent", consent_signed_on),
    ):
        if day is not None and decided_on is not None and day < decided_on:
            found.append(
                _error(
                    step,
                    name,
                    f"The {words} of {mmddyyyy(day)} cannot be earlier than the UR decision of {mmddyyyy(decided_on)}.",
                )
            )
        found += _not_after_today(step, name, f"The {words}", day, today)
    return found


def check_item(item: ItemFacts, *, today: date) -> list[Finding]:
    """One item is described and says what utilization review did with it, and what is left of it."""
    step, words = DraftStep.ITEMS, f"Item {item.position}: "
    found: list[Finding] = []
    if not item.category:
        found.append(_missing(step, "category", f"{words}select the kind of treatment."))
    if not item.ur_outcome:
        found.append(_missing(step, "ur_outcome", f"{words}say whether it was denied or modified."))
    if item.ur_outcome == UROutcome.MODIFIED:
        if not item.authorized:
            found.append(_missing(step, "authorized", f"{words}enter what was authorized."))
        if not item.remaining:
            found.append(_missing(step, "remaining", f"{words}enter what is left in dispute."))
    if item.is_retrospective and item.service_date is None:
        found.append(_missing(step, "service_date", f"{words}enter the date of service."))
    found += _not_after_today(step, "service_date", f"{words}the date of service", item.service_date, today)
    return found


def item_key(description: str) -> str:
    """What makes two items the same: the words, without case and blanks."""
    return "".join(description.casefold().split())


def check_items(items: Iterable[ItemFacts], *, today: date) -> list[Finding]:
    """There are 1 to 60 items, none of them twice, each complete."""
    rows = list(items)
    step = DraftStep.ITEMS
    if not rows:
        return [_missing(step, "", "Add at least one disputed treatment.")]
    found: list[Finding] = []
    if len(rows) > MAX_ITEMS:
        found.append(_error(step, "", f"An application holds at most {MAX_ITEMS} items; this one has {len(rows)}."))
    seen: dict[str, int] = {}
    for item in rows:
        key = item_key(item.description)
        if key in seen:
            found.append(
                _error(step, "description", f"Item {item.position} repeats item {seen[key]}. Remove one of them.")
            )
        seen.setdefault(key, item.position)
        found += check_item(item, today=today)
    return found


def check_filing_time(filing_due: date | None, *, today: date) -> list[Finding]:
    """Filed after the last day: a warning, for service may have been defective (8 CCR 9792.10.1(b)(1))."""
    if filing_due is None or today <= filing_due:
        return []
    return [
        Finding(
            DraftStep.UR_DECISION,
            Severity.WARNING,
            f"The last day to file was {mmddyyyy(filing_due)}, by the date and way of service you gave. You can still "
            "file; the application may be found late.",
            field="served_on",
            code=IneligibilityReason.LATE.value,
            citation="8 CCR 9792.10.1(b)(1); LC 4610.5(h)",
        )
    ]


def check_application(facts: ApplicationFacts, *, today: date) -> list[Finding]:
    """Everything that is missing, wrong, to be confirmed or worth a warning, in the order of the steps."""
    found = [
        *_typed(facts),
        *_missing_answers(facts),
        *check_injury_span(
            facts.date_of_injury, facts.date_of_injury_end, is_cumulative=facts.is_cumulative, today=today
        ),
        *_not_after_today(DraftStep.CLAIM, "date_of_injury", "The date of injury", facts.date_of_injury, today),
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
        *_signer_fits(facts),
        *_documents(facts),
        *_eligibility_warnings(facts),
        *check_filing_time(facts.filing_due, today=today),
    ]
    return in_step_order(found)


def in_step_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in the order of the steps."""
    order = list(DraftStep)
    return sorted(findings, key=lambda finding: order.index(finding.step))


def stopping(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop the filing."""
    return [finding for finding in findings if finding.severity in STOPS]


def to_confirm(findings: Iterable[Finding]) -> list[Finding]:
    """Those that the filer has to tick before filing anyway."""
    return [finding for finding in findings if finding.severity == Severity.CONFIRM]


def _error(step: DraftStep, name: str, message: str, *, code: str = "") -> Finding:
    return Finding(step, Severity.ERROR, message, field=name, code=code)


def _missing(step: DraftStep, name: str, message: str) -> Finding:
    return Finding(step, Severity.MISSING, message, field=name)


def _not_after_today(step: DraftStep, name: str, words: str, day: date | None, today: date) -> list[Finding]:
    if day is None or day <= today:
        return []
    return [_error(step, name, f"{words}, {mmddyyyy(day)}, cannot be later than today, {mmddyyyy(today)}.")]


def _typed(facts: ApplicationFacts) -> list[Finding]:
    return [_missing(step, "", TYPED_WORDS) for step in facts.typed]


def _missing_answers(facts: ApplicationFacts) -> list[Finding]:
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
    return [_missing(of, name, words) for of, name, answer, words in asked if not answer]


def _signer_fits(facts: ApplicationFacts) -> list[Finding]:
    if facts.signer == SignerKind.ATTORNEY and facts.has_attorney is False:
        words = "You wrote that the attorney signed, but also that the worker has no attorney. Change one of the two."
    elif facts.signer == SignerKind.DESIGNEE and facts.has_designee is False:
        words = "You wrote that another representative signed, but also that there is none. Change one of the two."
    else:
        return []
    return [_error(DraftStep.SIGNATURE, "signer", words, code=IneligibilityReason.PARTY.value)]


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
            _warning(
                step,
                "The designation of the representative is not attached. Without it the application may be found "
                "to be filed by someone without standing.",
                IneligibilityReason.PARTY.value,
            )
        )
    if facts.has_threat_certification and DocumentKind.EXPEDITED_CERTIFICATION not in kinds:
        found.append(_warning(step, "The physician's certification of a serious threat is not attached.", ""))
    return found


def _eligibility_warnings(facts: ApplicationFacts) -> list[Finding]:
    found: list[Finding] = []
    if facts.review_type == ReviewType.EXPEDITED and not facts.has_threat_certification:
        found.append(
            _warning(
                DraftStep.SIGNATURE,
                "You ask for an expedited review without a physician's certification. Unless utilization review was "
                "itself expedited, the review may be handled as a regular one (8 CCR 9792.10.1(c)).",
                "",
            )
        )
    if not facts.employee.phone and facts.employee.last_name:
        found.append(_warning(DraftStep.EMPLOYEE, "There is no phone number for the worker.", ""))
    if facts.is_conditional:
        found.append(
            _warning(
                DraftStep.UR_DECISION,
                "A decision that only waits for information is not reviewed. The physician can send the information "
                "to the claims administrator, who then decides again.",
                IneligibilityReason.CONDITIONAL.value,
            )
        )
    if facts.is_liability_disputed:
        found.append(
            _warning(
                DraftStep.UR_DECISION,
                "While liability is disputed the review may be put on hold, unless the claims administrator agrees "
                "to it (8 CCR 9792.10.3(d)).",
                IneligibilityReason.LIABILITY.value,
            )
        )
    if _is_outside_statute(facts.date_of_injury, facts.decided_on):
        found.append(
            _warning(
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


def _warning(step: DraftStep, message: str, code: str) -> Finding:
    return Finding(step, Severity.WARNING, message, code=code)
