"""Finding a case eligible or ineligible, in whole or in part (LC 4610.5(k); 8 CCR 9792.10.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from cases.enums import CaseEvent, IneligibilityReason, ItemEligibility, ItemStatus, NoticeKind
from cases.exceptions import IncompleteError
from cases.models import Case, DisputedItem, EligibilityDecision, IneligibilityAppeal
from cases.rules.eligibility.engine import Proposal
from cases.selectors.eligibility import case_checks
from cases.services.notice import issue_notice
from cases.services.transitions import Guard, lock_case, transition_case
from imr.accounts.models import User
from imr.core import clock
from imr.core.errors import ConflictError


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What is decided about one item; `reason` and `note` belong to an ineligible one."""

    is_eligible: bool
    reason: str = ""
    note: str = ""


@transaction.atomic
def find_eligible(*, case_id: int, actor: User, items: Mapping[int, ItemDecision], note: str = "") -> Case:
    """The case is eligible; every item has its own decision, and at least one is eligible.

    What the checks answered is kept with the decision. Raises `IncompleteError` when an item has no decision, an
    ineligible one no reason, none is eligible, or a decision that departs from the checks has no note.
    """
    checks = case_checks(lock_case(case_id), today=clock.today())
    rows = list(DisputedItem.objects.select_for_update(of=("self",)).filter(case_id=case_id))
    problems = _problems(rows, items)
    if not any(decision.is_eligible for decision in items.values()):
        problems["items"] = ["Find at least one item eligible, or find the whole case ineligible."]
    if problems:
        raise IncompleteError("Decide every item before you find the case eligible.", fields=problems)
    refused = {row.position: items[row.pk].reason for row in rows if not items[row.pk].is_eligible}
    if _departs(checks.proposal, "", refused):
        _require_note(note, checks.proposal)

    def write(case: Case) -> None:
        for row in rows:
            decision = items[row.pk]
            _decide_item(row, decision)
        EligibilityDecision.objects.create(
            case=case, is_eligible=True, note=note, decided_by=actor, checks=[one.as_json() for one in checks.checks]
        )

    return transition_case(
        case_id=case_id,
        event=CaseEvent.FIND_ELIGIBLE,
        actor=actor,
        before_clocks=write,
        detail={
            "eligible_items": sum(decision.is_eligible for decision in items.values()),
            "ineligible_items": sum(not decision.is_eligible for decision in items.values()),
        },
    )


@transaction.atomic
def find_ineligible(*, case_id: int, actor: User, reason: str, note: str = "", free_text: str = "") -> Case:
    """The case and all its items are ineligible for `reason`, or deferred while liability is disputed, and the notice
    goes out; `free_text` is the sender's part of it.

    A dispute about liability defers the case instead of ending it (8 CCR 9792.10.3(d)). What the checks answered is
    kept with the decision. Raises `IncompleteError` when a decision that departs from them has no note.
    """
    if reason not in IneligibilityReason.values:
        raise IncompleteError("Choose a reason.", fields={"reason": ["Choose the reason of ineligibility."]})
    deferred = reason == IneligibilityReason.LIABILITY
    checks = case_checks(lock_case(case_id), today=clock.today())
    if _departs(checks.proposal, reason, {}):
        _require_note(note, checks.proposal)
    eligibility = ItemEligibility.DEFERRED if deferred else ItemEligibility.INELIGIBLE

    def write(case: Case) -> None:
        DisputedItem.objects.filter(case=case).update(
            eligibility=eligibility, ineligibility_reason=reason, ineligibility_note=note[:1000]
        )
        EligibilityDecision.objects.create(
            case=case,
            is_eligible=False,
            reason=reason,
            note=note,
            decided_by=actor,
            checks=[one.as_json() for one in checks.checks],
        )

    case = transition_case(
        case_id=case_id,
        event=CaseEvent.DEFER if deferred else CaseEvent.FIND_INELIGIBLE,
        actor=actor,
        before_clocks=write,
        detail={"reason": reason},
    )
    kind = NoticeKind.DEFERRED if deferred else NoticeKind.INELIGIBLE
    issue_notice(case=case, kind=kind, actor=actor, reason=reason, free_text=free_text)
    return case


