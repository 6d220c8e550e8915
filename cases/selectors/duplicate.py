"""Cases that may be about the same dispute: for the filer among their own organization's, for intake among all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cases.enums import CaseStatus, ItemStatus, Outcome, PartyRole
from cases.models import Application, Case, DisputedItem, Party, URDecision
from cases.rules.duplicates import DecidedItem, DisputeFacts, ItemHint, Match, compare, decided_before
from cases.selectors.law import legal_parameter

MOST_CANDIDATES = 50
MOST_SHOWN = 10
# A new application after one of these is no duplicate: the earlier one has ended without a review.
_MAY_FILE_AGAIN = (CaseStatus.MERGED, CaseStatus.INELIGIBLE, CaseStatus.WITHDRAWN, CaseStatus.DISMISSED)
_SERVED = (
    CaseStatus.ISSUED,
    CaseStatus.IMPLEMENTATION,
    CaseStatus.APPEALED,
    CaseStatus.CLOSED,
    CaseStatus.PUBLISHED,
)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A submitted case, and how alike it is."""

    case: Case
    facts: DisputeFacts
    match: Match

    @property
    def received_at(self) -> datetime:
        """When it was received; every submitted case has that moment."""
        return cast("datetime", self.case.received_at)


def own_duplicates(facts: DisputeFacts, *, organization_id: int, without: int | None) -> list[Duplicate]:
    """Cases of one claims administrator that are alike and still stand in the way of filing the dispute again."""
    cases = Case.objects.filter(organization_id=organization_id).exclude(status__in=_MAY_FILE_AGAIN)
    return _alike(facts, cases.exclude(pk=without) if without else cases)


def duplicates_of(case: Case) -> list[Duplicate]:
    """Cases of whatever claims administrator that are alike, for the people who check eligibility."""
    cases = Case.objects.exclude(pk=case.pk).exclude(status=CaseStatus.MERGED)
    return _alike(dispute_facts([case.pk])[case.pk], cases)


def compared(case: Case, other: Case) -> Match:
    """How alike two cases are."""
    facts = dispute_facts([case.pk, other.pk])
    return compare(facts[case.pk], facts[other.pk])


def dispute_facts(case_ids: Iterable[int]) -> dict[int, DisputeFacts]:
    """What is compared of these cases; four queries however many there are."""
    ids = list(case_ids)
    applications = {row.case_id: row for row in Application.objects.filter(case__in=ids)}
    decided = dict(URDecision.objects.filter(case__in=ids).values_list("case_id", "decided_on"))
    names: dict[tuple[int, str], str] = {
        (party.case_id, party.role): party.person_name for party in Party.objects.filter(case__in=ids)
    }
    items: dict[int, list[str]] = {}
    for case_id, description in DisputedItem.objects.filter(case__in=ids).values_list("case_id", "description"):
        items.setdefault(case_id, []).append(description)
    return {
        case_id: DisputeFacts(
            claim_number=application.claim_number,
            date_of_injury=application.date_of_injury,
            decided_on=decided.get(case_id),
            physician=names.get((case_id, PartyRole.REQUESTING_PHYSICIAN), ""),
            employee=names.get((case_id, PartyRole.EMPLOYEE), ""),
            items=tuple(items.get(case_id, ())),
        )
        for case_id, application in applications.items()
    }


def item_hints(case: Case) -> list[ItemHint]:
    """Items of `case` that a served determination has decided while the UR denial is in effect (D19, LC 4610(k))."""
    facts = dispute_facts([case.pk])[case.pk]
    if facts.decided_on is None:
        return []
    others = Case.objects.exclude(pk=case.pk).filter(status__in=_SERVED)
    ids = [one.pk for one in _candidates(facts, others)]
    rows = DisputedItem.objects.filter(case__in=ids, status=ItemStatus.DECIDED).select_related(
        "case", "case__ur_decision"
    )
    decided = [
        DecidedItem(
            case_number=row.case.number or "",
            description=row.description,
            outcome=Outcome(row.outcome).label,
            decided_on=row.case.ur_decision.decided_on,
        )
        for row in rows
        if row.case.ur_decision.decided_on is not None
    ]
    months = legal_parameter("ur_decision_life", on=facts.decided_on).value
    return decided_before(facts.items, decided, decided_on=facts.decided_on, months=months)


def with_duplicate_mark(cases: QuerySet[Case]) -> QuerySet[Case]:
    """`cases` with `has_duplicate`: another submitted case has the same claim number and UR decision date."""
    same = (
        Application.objects.filter(
            claim_number__iexact=OuterRef("application__claim_number"),
            case__ur_decision__decided_on=OuterRef("ur_decision__decided_on"),
        )
        .exclude(case=OuterRef("pk"))
        .exclude(case__status__in=[CaseStatus.DRAFT, CaseStatus.MERGED])
    )
    return cases.annotate(has_duplicate=Exists(same))


def _alike(facts: DisputeFacts, cases: QuerySet[Case]) -> list[Duplicate]:
    candidates = _candidates(facts, cases)
    described = dispute_facts([case.pk for case in candidates]) if candidates else {}
    found = [
        Duplicate(case, described[case.pk], match)
        for case in candidates
        if (match := compare(facts, described[case.pk])).is_similar
    ]
    return sorted(found, key=lambda one: (-one.match.score, one.received_at))[:MOST_SHOWN]


def _candidates(facts: DisputeFacts, cases: QuerySet[Case]) -> list[Case]:
    """Submitted cases with the same claim number, or with the same injury and UR decision: each by its index."""
    submitted = cases.exclude(status=CaseStatus.DRAFT).select_related("organization").order_by(F("pk").desc())
    found: dict[int, Case] = {}
    conditions = []
    if facts.claim_number:
        conditions.append(Q(application__claim_number__iexact=facts.claim_number))
    if facts.date_of_injury and facts.decided_on:
        conditions.append(Q(application__date_of_injury=facts.date_of_injury, ur_decision__decided_on=facts.decided_on))
    for condition in conditions:
        found |= {case.pk: case for case in submitted.filter(condition)[:MOST_CANDIDATES]}
    return list(found.values())
