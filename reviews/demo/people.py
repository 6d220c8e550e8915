"""Demo organizations, sign-ins and reviewers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from imr.accounts.enums import OrganizationKind, Role
from imr.accounts.models import Organization, User
from imr.core import clock
from reviews.enums import ConflictRelation, LicenseKind, LicenseStatus, VerificationKind
from reviews.models import Reviewer
from reviews.services import credential
from reviews.services.reviewer import ReviewerEntry, create_reviewer

PASSWORD = "independent-review"  # noqa: S105  every demo sign-in's; printed on the screen and refused in production
IMR = "imr"


@dataclass(frozen=True, slots=True)
class Firm:
    """A claims administrator."""

    name: str
    address_line_1: str
    city: str
    zip_code: str
    phone: str


FIRMS = {
    "sierra": Firm("Sierra Crest Claims Services", "1200 Placer Street", "Sacramento", "95814", "(916) 555-0140"),
    "harbor": Firm("Harbor Light Self-Insurance Group", "88 Marina Way", "Long Beach", "90802", "(562) 555-0188"),
    "schools": Firm("Redwood Valley Schools JPA", "35 Orchard Lane", "Ukiah", "95482", "(707) 555-0117"),
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who may sign in with `PASSWORD`; `home` is a key of `FIRMS` or `IMR`. `main` ones stand for their role."""

    email: str
    role: Role
    home: str
    full_name: str = ""
    main: bool = False


SIGN_INS = (
    SignIn("claims@demo.example", Role.CLAIMS_STAFF, "sierra", "Marisol Peña", main=True),
    SignIn("manager@demo.example", Role.CLAIMS_MANAGER, "sierra", "Desmond O'Neil", main=True),
    SignIn("reviewer@demo.example", Role.REVIEWER, IMR, main=True),
    SignIn("admin@demo.example", Role.ADMINISTRATOR, IMR, "Beatriz Ordóñez", main=True),
    SignIn("director@demo.example", Role.MEDICAL_DIRECTOR, IMR, "Nguyễn Thị Hạnh", main=True),
    SignIn("auditor@demo.example", Role.AUDITOR, IMR, "Samuel Okonkwo", main=True),
    SignIn("operator@demo.example", Role.OPERATOR, IMR, "Ingrid Bjørnstad", main=True),
    SignIn("claims2@demo.example", Role.CLAIMS_STAFF, "harbor", "Trần Quốc Bảo"),
    SignIn("manager2@demo.example", Role.CLAIMS_MANAGER, "harbor", "Priya Raman"),
    SignIn("claims3@demo.example", Role.CLAIMS_STAFF, "schools", "Lucía Ibáñez-Cole"),
    SignIn("admin2@demo.example", Role.ADMINISTRATOR, IMR, "Graham O'Leary"),
    *(SignIn(f"reviewer{number}@demo.example", Role.REVIEWER, IMR) for number in range(2, 8)),
)


@dataclass(frozen=True, slots=True)
class DemoLicense:
    """`days` from today until it expires."""

    state: str
    kind: LicenseKind
    number: str
    days: int
    status: LicenseStatus = LicenseStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class DemoReviewer:
    """A reviewer's file. `ties` are (relation, name, note)."""

    email: str
    first_name: str
    last_name: str
    degree: str
    practice_name: str
    years: int
    hours: int
    licenses: tuple[DemoLicense, ...]
    certifications: tuple[tuple[str, str], ...]
    ties: tuple[tuple[ConflictRelation, str, str], ...] = ()


_MD, _DO, _DC, _PSY = LicenseKind.MD, LicenseKind.DO, LicenseKind.DC, LicenseKind.PSYD
_ABPMR = "American Board of Physical Medicine and Rehabilitation"
_ABPM = "American Board of Preventive Medicine"
REVIEWERS = (
    DemoReviewer(
        "reviewer@demo.example", "Amara", "Whitfield-Sato", "M.D.", "Delta Spine and Function", 17, 32,
        (DemoLicense("CA", _MD, "A 990101", 510),),
        ((_ABPMR, "Physical Medicine & Rehabilitation"), (_ABPMR, "Pain Management")),
    ),
    DemoReviewer(
        "reviewer2@demo.example", "José", "Ñuflo-Barrera", "M.D.", "Bayfront Occupational Health", 22, 40,
        (DemoLicense("CA", _MD, "G 990202", 240), DemoLicense("TX", _MD, "Q9902", 700)),
        ((_ABPM, "Occupational Medicine"), (_ABPM, "Public Health & General Preventive Medicine")),
        ((ConflictRelation.EMPLOYER, "Blue Heron Freight", "Plant physician until last year"),),
    ),
    DemoReviewer(
        "reviewer3@demo.example", "Siobhán", "D'Arcy", "D.O.", "Hudson Joint Institute", 14, 36,
        (DemoLicense("NY", _DO, "990303", 21), DemoLicense("NJ", _DO, "25MB99", 400)),
        (("American Osteopathic Board of Orthopedic Surgery", "Orthopedic Surgery"),),
    ),
    DemoReviewer(
        "reviewer4@demo.example", "Minh Châu", "Phạm", "Ph.D.", "Riverside Behavioral Medicine", 9, 28,
        (DemoLicense("CA", _PSY, "PSY 99044", 600),),
        (("American Board of Professional Psychology", "Clinical Psychology"),),
    ),
    DemoReviewer(
        "reviewer5@demo.example", "Leopold", "Hartwig", "D.C.", "Hartwig Chiropractic", 26, 30,
        (DemoLicense("CA", _DC, "DC 99055", 330),),
        (("American Chiropractic Board of Sports Physicians", "Chiropractic Sports Medicine"),),
    ),
    DemoReviewer(
        "reviewer6@demo.example", "Renée", "Fauré-Okafor", "M.D.", "Valley Pain Associates", 12, 30,
        (DemoLicense("CA", _MD, "A 990606", -35),),
        (("American Board of Anesthesiology", "Pain Medicine"),),
    ),
    DemoReviewer(
        "reviewer7@demo.example", "Tobias", "Lindqvist", "M.D.", "Gulf Coast Family Medicine", 31, 26,
        (DemoLicense("FL", _MD, "ME 99077", 365), DemoLicense("NC", _MD, "2099-07", 90)),
        (
            ("American Board of Family Medicine", "Family Practice"),
            ("American Board of Internal Medicine", "Internal Medicine"),
        ),
        ((ConflictRelation.MAKER, "Northlight Stimulators", "Speaker fees"),),
    ),
)  # fmt: skip


