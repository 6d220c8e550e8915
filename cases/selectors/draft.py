"""Reading an application that is being filled in: drafts, answers so far, state of each step, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from cases.enums import CaseStatus, DraftStep, PartyRole, StepState
from cases.models import Application, Case, DisputedItem, Document, Party, URDecision
from cases.rules.application import check_application
from cases.rules.application_facts import ApplicationFacts, ItemFacts, PersonFacts
from cases.rules.duplicates import DisputeFacts, EarlierCase, check_earlier
from cases.rules.finding import STOPS, Finding, Severity, in_step_order
from cases.selectors.case import visible_to
from cases.selectors.deadline import filing_deadline
from cases.selectors.duplicate import Duplicate, own_duplicates
from imr.accounts.enums import Action
from imr.accounts.models import Organization, User
from imr.core.clock import pacific_date

ITEM_KEY = "item:"
NEW_ITEM_KEY = "item:new"


def item_step_key(item_id: int | None) -> str:
    """Under which key of `Application.steps` the typed text of an item's form lies; None is a new item."""
    return NEW_ITEM_KEY if item_id is None else f"{ITEM_KEY}{item_id}"


def item_of_key(key: str) -> int | None:
    """The stored item whose form `key` names; None for a new item and for a step."""
    number = key.removeprefix(ITEM_KEY)
    return int(number) if number != key and number.isdecimal() else None


def step_of_key(key: str) -> DraftStep:
    """The step that a key of `Application.steps` belongs to."""
    return DraftStep.ITEMS if key.startswith(ITEM_KEY) else DraftStep(key)


@dataclass(frozen=True, slots=True)
class Draft:
    """A case's application with all its parts, read once. Parties that were not entered are empty ones."""

    case: Case
    application: Application
    ur_decision: URDecision
    parties: Mapping[PartyRole, Party]
    items: tuple[DisputedItem, ...]
    documents: tuple[Document, ...]

    def typed(self, key: str) -> dict[str, Any] | None:
        """What was typed into the form of `key` and not saved as an answer; None when nothing."""
        found: dict[str, Any] | None = self.application.steps.get(key, {}).get("typed")
        return found

    @property
    def typed_steps(self) -> frozenset[DraftStep]:
        """The steps with text that is typed and not saved."""
        return frozenset(step_of_key(key) for key, entry in self.application.steps.items() if "typed" in entry)

    def is_done(self, step: DraftStep) -> bool:
        """Whether the step was once saved as finished."""
        return bool(self.application.steps.get(step.value, {}).get("done"))


@dataclass(frozen=True, slots=True)
class StepStatus:
    """One line of the task list. `open` is what keeps the step from being completed, in sentences."""

    step: DraftStep
    state: StepState
    open: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


def drafts_of(user: User) -> QuerySet[Case]:
    """The applications that `user` may go on with, the last saved first; the worker is in `employee_rows`."""
    return (
        visible_to(user, action=Action.CASE_EDIT_DRAFT)
        .filter(status=CaseStatus.DRAFT)
        .select_related("application", "organization", "created_by")
        .prefetch_related(
            Prefetch("parties", queryset=Party.objects.filter(role=PartyRole.EMPLOYEE), to_attr="employee_rows")
        )
        .order_by("-application__saved_at", "-pk")
    )


def read_draft(case: Case) -> Draft:
    """The application of `case` with its parts; five queries."""
    found = {PartyRole(party.role): party for party in Party.objects.filter(case=case)}
    return Draft(
        case=case,
        application=Application.objects.get(case=case),
        ur_decision=URDecision.objects.filter(case=case).first() or URDecision(case=case),
        parties={role: found.get(role) or Party(case=case, role=role) for role in PartyRole},
        items=tuple(DisputedItem.objects.filter(case=case).select_related("category__parent")),
        documents=tuple(Document.objects.filter(case=case, removed_at__isnull=True)),
    )


def blank_draft(organization: Organization | None = None) -> Draft:
    """An application of `organization` that nothing was entered in, not stored; its own address is known."""
    case = Case(status=CaseStatus.DRAFT, organization=organization) if organization else Case(status=CaseStatus.DRAFT)
    parties = {role: Party(role=role) for role in PartyRole}
    if organization is not None:
        parties[PartyRole.CLAIMS_ADMINISTRATOR] = Party(
            role=PartyRole.CLAIMS_ADMINISTRATOR, **organization_address(organization)
        )
    return Draft(
        case=case, application=Application(), ur_decision=URDecision(), parties=parties, items=(), documents=()
    )


def organization_address(organization: Organization) -> dict[str, str]:
    """Name, address and numbers of the claims administrator as a party's fields."""
    names = ("address_line_1", "address_line_2", "city", "state", "zip_code", "phone", "fax")
    return {"firm_name": organization.name, **{name: getattr(organization, name) for name in names}}


