"""Invented cases for the proof that no letter is lost. They are written into a throw-away database only."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection, transaction

from cases.enums import (
    CaseStatus,
    DocumentKind,
    DocumentSource,
    GuidelineBasis,
    ItemEligibility,
    Outcome,
)
from cases.models import Application, Case, DisputedItem, Document, URDecision
from cases.services.draft import create_draft
from imr.accounts.enums import OrganizationKind, Role
from imr.accounts.models import Organization, User
from imr.core import clock
from reviews.enums import AssignmentStatus, DocumentUse, LicenseKind, VerificationKind
from reviews.models import (
    Assignment,
    Certification,
    ConsideredDocument,
    CredentialVerification,
    Finding,
    License,
    Review,
    Reviewer,
)
from reviews.services.rehearsal_text import invented_citation, invented_service, invented_text

DATABASE_PREFIX = "prove_letters_"
PASSWORD = "rehearsal only"  # noqa: S105  of an invented person in a throw-away database
YEAR = timedelta(days=365)


@transaction.atomic
def make_rehearsal_drafts(*, count: int, items: Sequence[int] = ()) -> tuple[User, list[int]]:
    """`count` cases in review with complete drafts, all of one invented reviewer; the reviewer's account and the
    ids of the assignments. With `items`, how many each has, the texts are as long as those of published letters.

    Raises `RuntimeError` in any database whose name does not begin with `DATABASE_PREFIX`.
    """
    _require_throw_away()
    claims = Organization.objects.create(name="Rehearsal Claims", kind=OrganizationKind.CLAIMS_ADMINISTRATOR)
    imr = Organization.objects.create(name="Rehearsal IMR", kind=OrganizationKind.IMR_ORGANIZATION)
    filer = User.objects.create_user("filer@rehearsal.example", role=Role.CLAIMS_STAFF, organization=claims)
    clerk = User.objects.create_user("clerk@rehearsal.example", role=Role.ADMINISTRATOR, organization=imr)
    signer = User.objects.create_user("reviewer@rehearsal.example", role=Role.REVIEWER, organization=imr)
    # One round: hundreds of signatures should measure the letters, not the password's hash.
    signer.password = PBKDF2PasswordHasher().encode(PASSWORD, "rehearsal", iterations=1)
    signer.save(update_fields=["password"])
    reviewer = _reviewer(signer, clerk)
    drafts = []
    for number in range(1, count + 1):
        words = _long_words(number, items[number - 1]) if items else _short_words(number)
        drafts.append(_draft(number, words, people=(claims, filer, clerk), reviewer=reviewer))
    return signer, drafts


@transaction.atomic
def make_rehearsal_application() -> Case:
    """An empty application of an invented filer, to upload files to. Raises as `make_rehearsal_drafts`."""
    _require_throw_away()
    claims = Organization.objects.create(name="Rehearsal Claims", kind=OrganizationKind.CLAIMS_ADMINISTRATOR)
    filer = User.objects.create_user("filer@rehearsal.example", role=Role.CLAIMS_STAFF, organization=claims)
    return create_draft(actor=filer)


def _require_throw_away() -> None:
    if not str(connection.settings_dict["NAME"]).startswith(DATABASE_PREFIX):
        raise RuntimeError("Invented cases are for a throw-away database only.")


def _reviewer(signer: User, clerk: User) -> Reviewer:
    today = clock.today()
    reviewer = Reviewer.objects.create(
        user=signer,
        code="R-0001",
        years_in_practice=12,
        hours_per_week=30,
        practice_attested_on=today,
        maximum_load=10_000,
    )
    license_ = License.objects.create(
        reviewer=reviewer, state="CA", kind=LicenseKind.MD, number="X1", expires_on=today + YEAR
    )
    certification = Certification.objects.create(
        reviewer=reviewer, board="Board of Rehearsals", specialty="Occupational Medicine"
    )
    for kind, of in (
        (VerificationKind.LICENSE, {"license": license_}),
        (VerificationKind.CERTIFICATION, {"certification": certification}),
        (VerificationKind.PRACTICE, {}),
        (VerificationKind.SANCTIONS, {}),
    ):
        CredentialVerification.objects.create(
            reviewer=reviewer,
            kind=kind,
            is_satisfactory=True,
            source="Rehearsal",
            verified_on=today,
            due_again_on=today + YEAR,
            recorded_by=clerk,
            **of,
        )
    return reviewer


@dataclass(frozen=True, slots=True)
class _Words:
    """The free text of one draft: the summary, and of each item description, citation and rationale."""

    summary: str
    items: tuple[tuple[str, str, str], ...]


def _short_words(number: int) -> _Words:
    rationale = f"The file of rehearsal {number} shows no measured gain. The request is not medically necessary."
    return _Words(
        summary=f"Rehearsal {number}. The injured worker reports low back pain.",
        items=tuple(
            (
                f"Physical therapy for the lumbar spine, {number} sessions, part {position}",
                "Low Back Complaints 2004, Section(s): Physical Methods",
                rationale,
            )
            for position in range(1, 1 + number % 3 + 1)
        ),
    )


def _long_words(number: int, items: int) -> _Words:
    rng = random.Random(f"rehearsal {number}")  # noqa: S311  repeatable, not secret
    return _Words(
        summary=invented_text(rng, length=970),
        items=tuple(
            (invented_service(rng), invented_citation(rng), invented_text(rng, length=1_250)) for _ in range(items)
        ),
    )


def _draft(number: int, words: _Words, *, people: tuple[Organization, User, User], reviewer: Reviewer) -> int:
    claims, filer, clerk = people
    now = clock.now()
    case = Case.objects.create(
        number=f"CM26-{9_000_000 + number:07d}",
        status=CaseStatus.IN_REVIEW,
        organization=claims,
        created_by=filer,
        received_at=now,
        received_by=filer,
    )
    Application.objects.create(case=case, claim_number=f"R-{number}", date_of_injury=date(2025, 1, 15))
    URDecision.objects.create(case=case, decided_on=clock.today() - timedelta(days=20))
    assignment = Assignment.objects.create(
        case=case, reviewer=reviewer, status=AssignmentStatus.ACCEPTED, offered_by=clerk, accepted_at=now
    )
    review = Review.objects.create(assignment=assignment, clinical_case_summary=words.summary)
    document = Document.objects.create(
        case=case,
        kind=DocumentKind.MEDICAL_REPORT,
        source=DocumentSource.CLAIMS_ADMINISTRATOR,
        title="Report",
        original_name="report.pdf",
        sha256=hashlib.sha256(f"rehearsal {number}".encode()).hexdigest(),
        size=1,
        page_count=1,
        text_page_count=1,
        uploaded_by=filer,
    )
    ConsideredDocument.objects.create(review=review, document=document, use=DocumentUse.CONSIDERED)
    for position, (description, citation, rationale) in enumerate(words.items, start=1):
        item = DisputedItem.objects.create(
            case=case,
            position=position,
            description=description,
            eligibility=ItemEligibility.ELIGIBLE,
        )
        Finding.objects.create(
            review=review,
            item=item,
            outcome=Outcome.UPHELD,
            rationale=rationale,
            claims_basis=GuidelineBasis.NONE,
            reviewer_basis=GuidelineBasis.MTUS,
            reviewer_text=citation,
        )
    return assignment.pk
