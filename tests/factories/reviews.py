"""Reviewers with credentials that hold today, and cases offered to or accepted by them."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from cases.enums import CaseStatus, DeadlineKind, ItemEligibility, PartyRole
from cases.models import Application, Case, Deadline, DisputedItem, Party
from cases.selectors.law import legal_parameter
from imr.accounts.enums import Role
from imr.accounts.models import Organization, User
from imr.core import clock
from reviews.enums import LicenseKind, VerificationKind
from reviews.models import Assignment, Certification, CredentialVerification, License, Reviewer
from reviews.models.identity import ReviewerIdentity
from reviews.services.assignment import accept_assignment, offer_assignment
from tests.factories.accounts import make_organization, make_user

_numbers = count(1)
YEAR = timedelta(days=365)


def make_reviewer(
    user: User | None = None,
    *,
    states: tuple[str, ...] = ("CA",),
    specialties: tuple[str, ...] = ("Orthopedic Surgery",),
    kind: str = LicenseKind.MD,
    verified: bool = True,
    identity: dict[str, Any] | None = None,
    **fields: Any,
) -> Reviewer:
    """A reviewer whom no rule bars today, unless the arguments say otherwise."""
    number = next(_numbers)
    today = clock.today()
    reviewer = Reviewer.objects.create(
        **{
            "user": user or make_user(Role.REVIEWER),
            "code": f"R-{number + 5000}",
            "years_in_practice": 12,
            "hours_per_week": 32,
            "practice_attested_on": today - timedelta(days=30),
            **fields,
        }
    )
    ReviewerIdentity.objects.create(
        reviewer=reviewer,
        **{"first_name": f"Given{number}", "last_name": f"Family{number}", "degree": "MD", **(identity or {})},
    )
    licenses = [
        License.objects.create(
            reviewer=reviewer, state=state, kind=kind, number=f"A{number}{place}", expires_on=today + YEAR
        )
        for place, state in enumerate(states)
    ]
    certifications = [
        Certification.objects.create(
            reviewer=reviewer, board="American Board of Examples", specialty=specialty, position=place
        )
        for place, specialty in enumerate(specialties)
    ]
    if verified:
        for license in licenses:
            verify(reviewer, VerificationKind.LICENSE, license=license)
        for certification in certifications:
            verify(reviewer, VerificationKind.CERTIFICATION, certification=certification)
        verify(reviewer, VerificationKind.SANCTIONS)
    return reviewer


def verify(reviewer: Reviewer, kind: VerificationKind, **fields: Any) -> CredentialVerification:
    """A satisfactory entry of the verification log, of yesterday."""
    yesterday = clock.today() - timedelta(days=1)
    return CredentialVerification.objects.create(
        **{
            "reviewer": reviewer,
            "kind": kind,
            "is_satisfactory": True,
            "source": "State board website",
            "verified_on": yesterday,
            "due_again_on": yesterday + 3 * YEAR,
            "recorded_by": make_user(Role.ADMINISTRATOR),
            **fields,
        }
    )


def make_ready_case(organization: Organization | None = None, *, due_on: date | None = None, **fields: Any) -> Case:
    """A submitted case that waits for a reviewer: parties, one item, a running clock for the determination."""
    number = next(_numbers)
    home = organization or make_organization()
    filer = make_user(Role.CLAIMS_STAFF, home)
    received = clock.now() - timedelta(days=10)
    case = Case.objects.create(
        **{
            "number": f"CM26-{number + 7_000_000:07d}",
            "status": CaseStatus.READY_FOR_REVIEW,
            "organization": home,
            "created_by": filer,
            "received_at": received,
            "received_by": filer,
            **fields,
        }
    )
    Application.objects.create(
        case=case, claim_number=f"CL-{number}", primary_diagnosis="Lumbar radiculopathy", icd_code="M54.16"
    )
    address = {"address_line_1": "100 Main Street", "city": "Fresno", "state": "CA", "zip_code": "93701"}
    Party.objects.create(case=case, role=PartyRole.EMPLOYEE, first_name="Avery", last_name=f"Worker{number}", **address)
    Party.objects.create(case=case, role=PartyRole.EMPLOYER, firm_name=f"Harbor Warehousing {number}, Inc.")
    Party.objects.create(
        case=case,
        role=PartyRole.REQUESTING_PHYSICIAN,
        first_name="Robin",
        last_name=f"Treating{number}",
        firm_name=f"Bayview Spine Group {number}",
        **address,
    )
    Party.objects.create(case=case, role=PartyRole.CLAIMS_ADMINISTRATOR, firm_name=home.name)
    DisputedItem.objects.create(
        case=case, position=1, description="MRI of the lumbar spine", eligibility=ItemEligibility.ELIGIBLE
    )
    day = due_on or clock.today() + timedelta(days=25)
    Deadline.objects.create(
        case=case,
        kind=DeadlineKind.DETERMINE,
        parameter=legal_parameter("determination_regular", on=clock.today()),
        started_at=received,
        due_at=clock.now() + (day - clock.today()),
    )
    return case


def make_offer(case: Case | None = None, reviewer: Reviewer | None = None, actor: User | None = None) -> Assignment:
    """A case offered by the service itself."""
    return offer_assignment(
        case_id=(case or make_ready_case()).pk,
        reviewer_id=(reviewer or make_reviewer()).pk,
        actor=actor or make_user(Role.ADMINISTRATOR),
    )


@dataclass(frozen=True, slots=True)
class Accepted:
    """A case in review, and the people of it."""

    case: Case
    assignment: Assignment
    reviewer: Reviewer
    user: User


def make_accepted(case: Case | None = None, reviewer: Reviewer | None = None, actor: User | None = None) -> Accepted:
    """A case that was offered and accepted by the services themselves; it is in review."""
    offer = make_offer(case, reviewer, actor)
    user = User.objects.get(pk=offer.reviewer.user_id)
    assignment = accept_offer(offer)
    return Accepted(Case.objects.get(pk=offer.case_id), assignment, offer.reviewer, user)


def accept_offer(offer: Assignment, **answers: Any) -> Assignment:
    """The reviewer's answer without a conflict, unless `answers` say otherwise."""
    return accept_assignment(
        **{
            "assignment_id": offer.pk,
            "actor": offer.reviewer.user,
            "conflicts": [],
            "note": "",
            "is_qualified": True,
            "is_in_active_practice": True,
            **answers,
        }
    )
