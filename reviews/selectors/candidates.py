"""Who may be given a case, and why or why not. Names are read here: assigning is a matter of people."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.enums import DeadlineKind, ItemEligibility, PartyRole
from cases.models import Case, Deadline, DisputedItem, Party
from imr.core import clock
from reviews.enums import AssignmentStatus, ConflictRelation, DeclineReason
from reviews.models import Assignment, ColleagueOpinion, Reviewer
from reviews.models.identity import ReviewerIdentity
from reviews.rules.facts import CaseFacts, PartyFacts, TieFacts
from reviews.rules.screening import CREDENTIAL_CHECKS, Check, failures, screen, warnings
from reviews.rules.states import in_letter_order
from reviews.selectors.reviewer import reviewer_facts, with_credentials


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewer beside a case: every check, and what the person who assigns wants to see."""

    reviewer: Reviewer
    name: str
    specialties: tuple[str, ...]
    states: tuple[str, ...]
    load: int
    last_assigned_at: datetime | None
    checks: tuple[Check, ...]
    draw: str
    is_same_specialty: bool = False

    @property
    def is_fit(self) -> bool:
        """Whether no check bars the assignment."""
        return not failures(self.checks)

    @property
    def failures(self) -> list[Check]:
        return failures(self.checks)

    @property
    def warnings(self) -> list[Check]:
        return warnings(self.checks)


def candidates_for(case: Case, *, specialty: str = "", on: date | None = None) -> list[Candidate]:
    """Every active reviewer beside the case: the fit without a warning first, then the fit with one.

    Among them come those of the requesting physician's specialty, then the lightest load; ties are drawn by lot.

    The lot is `draw(seed_of(case), code)`, so that anybody can run it again and find the same order.
    """
    day = on or clock.today()
    reviewers = with_credentials(Reviewer.objects.filter(is_active=True, user__is_active=True))
    if specialty:
        reviewers = reviewers.filter(
            pk__in=Reviewer.objects.filter(certifications__specialty__iexact=specialty).values("pk")
        )
    return _ranked(_beside(case, list(reviewers), day))


def candidate_for(case: Case, reviewer: Reviewer, *, on: date | None = None) -> Candidate:
    """One reviewer beside the case, active or not, from what the database holds now."""
    fresh = with_credentials(Reviewer.objects.filter(pk=reviewer.pk)).get()
    return _beside(case, [fresh], on or clock.today())[0]


def problems_of_holder(case: Case, reviewer: Reviewer, on: date) -> tuple[list[str], list[str]]:
    """Why the reviewer may not keep the case on that day, a sentence each: ties to its parties, then credentials."""
    failed = candidate_for(case, reviewer, on=on).failures
    credentials = {check.__name__.removeprefix("check_") for check in CREDENTIAL_CHECKS}
    return (
        [check.words for check in failed if check.code == "conflict"],
        [check.words for check in failed if check.code in credentials],
    )


def bars_of(assignment: Assignment) -> list[str]:
    """Why an accepted case is shut to its reviewer today, a sentence each; nothing when it may go on."""
    ties, lapsed = problems_of_holder(assignment.case, assignment.reviewer, clock.today())
    return ties or lapsed


def name_of(reviewer: Reviewer) -> str:
    """Who the reviewer is, for those who assign."""
    identity = ReviewerIdentity.objects.filter(reviewer=reviewer).first()
    return identity.full_name if identity else reviewer.code


def specialties_on_file() -> list[str]:
    """The specialties of active reviewers, for a filter."""
    return list(
        Reviewer.objects.filter(is_active=True, certifications__isnull=False)
        .order_by("certifications__specialty")
        .values_list("certifications__specialty", flat=True)
        .distinct()
    )


def screening_record(case: Case, candidate: Candidate, *, on: date) -> dict[str, Any]:
    """What is kept with the assignment: the day, the seed of the lot, the load, and each check with its reasons."""
    return {
        "on": on.isoformat(),
        "seed": seed_of(case),
        "load": candidate.load,
        "checks": [
            {
                "code": check.code,
                "label": check.label,
                "result": check.result.value,
                "words": check.words,
                "citation": check.citation,
            }
            for check in candidate.checks
        ],
    }


def seed_of(case: Case) -> str:
    """The seed of the lot among equals: the case's number, which nobody chooses, and its round."""
    return f"{case.number}/{case.round}"


