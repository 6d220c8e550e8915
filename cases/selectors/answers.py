"""The answers of an application as labels and values: for check-your-answers, the receipt and the case page."""

from dataclasses import dataclass
from datetime import date

from cases.enums import DraftStep, PartyRole, SignerKind, UROutcome
from cases.models import DisputedItem, Party
from cases.selectors.draft import Draft
from imr.core.words import mmddyyyy


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` may have several lines; it is empty where nothing was given."""

    label: str
    value: str
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """The answers of one step, or of one disputed item (`item_id` set)."""

    step: DraftStep
    title: str
    answers: tuple[Answer, ...]
    item_id: int | None = None


def application_sections(draft: Draft) -> tuple[AnswerSection, ...]:
    """All answers in the order of the steps; the documents, which have their own list, left out."""
    return (
        _section(draft, DraftStep.REVIEW_TYPE, [Answer("Type of review", _label(draft, "review_type"))]),
        _section(draft, DraftStep.EMPLOYEE, _employee(draft)),
        _section(draft, DraftStep.CLAIM, _claim(draft)),
        _section(draft, DraftStep.PHYSICIAN, _physician(draft.parties[PartyRole.REQUESTING_PHYSICIAN])),
        _section(draft, DraftStep.CLAIMS_ADMINISTRATOR, _claims(draft.parties[PartyRole.CLAIMS_ADMINISTRATOR])),
        _section(draft, DraftStep.UR_DECISION, _decision(draft)),
        *(_item(item) for item in draft.items),
        _section(draft, DraftStep.REPRESENTATIVE, _representatives(draft)),
        _section(draft, DraftStep.SIGNATURE, _signature(draft)),
    )


def address_lines(party: Party) -> str:
    """The postal address in up to three lines."""
    place = " ".join(part for part in (party.state, party.zip_code) if part)
    city = ", ".join(part for part in (party.city, place) if part)
    return "\n".join(line for line in (party.address_line_1, party.address_line_2, city) if line)


def injury_date(draft: Draft) -> str:
    """The date of injury, or the period of a cumulative one."""
    application = draft.application
    start, end = application.date_of_injury, application.date_of_injury_end
    return f"{_day(start)} to {_day(end)}" if start and end else _day(start)


def _section(draft: Draft, step: DraftStep, answers: list[Answer]) -> AnswerSection:
    return AnswerSection(step, step.label, tuple(answers))


def _employee(draft: Draft) -> list[Answer]:
    party, application = draft.parties[PartyRole.EMPLOYEE], draft.application
    return [
        Answer("Name", party.person_name),
        Answer("Mailing address", address_lines(party)),
        Answer("Phone", party.phone, is_optional=True),
        Answer("Date of birth", _day(application.employee_birth_date), is_optional=True),
        Answer("Sex", application.employee_sex.capitalize(), is_optional=True),
    ]


def _claim(draft: Draft) -> list[Answer]:
    employer, application = draft.parties[PartyRole.EMPLOYER], draft.application
    return [
        Answer("Employer", employer.firm_name),
        Answer("Employer’s address", address_lines(employer), is_optional=True),
        Answer("Claim number", application.claim_number),
        Answer("Date of injury", injury_date(draft)),
        Answer("WCIS number", application.wcis_number, is_optional=True),
        Answer("WCAB (ADJ) case number", application.adj_number, is_optional=True),
    ]


def _physician(party: Party) -> list[Answer]:
    return [
        Answer("Name", party.person_name),
        Answer("Practice", party.firm_name, is_optional=True),
        Answer("Specialty", party.specialty),
        Answer("Address", address_lines(party)),
        Answer("Phone", party.phone),
        Answer("Fax", party.fax, is_optional=True),
    ]


def _claims(party: Party) -> list[Answer]:
    return [
        Answer("Company", party.firm_name),
        Answer("Contact", party.person_name),
        Answer("Address", address_lines(party)),
        Answer("Phone", party.phone),
        Answer("Fax", party.fax, is_optional=True),
        Answer("E-mail", party.email, is_optional=True),
    ]


def _decision(draft: Draft) -> list[Answer]:
    decision, application = draft.ur_decision, draft.application
    is_answered = draft.is_done(DraftStep.UR_DECISION) or not draft.case.is_draft
    rows = [
        Answer("Date of the UR decision letter", _day(decision.decided_on)),
        Answer("Date served", _day(decision.served_on)),
        Answer("How it was served", decision.get_service_method_display() if decision.service_method else ""),
        Answer("Request for authorization received", _day(decision.request_received_on), is_optional=True),
        Answer("UR reference", decision.reference, is_optional=True),
        Answer("Denied only for missing information", _yes_no(decision.is_conditional) if is_answered else ""),
        Answer("Primary diagnosis", application.primary_diagnosis),
        Answer("ICD code", application.icd_code, is_optional=True),
        Answer("Liability disputed", _yes_no(application.is_liability_disputed)),
    ]
    if application.is_liability_disputed:
        rows.append(Answer("Why liability is disputed", application.liability_reason))
    return rows


def _item(item: DisputedItem) -> AnswerSection:
    category = ""
    if item.category is not None:
        parent = item.category.parent
        category = f"{parent.name}: {item.category.name}" if parent else item.category.name
    rows = [Answer("Requested treatment", item.description), Answer("Kind of treatment", category)]
    for label, value in (
        ("Code", item.code),
        ("Quantity", item.quantity),
        ("Frequency", item.frequency),
        ("Duration", item.duration),
    ):
        rows.append(Answer(label, value, is_optional=True))
    if item.is_retrospective:
        rows.append(Answer("Already provided on", _day(item.service_date)))
    if item.is_associated_service:
        rows.append(Answer("Associated with a surgery", "Yes"))
    rows.append(Answer("Utilization review", item.get_ur_outcome_display() if item.ur_outcome else ""))
    if item.ur_outcome == UROutcome.MODIFIED:
        rows += [Answer("Authorized", item.authorized), Answer("Left in dispute", item.remaining)]
    basis = item.get_claims_guideline_basis_display() if item.claims_guideline_basis else ""
    rows.append(Answer("Claims administrator’s guideline", basis, is_optional=True))
    rows.append(Answer("As cited", item.claims_guideline_text, is_optional=True))
    return AnswerSection(DraftStep.ITEMS, f"Disputed item {item.position}", tuple(rows), item_id=item.pk)


def _representatives(draft: Draft) -> list[Answer]:
    application = draft.application
    rows = [Answer("Attorney", _yes_no(application.has_attorney))]
    if application.has_attorney:
        rows += _representative(draft.parties[PartyRole.ATTORNEY])
    rows.append(Answer("Other representative", _yes_no(application.has_designee)))
    if application.has_designee:
        rows += _representative(draft.parties[PartyRole.DESIGNEE])
        rows.append(Answer("Designation signed on", _day(application.designation_signed_on)))
    return rows


def _representative(party: Party) -> list[Answer]:
    words = party.get_role_display()
    rows = [
        Answer(f"{words}: name", party.display_name),
        Answer(f"{words}: address", address_lines(party), is_optional=True),
        Answer(f"{words}: phone", party.phone, is_optional=True),
        Answer(f"{words}: fax", party.fax, is_optional=True),
        Answer(f"{words}: e-mail", party.email, is_optional=True),
    ]
    if party.role == PartyRole.ATTORNEY:
        rows.append(Answer("State Bar number", party.bar_number, is_optional=True))
    else:
        rows.append(Answer(f"{words}: relationship", party.relationship, is_optional=True))
    return rows


def _signature(draft: Draft) -> list[Answer]:
    application = draft.application
    signer = application.get_signer_display() if application.signer else ""
    rows = [Answer("Signed by", signer)]
    if application.signer and application.signer != SignerKind.UNSIGNED:
        rows += [
            Answer("Name of the signer", application.signer_name),
            Answer("Date of the signature", _day(application.signed_on)),
            Answer("Date of the consent", _day(application.consent_signed_on)),
        ]
    rows.append(Answer("Physician certified a serious threat", _yes_no(application.has_threat_certification)))
    return rows


def _label(draft: Draft, name: str) -> str:
    if not getattr(draft.application, name):
        return ""
    return str(getattr(draft.application, f"get_{name}_display")())


def _yes_no(answer: bool | None) -> str:
    return "" if answer is None else ("Yes" if answer else "No")


def _day(day: date | None) -> str:
    return mmddyyyy(day) if day else ""
