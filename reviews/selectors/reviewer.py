"""Reading reviewers under their code. Nothing here knows a reviewer's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from cases.enums import CaseStatus
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from imr.core import clock
from reviews.enums import AssignmentStatus, VerificationKind
from reviews.models import CredentialVerification, Reviewer
from reviews.rules.facts import (
    AbsenceFacts,
    CertificationFacts,
    LicenseFacts,
    ReviewerFacts,
    TieFacts,
    VerificationFacts,
)
from reviews.rules.screening import check_credentials, failures
from reviews.rules.states import in_letter_order

# Statuses in which an accepted case still waits for its reviewer.
WITH_REVIEWER = (CaseStatus.IN_REVIEW, CaseStatus.DOCS_REQUESTED)


@dataclass(frozen=True, slots=True)
class CredentialLine:
    """What a letter says about its reviewer: the states of licensing, California first, and the specialties.

    There is no name, number or board in it (LC 4610.6(f)).
    """

    states: tuple[str, ...]
    specialties: tuple[str, ...]


def visible_to(user: User) -> QuerySet[Reviewer]:
    """The register as `user` may see it: all of it, or nothing."""
    return Reviewer.objects.all() if user.scope(Action.REVIEWER_LIST) == Scope.ANY else Reviewer.objects.none()


def reviewer_of(user: User) -> Reviewer | None:
    """The register entry of the person who is signed in; None for everybody else."""
    return Reviewer.objects.filter(user=user).first()


def with_credentials(reviewers: QuerySet[Reviewer]) -> QuerySet[Reviewer]:
    """The reviewers with all that the rules ask about, and their load as `load`, in a fixed number of queries."""
    return (
        reviewers.select_related("user")
        .prefetch_related("licenses", "certifications", "verifications", "affiliations", "absences")
        .annotate(load=Count("assignments", filter=_is_work("assignments__")))
    )


def reviewer_facts(reviewer: Reviewer, *, ties: Iterable[TieFacts] = ()) -> ReviewerFacts:
    """The reviewer as the rules see it. `ties` are added to the affiliations on file."""
    verifications = list(reviewer.verifications.all())
    load = getattr(reviewer, "load", None)
    return ReviewerFacts(
        is_active=reviewer.is_active and reviewer.user.is_active,
        years_in_practice=reviewer.years_in_practice,
        hours_per_week=reviewer.hours_per_week,
        practice_attested_on=reviewer.practice_attested_on,
        load=reviewer.assignments.filter(_is_work()).count() if load is None else load,
        maximum_load=reviewer.load_limit,
        licenses=[
            LicenseFacts(
                state=held.state,
                kind=held.kind,
                status=held.status,
                expires_on=held.expires_on,
                verification=_latest(verifications, VerificationKind.LICENSE, license_id=held.pk),
            )
            for held in reviewer.licenses.all()
        ],
        certifications=[
            CertificationFacts(
                board=certification.board,
                specialty=certification.specialty,
                expires_on=certification.expires_on,
                verification=_latest(verifications, VerificationKind.CERTIFICATION, certification_id=certification.pk),
            )
            for certification in reviewer.certifications.all()
        ],
        ties=[
            *(TieFacts(tie.relation, tie.name, tie.since, tie.until) for tie in reviewer.affiliations.all()),
            *ties,
        ],
        absences=[AbsenceFacts(absence.first_day, absence.back_on) for absence in reviewer.absences.all()],
        practice_verification=_latest(verifications, VerificationKind.PRACTICE),
        sanctions_verification=_latest(verifications, VerificationKind.SANCTIONS),
    )


def credential_problems(reviewer: Reviewer, on: date) -> list[str]:
    """Why this reviewer may not decide a case on that Pacific day, a sentence each; empty when nothing bars it."""
    return [check.words for check in failures(check_credentials(reviewer_facts(reviewer), on))]


def credential_line(reviewer: Reviewer, on: date | None = None) -> CredentialLine:
    """What a letter of that Pacific day (default: today) may name: only licenses and certifications valid then."""
    day = on or clock.today()
    facts = reviewer_facts(reviewer)
    return CredentialLine(
        states=tuple(in_letter_order(held.state for held in facts.licenses if held.is_valid(day))),
        specialties=tuple(dict.fromkeys(one.specialty for one in facts.certifications if one.is_valid(day))),
    )


def _latest(
    verifications: Iterable[CredentialVerification],
    kind: VerificationKind,
    *,
    license_id: int | None = None,
    certification_id: int | None = None,
) -> VerificationFacts | None:
    # The rows come newest first.
    for row in verifications:
        if (row.kind, row.license_id, row.certification_id) == (kind, license_id, certification_id):
            return VerificationFacts(row.kind, row.is_satisfactory, row.due_again_on)
    return None


def _is_work(prefix: str = "") -> Q:
    """Assignments that still ask for work: offers to answer and cases to decide, not what has been signed."""
    return Q(**{f"{prefix}status": AssignmentStatus.OFFERED}) | Q(
        **{f"{prefix}status": AssignmentStatus.ACCEPTED, f"{prefix}case__status__in": WITH_REVIEWER}
    )
