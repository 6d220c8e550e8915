"""Cases that are ready to be signed, signed, and with a letter, by the services themselves."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db.models import F

from cases.enums import DocumentKind, DocumentSource, GuidelineBasis, ItemEligibility, Outcome, ServiceMethod
from cases.models import Application, Case, DisputedItem, Document, URDecision
from imr.accounts.enums import Role
from imr.accounts.models import Organization, User
from imr.core import clock
from reviews.enums import DocumentUse, LetterKind
from reviews.models import Assignment, Determination, Letter, Review, Reviewer
from reviews.selectors.workspace import findings_of
from reviews.services.determination import sign_determination
from reviews.services.dispatch import release_letter
from reviews.services.letter import render_letter
from reviews.services.review import FindingWords, mark_documents, open_review, save_finding, save_summary
from reviews.services.serving import serve_letter
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.reviews import make_accepted, make_ready_case

SUMMARY = "The worker is a 54-year-old male who was injured at work. Treatment so far: modified work."
RATIONALE = "The file does not show why this is preferred. The request is not medically necessary."

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Signable:
    """A complete draft, and the people of it."""

    case: Case
    assignment: Assignment
    reviewer: Reviewer
    user: User

    def sign(self, **arguments: Any) -> Determination:
        return sign_determination(
            **{"assignment_id": self.assignment.pk, "actor": self.user, "password": PASSWORD, **arguments}
        )

    def letter(self) -> Letter:
        """The letter, after signing and rendering without a worker."""
        determination = self.sign()
        render_letter(determination_id=determination.pk)
        return Letter.objects.get(determination=determination, kind=LetterKind.FINAL)

    def served(self, actor: User | None = None) -> Letter:
        """The letter as the parties have it."""
        return serve(self.letter(), actor)


def serve(letter: Letter, actor: User | None = None, *, without_check: bool = True) -> Letter:
    """What the parties get: the letter released for today and served without a worker, whatever the hour or day."""
    dispatch = release_letter(
        letter_id=letter.pk,
        actor=actor or make_user(Role.ADMINISTRATOR),
        service_on=clock.today(),
        without_check=without_check,
    )
    serve_letter(dispatch_id=dispatch.pk)
    return Letter.objects.select_related("case", "determination", "dispatch").get(dispatch=dispatch)


def make_signable(
    *,
    items: list[dict[str, Any]] | None = None,
    summary: str = SUMMARY,
    findings: dict[int, dict[str, str]] | None = None,
    organization: Organization | None = None,
    reviewer: Reviewer | None = None,
    **fields: Any,
) -> Signable:
    """A case in review whose draft lacks nothing. `items` are fields of the items, `findings` words by position."""
    case = make_ready_case(organization, **fields)
    Application.objects.filter(case=case).update(date_of_injury=date(2025, 11, 3))
    URDecision.objects.create(
        case=case, decided_on=clock.today() - timedelta(days=20), service_method=ServiceMethod.MAIL
    )
    DisputedItem.objects.filter(case=case).delete()
    for position, extra in enumerate(items or [{}], start=1):
        DisputedItem.objects.create(
            **{
                "case": case,
                "position": position,
                "description": f"MRI of the lumbar spine, part {position}",
                "eligibility": ItemEligibility.ELIGIBLE,
                **extra,
            }
        )
    for kind in (DocumentKind.UR_DECISION, DocumentKind.MEDICAL_REPORT):
        number = next(_numbers)
        Document.objects.create(
            case=case,
            kind=kind,
            source=DocumentSource.CLAIMS_ADMINISTRATOR,
            title=f"{kind.label} {number}",
            original_name=f"{number}.pdf",
            sha256=hashlib.sha256(f"document {number} of {case.pk}".encode()).hexdigest(),
            size=1000,
            page_count=2,
            text_page_count=2,
            uploaded_by=case.created_by,
        )
    accepted = make_accepted(case, reviewer)
    write_draft(accepted.assignment, accepted.user, summary=summary, findings=findings or {})
    return Signable(accepted.case, accepted.assignment, accepted.reviewer, accepted.user)


def write_draft(
    assignment: Assignment, user: User, *, summary: str = SUMMARY, findings: dict[int, dict[str, str]] | None = None
) -> Review:
    """Every item upheld without citations outside the MTUS, unless `findings` say otherwise by position."""
    review = open_review(assignment_id=assignment.pk, actor=user)
    save_summary(assignment_id=assignment.pk, actor=user, version=review.version, clinical_case_summary=summary)
    uses = dict.fromkeys(
        Document.objects.filter(case_id=assignment.case_id).values_list("pk", flat=True), DocumentUse.CONSIDERED.value
    )
    mark_documents(assignment_id=assignment.pk, actor=user, uses=uses)
    for finding in findings_of(review).annotate(place=F("item__position")):
        words = {
            "outcome": Outcome.UPHELD.value,
            "rationale": RATIONALE,
            "claims_basis": GuidelineBasis.NONE.value,
            "reviewer_basis": GuidelineBasis.MTUS.value,
            "reviewer_text": "Low Back Complaints 2004, Section(s): Special Studies",
            **(findings or {}).get(finding.item.position, {}),
        }
        save_finding(
            assignment_id=assignment.pk,
            item_id=finding.item_id,
            actor=user,
            version=finding.version,
            written=FindingWords(**words),
        )
    return review
