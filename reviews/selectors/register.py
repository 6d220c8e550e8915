"""The reviewer register as its keepers see it, names included (LC 4610.6(f): nobody else may)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import clock
from reviews.enums import OPEN_ASSIGNMENTS
from reviews.models import (
    Affiliation,
    Assignment,
    Certification,
    CredentialVerification,
    License,
    Reviewer,
)
from reviews.models.identity import ReviewerIdentity
from reviews.rules.facts import VerificationFacts
from reviews.rules.screening import Check, check_credentials, failures
from reviews.rules.standing import DueItem, Standing, next_due, standing_of
from reviews.selectors.reviewer import reviewer_facts, visible_to, with_credentials


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What to look for; empty means anything."""

    words: str = ""
    specialty: str = ""
    state: str = ""
    standing: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A line of the register. `problem` is the first thing that bars an assignment, empty when nothing does."""

    reviewer: Reviewer
    name: str
    specialties: tuple[str, ...]
    states: tuple[str, ...]
    load: int
    standing: Standing
    problem: str
    due: DueItem | None


@dataclass(frozen=True, slots=True)
class HeldCredential[C: (License, Certification)]:
    """A license or certification with its latest verification, and whether it holds today."""

    held: C
    is_valid: bool
    verification: VerificationFacts | None
    is_verified: bool


@dataclass(frozen=True, slots=True)
class ReviewerFile:
    """Everything on file about one reviewer."""

    reviewer: Reviewer
    identity: ReviewerIdentity
    standing: Standing
    checks: tuple[Check, ...]
    load: int
    licenses: tuple[HeldCredential[License], ...]
    certifications: tuple[HeldCredential[Certification], ...]
    affiliations: tuple[Affiliation, ...]
    verifications: tuple[CredentialVerification, ...]
    assignments: tuple[Assignment, ...]


SORTS: Final[dict[str, Callable[[RegisterRow], Any]]] = {
    "name": lambda row: (row.name.casefold(), row.reviewer.code),
    "code": lambda row: row.reviewer.code,
    "load": lambda row: (row.load, row.name.casefold()),
    "due": lambda row: (row.due.on if row.due else date.max, row.name.casefold()),
}


def register(user: User, wanted: RegisterFilter) -> list[RegisterRow]:
    """The reviewers that `user` may see and the filter means, sorted; all in a fixed number of queries.

    How a file stands is decided by the rules that decide assignments, so it is computed here and not in SQL. A
    register has hundreds of entries, not hundreds of thousands.
    """
    today = clock.today()
    reviewers = list(with_credentials(_matching(visible_to(user), wanted)))
    identities = ReviewerIdentity.objects.in_bulk([reviewer.pk for reviewer in reviewers])
    rows = [_row(reviewer, identities.get(reviewer.pk), today) for reviewer in reviewers]
    if wanted.standing:
        rows = [row for row in rows if row.standing == wanted.standing]
    return sorted(rows, key=SORTS[wanted.sort.removeprefix("-")], reverse=wanted.sort.startswith("-"))


def reviewer_file(user: User, pk: int) -> ReviewerFile | None:
    """The whole file of one reviewer; None when there is none or `user` may not see it."""
    reviewer = with_credentials(visible_to(user).filter(pk=pk)).first()
    if reviewer is None:
        return None
    today = clock.today()
    facts = reviewer_facts(reviewer)
    return ReviewerFile(
        reviewer=reviewer,
        identity=ReviewerIdentity.objects.get(reviewer=reviewer),
        standing=standing_of(facts, today),
        checks=tuple(check_credentials(facts, today)),
        load=facts.load,
        licenses=tuple(
            HeldCredential(row, held.is_valid(today), held.verification, _holds(held.verification, today))
            for row, held in zip(reviewer.licenses.all(), facts.licenses, strict=True)
        ),
        certifications=tuple(
            HeldCredential(row, held.is_valid(today), held.verification, _holds(held.verification, today))
            for row, held in zip(reviewer.certifications.all(), facts.certifications, strict=True)
        ),
        affiliations=tuple(reviewer.affiliations.all()),
        verifications=tuple(
            CredentialVerification.objects.filter(reviewer=reviewer).select_related(
                "license", "certification", "recorded_by"
            )
        ),
        assignments=tuple(
            Assignment.objects.filter(reviewer=reviewer, status__in=OPEN_ASSIGNMENTS).select_related("case")
        ),
    )


def identity_of(reviewer: Reviewer) -> ReviewerIdentity:
    """Who the reviewer is."""
    return ReviewerIdentity.objects.get(reviewer=reviewer)


def accounts_without_entry() -> QuerySet[User]:
    """Open accounts of expert reviewers that no register entry is linked to yet."""
    return User.objects.filter(role=Role.REVIEWER, is_active=True).exclude(
        pk__in=Reviewer.objects.values_list("user_id", flat=True)
    )


def specialties_of_register() -> list[str]:
    """Every specialty on file, for a filter."""
    return list(Certification.objects.order_by("specialty").values_list("specialty", flat=True).distinct())


def states_of_register() -> list[str]:
    """Every state of a license on file, for a filter."""
    return list(License.objects.order_by("state").values_list("state", flat=True).distinct())


def _matching(reviewers: QuerySet[Reviewer], wanted: RegisterFilter) -> QuerySet[Reviewer]:
    for word in wanted.words.split():
        named = ReviewerIdentity.objects.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(practice_name__icontains=word)
            | Q(npi=word)
        )
        reviewers = reviewers.filter(
            Q(code__icontains=word)
            | Q(user__email__icontains=word)
            | Q(pk__in=named.values("pk"))
            | Q(pk__in=License.objects.filter(number__icontains=word).values("reviewer_id"))
        )
    if wanted.specialty:
        reviewers = reviewers.filter(
            pk__in=Certification.objects.filter(specialty=wanted.specialty).values("reviewer_id")
        )
    if wanted.state:
        reviewers = reviewers.filter(pk__in=License.objects.filter(state=wanted.state).values("reviewer_id"))
    if wanted.standing == Standing.INACTIVE:
        return reviewers.filter(Q(is_active=False) | Q(user__is_active=False))
    if wanted.standing:
        return reviewers.filter(is_active=True, user__is_active=True)
    return reviewers


def _row(reviewer: Reviewer, identity: ReviewerIdentity | None, today: date) -> RegisterRow:
    facts = reviewer_facts(reviewer)
    return RegisterRow(
        reviewer=reviewer,
        name=f"{identity.last_name}, {identity.first_name}" if identity else "",
        specialties=tuple(dict.fromkeys(one.specialty for one in facts.certifications)),
        states=tuple(dict.fromkeys(held.state for held in facts.licenses)),
        load=facts.load,
        standing=standing_of(facts, today),
        problem=next((check.words for check in failures(check_credentials(facts, today))), ""),
        due=next_due(facts, today),
    )


def _holds(verification: VerificationFacts | None, today: date) -> bool:
    return verification is not None and verification.is_satisfactory and verification.due_again_on >= today