@transaction.atomic
def resume_deferred(*, case_id: int, actor: User, reason: str) -> Case:
    """The deferred case is in eligibility review again, its items undecided (8 CCR 9792.10.3(d))."""
    lock_case(case_id)

    def write(case: Case) -> None:
        DisputedItem.objects.filter(case=case).update(
            eligibility=ItemEligibility.PENDING, ineligibility_reason="", ineligibility_note=""
        )

    return transition_case(case_id=case_id, event=CaseEvent.RESUME, actor=actor, before_clocks=write, reason=reason)


@transaction.atomic
def consent_to_review(*, case_id: int, actor: User, reason: str) -> Case:
    """The claims administrator agrees to the review although liability is disputed: the deferred items are eligible.

    The notice of assignment is next (8 CCR 9792.10.3(d)).
    """

    def write(case: Case) -> None:
        _open_items(case, ItemEligibility.DEFERRED)
        EligibilityDecision.objects.create(case=case, is_eligible=True, note=reason, decided_by=actor)

    return transition_case(
        case_id=case_id, event=CaseEvent.CONSENT_TO_REVIEW, actor=actor, before_clocks=write, reason=reason
    )


@transaction.atomic
def reverse_ineligibility(*, case_id: int, actor: User, reason: str) -> Case:
    """The finding of ineligibility is reversed: the case and its items are eligible (8 CCR 9792.10.3(f)).

    By the organization itself, until an appeal is filed; what the WCAB orders is recorded with its appeal. The notice
    of assignment is next. Raises `ConflictError` (409) while an appeal is open.
    """

    def own_power(case: Case) -> None:
        if IneligibilityAppeal.objects.filter(case=case, outcome="").exists():
            raise ConflictError("An appeal was filed: the appeals board decides now. Record its decision.")

    return carry_out_reversal(case_id=case_id, actor=actor, reason=reason, guards=(own_power,))


def carry_out_reversal(*, case_id: int, actor: User, reason: str, guards: tuple[Guard, ...] = ()) -> Case:
    """The case and its items are eligible; called within the act that says on whose word."""

    def write(case: Case) -> None:
        _open_items(case, ItemEligibility.INELIGIBLE)
        EligibilityDecision.objects.create(case=case, is_eligible=True, note=reason, decided_by=actor)

    return transition_case(
        case_id=case_id,
        event=CaseEvent.REVERSE_INELIGIBILITY,
        actor=actor,
        guards=guards,
        before_clocks=write,
        reason=reason,
    )


def _open_items(case: Case, former: ItemEligibility) -> None:
    DisputedItem.objects.filter(case=case, eligibility=former, status=ItemStatus.OPEN).update(
        eligibility=ItemEligibility.ELIGIBLE, ineligibility_reason="", ineligibility_note=""
    )


def _departs(proposal: Proposal, reason: str, refused: Mapping[int, str]) -> bool:
    """Whether this is another decision than the checks amount to, or one that they leave open."""
    if not proposal.is_settled or (proposal.reason or "") != reason:
        return True
    return not reason and dict(proposal.refused) != dict(refused)


def _require_note(note: str, proposal: Proposal) -> None:
    if note.strip():
        return
    words = (
        "This is not what the checks amount to. Write why you decide so."
        if proposal.is_settled
        else "Some checks wait for a person. Decide them, or write why you decide without."
    )
    raise IncompleteError(words, fields={"note": [words]})


def _problems(rows: list[DisputedItem], items: Mapping[int, ItemDecision]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    for row in rows:
        decision = items.get(row.pk)
        if decision is None:
            problems[f"item-{row.pk}"] = [f"Decide item {row.position}."]
        elif not decision.is_eligible and decision.reason not in IneligibilityReason.values:
            problems[f"item-{row.pk}"] = [f"Choose why item {row.position} is ineligible."]
    return problems


def _decide_item(row: DisputedItem, decision: ItemDecision) -> None:
    eligibility = ItemEligibility.ELIGIBLE
    if not decision.is_eligible:
        is_deferred = decision.reason == IneligibilityReason.LIABILITY
        eligibility = ItemEligibility.DEFERRED if is_deferred else ItemEligibility.INELIGIBLE
    DisputedItem.objects.filter(pk=row.pk).update(
        eligibility=eligibility,
        ineligibility_reason="" if decision.is_eligible else decision.reason,
        ineligibility_note="" if decision.is_eligible else decision.note[:1000],
    )