def main_sign_ins() -> Iterator[SignIn]:
    """One sign-in per role that people have, in the order of a case's way, and a second claims administrator."""
    yield from (sign_in for sign_in in SIGN_INS if sign_in.main)
    yield next(sign_in for sign_in in SIGN_INS if sign_in.home == "harbor")


@transaction.atomic
def make_people() -> dict[str, User]:
    """The demo organizations and people exist, by e-mail address; who was there before stays as they are."""
    homes = {key: _organization(firm) for key, firm in FIRMS.items()}
    homes[IMR] = _imr_organization()
    people = {person.email: person for person in User.objects.filter(email__in=[one.email for one in SIGN_INS])}
    missing = [sign_in for sign_in in SIGN_INS if sign_in.email not in people]
    # One slow hash for all: they share the password anyway.
    password = make_password(PASSWORD) if missing else ""
    for sign_in in missing:
        people[sign_in.email] = User.objects.create(
            email=sign_in.email,
            password=password,
            role=sign_in.role,
            organization=homes[sign_in.home],
            full_name=sign_in.full_name,
        )
    return people


@transaction.atomic
def make_reviewers(people: dict[str, User]) -> dict[str, Reviewer]:
    """Every demo reviewer has a register entry with verified credentials, by e-mail address."""
    administrator = people["admin@demo.example"]
    return {
        file.email: Reviewer.objects.filter(user=people[file.email]).first()
        or _reviewer(file, people[file.email], administrator)
        for file in REVIEWERS
    }


def _organization(firm: Firm) -> Organization:
    organization, _ = Organization.objects.get_or_create(
        name=firm.name,
        defaults={
            "kind": OrganizationKind.CLAIMS_ADMINISTRATOR,
            "address_line_1": firm.address_line_1,
            "city": firm.city,
            "state": "CA",
            "zip_code": firm.zip_code,
            "phone": firm.phone,
        },
    )
    return organization


def _imr_organization() -> Organization:
    found = Organization.objects.filter(kind=OrganizationKind.IMR_ORGANIZATION).first()
    return found or Organization.objects.create(
        name=settings.IMR_ORGANIZATION_NAME, kind=OrganizationKind.IMR_ORGANIZATION
    )


def _reviewer(file: DemoReviewer, account: User, administrator: User) -> Reviewer:
    today = clock.today()
    reviewer = create_reviewer(
        actor=administrator,
        user_id=account.pk,
        entry=ReviewerEntry(
            first_name=file.first_name,
            last_name=file.last_name,
            degree=file.degree,
            practice_name=file.practice_name,
            years_in_practice=file.years,
            hours_per_week=file.hours,
            practice_attested_on=today - timedelta(days=60),
        ),
    )
    data_bank = "National Practitioner Data Bank"
    checks = [credential.VerificationEntry(VerificationKind.SANCTIONS, True, data_bank, _checked())]
    for held in file.licenses:
        license_row = credential.save_license(
            reviewer_id=reviewer.pk,
            actor=administrator,
            version=_version(reviewer),
            entry=credential.LicenseEntry(
                held.state, held.kind, held.number, today + timedelta(days=held.days), held.status
            ),
        )
        source = f"State board, {held.state}"
        checks.append(credential.VerificationEntry(VerificationKind.LICENSE, True, source, _checked(), license_row.pk))
    for board, specialty in file.certifications:
        certification = credential.save_certification(
            reviewer_id=reviewer.pk,
            actor=administrator,
            version=_version(reviewer),
            entry=credential.CertificationEntry(board, specialty, today + timedelta(days=1500)),
        )
        checks.append(
            credential.VerificationEntry(VerificationKind.CERTIFICATION, True, board, _checked(), certification.pk)
        )
    for relation, name, note in file.ties:
        credential.save_affiliation(
            reviewer_id=reviewer.pk,
            actor=administrator,
            version=_version(reviewer),
            entry=credential.AffiliationEntry(relation, name, note),
        )
    for entry in checks:
        credential.record_verification(reviewer_id=reviewer.pk, actor=administrator, entry=entry)
    reviewer.refresh_from_db()
    return reviewer


def _checked() -> date:
    return clock.today() - timedelta(days=45)


def _version(reviewer: Reviewer) -> int:
    return Reviewer.objects.values_list("version", flat=True).get(pk=reviewer.pk)