def draw(seed: str, code: str) -> str:
    """The lot of a reviewer: SHA-256 of seed and code; the smallest comes first."""
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def _beside(case: Case, reviewers: Sequence[Reviewer], on: date) -> list[Candidate]:
    given = _GivenCase(_parties(case), *_items(case), due_on=_due_on(case))
    wanted = _specialty_of_request(case)
    identities = ReviewerIdentity.objects.in_bulk([reviewer.pk for reviewer in reviewers])
    history = _history(case)
    declared = _declared_as_colleagues(case)
    last = _last_assigned(reviewers)
    found = []
    for reviewer in reviewers:
        identity = identities.get(reviewer.pk)
        facts = reviewer_facts(reviewer, ties=_own_names(identity))
        specialties = tuple(dict.fromkeys(one.specialty for one in facts.certifications if one.is_valid(on)))
        past = [row for row in history if row.reviewer_id == reviewer.pk]
        found.append(
            Candidate(
                reviewer=reviewer,
                name=identity.full_name if identity else "",
                specialties=specialties,
                states=tuple(in_letter_order(held.state for held in facts.licenses if held.is_valid(on))),
                load=facts.load,
                last_assigned_at=last.get(reviewer.pk),
                checks=tuple(screen(facts, _case_facts(case, given, past, has_declared=reviewer.pk in declared), on)),
                draw=draw(seed_of(case), reviewer.code),
                is_same_specialty=bool(wanted) and wanted in (name.casefold() for name in specialties),
            )
        )
    return found


def _ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=_rank)


def _rank(one: Candidate) -> tuple[bool, bool, bool, int, str]:
    return (not one.is_fit, bool(one.warnings), not one.is_same_specialty, one.load, one.draw)


@dataclass(frozen=True, slots=True)
class _GivenCase:
    parties: Sequence[PartyFacts]
    texts: Sequence[str]
    categories: Sequence[str]
    due_on: date | None = None


def _case_facts(case: Case, given: _GivenCase, past: Sequence[Assignment], *, has_declared: bool) -> CaseFacts:
    declined = [row for row in past if row.status == AssignmentStatus.DECLINED]
    return CaseFacts(
        parties=given.parties,
        texts=given.texts,
        categories=given.categories,
        due_on=given.due_on,
        declined_with_conflict=has_declared or any(row.decline_reason == DeclineReason.CONFLICT for row in declined),
        declined_otherwise=any(row.decline_reason != DeclineReason.CONFLICT for row in declined),
        left_unanswered=any(row.status == AssignmentStatus.EXPIRED for row in past),
        reviewed_earlier_round=any(row.round < case.round and row.status == AssignmentStatus.COMPLETED for row in past),
    )


def _parties(case: Case) -> list[PartyFacts]:
    found = [
        PartyFacts(
            role=party.get_role_display().lower(),
            names=tuple(name for name in (party.person_name, party.firm_name) if name),
        )
        for party in Party.objects.filter(case=case)
    ]
    return [*found, PartyFacts(role="claims administrator", names=(case.organization.name,))]


def _items(case: Case) -> tuple[list[str], list[str]]:
    """The words of every item, and the category codes of those that are to be decided."""
    rows = DisputedItem.objects.filter(case=case).values_list("description", "category__code", "eligibility")
    refused = (ItemEligibility.INELIGIBLE, ItemEligibility.DEFERRED)
    found = list(rows)
    return [words for words, _, _ in found], [code or "" for _, code, state in found if state not in refused]


def _due_on(case: Case) -> date | None:
    running = Deadline.objects.filter(case=case, kind=DeadlineKind.DETERMINE, ended_at__isnull=True).first()
    return clock.pacific_date(running.due_at) if running else None


def _specialty_of_request(case: Case) -> str:
    physician = Party.objects.filter(case=case, role=PartyRole.REQUESTING_PHYSICIAN).first()
    return physician.specialty.strip().casefold() if physician else ""


def _history(case: Case) -> list[Assignment]:
    return list(
        Assignment.objects.filter(case=case).exclude(status=AssignmentStatus.OFFERED).order_by("offered_at", "pk")
    )


def _declared_as_colleagues(case: Case) -> frozenset[int]:
    """Those who declared a relation when they were asked for an opinion on a determination of this case."""
    asked = ColleagueOpinion.objects.filter(determination__case=case).exclude(conflicts=[])
    return frozenset(asked.values_list("reviewer_id", flat=True))


def _last_assigned(reviewers: Sequence[Reviewer]) -> Mapping[int, datetime]:
    rows = (
        Assignment.objects.filter(reviewer__in=reviewers)
        .order_by("offered_at")
        .values_list("reviewer_id", "offered_at")
    )
    return dict(rows)


def _own_names(identity: ReviewerIdentity | None) -> list[TieFacts]:
    """The reviewer may be the physician in dispute, a colleague there, or the injured worker."""
    if identity is None:
        return []
    names = (f"{identity.first_name} {identity.last_name}".strip(), identity.practice_name)
    return [TieFacts(relation=ConflictRelation.PHYSICIAN, name=name) for name in names if name]