def filing_due(ur_decision: URDecision) -> date | None:
    """The last day to file, counted from service of the decision; None while that is not known."""
    deadline = filing_deadline(ur_decision)
    return pacific_date(deadline.due_at) if deadline else None


def application_facts(draft: Draft) -> ApplicationFacts:
    """The draft as plain values for the rules."""
    application, decision, parties = draft.application, draft.ur_decision, draft.parties
    return ApplicationFacts(
        review_type=application.review_type,
        employee=_person(parties[PartyRole.EMPLOYEE]),
        birth_date=application.employee_birth_date,
        employer_name=parties[PartyRole.EMPLOYER].firm_name,
        claim_number=application.claim_number,
        date_of_injury=application.date_of_injury,
        is_cumulative=application.is_cumulative_injury,
        date_of_injury_end=application.date_of_injury_end,
        physician=_person(parties[PartyRole.REQUESTING_PHYSICIAN]),
        claims_administrator=_person(parties[PartyRole.CLAIMS_ADMINISTRATOR]),
        diagnosis=application.primary_diagnosis,
        decided_on=decision.decided_on,
        served_on=decision.served_on,
        service_method=decision.service_method,
        is_conditional=decision.is_conditional,
        is_liability_disputed=application.is_liability_disputed,
        liability_reason=application.liability_reason,
        items=tuple(
            ItemFacts(
                position=item.position,
                description=item.description,
                category=str(item.category_id or ""),
                ur_outcome=item.ur_outcome,
                authorized=item.authorized,
                remaining=item.remaining,
                is_retrospective=item.is_retrospective,
                service_date=item.service_date,
            )
            for item in draft.items
        ),
        has_attorney=application.has_attorney,
        attorney=_person(parties[PartyRole.ATTORNEY]),
        has_designee=application.has_designee,
        designee=_person(parties[PartyRole.DESIGNEE]),
        designation_signed_on=application.designation_signed_on,
        signer=application.signer,
        signer_name=application.signer_name,
        signed_on=application.signed_on,
        consent_signed_on=application.consent_signed_on,
        has_threat_certification=application.has_threat_certification,
        document_kinds=frozenset(document.kind for document in draft.documents),
        filing_due=filing_due(decision),
        typed=draft.typed_steps,
    )


def draft_findings(draft: Draft, *, today: date) -> list[Finding]:
    """Everything the rules have to say about the draft, in the order of the steps."""
    earlier = [
        EarlierCase(one.case.number or "", pacific_date(one.received_at), one.match) for one in earlier_cases(draft)
    ]
    return in_step_order([*check_application(application_facts(draft), today=today), *check_earlier(earlier)])


def step_statuses(draft: Draft, findings: list[Finding]) -> list[StepStatus]:
    """The task list: each step with its state and what is open in it."""
    return [_status(draft, step, [one for one in findings if one.step == step]) for step in DraftStep]


def _status(draft: Draft, step: DraftStep, findings: list[Finding]) -> StepStatus:
    open_ones = tuple(one for one in findings if one.severity in STOPS or one.severity == Severity.CONFIRM)
    notes = tuple(one for one in findings if one.severity == Severity.WARNING)
    if step == DraftStep.ITEMS:
        is_begun = bool(draft.items)
    elif step == DraftStep.DOCUMENTS:
        is_begun = bool(draft.documents)
    else:
        is_begun = draft.is_done(step)
    is_typed = step in draft.typed_steps
    if not is_begun and not is_typed:
        return StepStatus(step, StepState.NOT_STARTED, open_ones, notes)
    state = StepState.IN_PROGRESS if open_ones or is_typed else StepState.COMPLETED
    return StepStatus(step, state, open_ones, notes)


def earlier_cases(draft: Draft) -> list[Duplicate]:
    """Cases that may be about the same dispute, the most alike first.

    Only of the draft's own claims administrator: what others have on file is not the filer's business.
    """
    return own_duplicates(dispute_of(draft), organization_id=draft.case.organization_id, without=draft.case.pk)


def dispute_of(draft: Draft) -> DisputeFacts:
    """The draft as it is compared with other cases."""
    return DisputeFacts(
        claim_number=draft.application.claim_number,
        date_of_injury=draft.application.date_of_injury,
        decided_on=draft.ur_decision.decided_on,
        physician=draft.parties[PartyRole.REQUESTING_PHYSICIAN].person_name,
        employee=draft.parties[PartyRole.EMPLOYEE].person_name,
        items=tuple(item.description for item in draft.items),
    )


def _person(party: Party) -> PersonFacts:
    return PersonFacts(
        first_name=party.first_name,
        last_name=party.last_name,
        firm_name=party.firm_name,
        specialty=party.specialty,
        relationship=party.relationship,
        address_line_1=party.address_line_1,
        city=party.city,
        state=party.state,
        zip_code=party.zip_code,
        phone=party.phone,
    )
