"""Writing a review: the draft of a determination. Every save names the version it started from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Now

from cases.enums import CaseStatus
from cases.models import DisputedItem
from cases.services.transitions import lock_case
from guidelines.models import GuidelineSection
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import words
from imr.core.errors import ConflictError, DomainError
from reviews.enums import AssignmentStatus, CitationSide, DocumentUse
from reviews.exceptions import StaleVersionError
from reviews.models import Assignment, Citation, ConsideredDocument, Finding, Review
from reviews.selectors.panel import opinion_of
from reviews.selectors.workspace import WRITABLE, items_under_review, records_of

MOST_CITATIONS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWords:
    """What a reviewer writes about one item; texts are clean and within the model's lengths."""

    outcome: str = ""
    rationale: str = ""
    claims_basis: str = ""
    claims_text: str = ""
    reviewer_basis: str = ""
    reviewer_text: str = ""
    hierarchy_reason: str = ""


@transaction.atomic
def open_review(*, assignment_id: int, actor: User) -> Review:
    """The assignment has a review with a finding for each item under review; safe to call again.

    A new finding starts with the claims administrator's guideline as the filer gave it.
    """
    assignment = _lock_assignment(assignment_id, actor)
    review, is_new = Review.objects.select_related("assignment").get_or_create(assignment=assignment)
    present = set(Finding.objects.filter(review=review).values_list("item_id", flat=True))
    missing = [item for item in items_under_review(assignment.case_id) if item.pk not in present]
    Finding.objects.bulk_create(
        Finding(
            review=review,
            item=item,
            claims_basis=item.claims_guideline_basis,
            claims_text=item.claims_guideline_text,
        )
        for item in missing
    )
    if is_new or missing:
        _record("review.opened", actor, review, items=[item.pk for item in missing])
    return review


@transaction.atomic
def save_summary(*, assignment_id: int, actor: User, version: int, clinical_case_summary: str) -> Review:
    """The summary is stored and the review's version grew by one; unchanged words change nothing.

    Raises `StaleVersionError` with what is stored when somebody saved other words since `version`.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    if clinical_case_summary == review.clinical_case_summary:
        return review
    if version != review.version:
        raise StaleVersionError(
            f"The clinical case summary was changed elsewhere on {words.pacific(review.saved_at)}. "
            "Your text is still here; choose which one to keep.",
            current_version=review.version,
            current={"clinical_case_summary": review.clinical_case_summary},
        )
    Review.objects.filter(pk=review.pk).update(
        clinical_case_summary=clinical_case_summary, version=F("version") + 1, saved_at=Now()
    )
    review.refresh_from_db()
    _record("review.summary_saved", actor, review, version=review.version, length=len(clinical_case_summary))
    return review


@transaction.atomic
def save_finding(*, assignment_id: int, item_id: int, actor: User, version: int, written: FindingWords) -> Finding:
    """The finding holds `written` and its version grew by one; unchanged words change nothing.

    Raises `StaleVersionError` with what is stored when somebody saved other words since `version`, and
    `ConflictError` when the item is no longer under review.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    finding = _lock_finding(review, item_id)
    changes = asdict(written)
    stored = {field: getattr(finding, field) for field in changes}
    if stored == changes:
        return finding
    if version != finding.version:
        raise StaleVersionError(
            f"Item {finding.item.position} was changed elsewhere on {words.pacific(finding.saved_at)}. "
            "Your text is still here; choose which one to keep.",
            current_version=finding.version,
            current=stored,
        )
    Finding.objects.filter(pk=finding.pk).update(**changes, version=F("version") + 1, saved_at=Now())
    finding.refresh_from_db()
    _record(
        "review.finding_saved",
        actor,
        review,
        item_id=item_id,
        version=finding.version,
        fields=sorted(field for field in changes if stored[field] != changes[field]),
    )
    return finding


@transaction.atomic
def add_citation(
    *,
    assignment_id: int,
    item_id: int,
    actor: User,
    section: GuidelineSection | None,
    is_mtus: bool = False,
    text: str = "",
    pages: str = "",
    url: str = "",
) -> Citation:
    """The reviewer cites one more place for the item, at the end. A section of the catalog decides `is_mtus`.

    The same place a second time changes nothing. Raises `DomainError` when neither section nor text is given or
    the item has 30 citations already.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    finding = _lock_finding(review, item_id)
    if section is None and not text:
        raise DomainError("Choose a section of the catalog or name the source in your own words.")
    place = {
        "section": section,
        "is_mtus": section.edition.source.body == "mtus" if section else is_mtus,
        "text": text,
        "pages": pages,
        "url": url,
    }
    cited = Citation.objects.filter(finding=finding, side=CitationSide.REVIEWER)
    same = cited.filter(**place).first()
    if same is not None:
        return same
    if cited.count() >= MOST_CITATIONS:
        raise DomainError(f"An item takes at most {MOST_CITATIONS} citations.")
    last = cited.aggregate(last=Max("position"))["last"]
    citation = Citation.objects.create(
        finding=finding, side=CitationSide.REVIEWER, position=0 if last is None else last + 1, **place
    )
    _record("review.citation_added", actor, review, item_id=item_id, section_id=section.pk if section else None)
    return citation


@transaction.atomic
def remove_citation(*, assignment_id: int, item_id: int, actor: User, citation_id: int) -> None:
    """The reviewer no longer cites this place; nothing happens when it was gone already."""
    review = lock_review(assignment_id=assignment_id, actor=actor)
    finding = _lock_finding(review, item_id)
    removed, _ = Citation.objects.filter(pk=citation_id, finding=finding, side=CitationSide.REVIEWER).delete()
    if removed:
        _record("review.citation_removed", actor, review, item_id=item_id)


@transaction.atomic
def mark_documents(*, assignment_id: int, actor: User, uses: Mapping[int, str]) -> Review:
    """Each named document of the case carries the given mark; other documents keep theirs."""
    review = lock_review(assignment_id=assignment_id, actor=actor)
    present = dict(ConsideredDocument.objects.filter(review=review).values_list("document_id", "use"))
    known = set(records_of(review.assignment.case_id).filter(pk__in=uses).values_list("pk", flat=True))
    changed = {pk: uses[pk] for pk in sorted(known) if uses[pk] != present.get(pk, DocumentUse.UNREAD)}
    if changed:
        ConsideredDocument.objects.bulk_create(
            [ConsideredDocument(review=review, document_id=pk, use=use) for pk, use in changed.items()],
            update_conflicts=True,
            update_fields=["use"],
            unique_fields=["review", "document"],
        )
        ConsideredDocument.objects.filter(review=review, document_id__in=changed).update(marked_at=Now())
        _record("review.documents_marked", actor, review, uses={str(pk): use for pk, use in changed.items()})
    return review


def lock_review(*, assignment_id: int, actor: User) -> Review:
    """The reviewer's own open review, its case and assignment locked until the transaction ends.

    Raises `ConflictError` (409) when the case is not, or no longer, with this reviewer; nothing stored is lost.
    """
    assignment = _lock_assignment(assignment_id, actor)
    review = Review.objects.select_related("assignment").filter(assignment=assignment).first()
    if review is None:
        raise ConflictError("The review has not been started. Open the workspace first.")
    return review


def _lock_assignment(assignment_id: int, actor: User) -> Assignment:
    own = Assignment.objects.filter(reviewer__user=actor)
    case_id = own.values_list("case_id", flat=True).filter(pk=assignment_id).first()
    if case_id is None:
        raise ConflictError("This case is not with you.")
    case = lock_case(case_id)
    assignment = own.select_for_update(of=("self",)).get(pk=assignment_id)
    if assignment.status != AssignmentStatus.ACCEPTED:
        when = f" on {words.pacific(assignment.ended_at)}" if assignment.ended_at else ""
        raise ConflictError(
            f"The assignment ended{when} ({assignment.get_status_display().lower()}). What was saved before is kept."
        )
    if (opinion := opinion_of(assignment)) is not None:
        raise ConflictError(
            f"You signed your opinion on {words.pacific(opinion.signed_at)}; it can no longer be changed. "
            "What was saved before is kept."
        )
    if CaseStatus(case.status) not in WRITABLE:
        raise ConflictError(
            f"The case has been “{case.get_status_display()}” since {words.pacific(case.status_changed_at)}; "
            "the review can no longer be changed. What was saved before is kept."
        )
    return assignment


def _lock_finding(review: Review, item_id: int) -> Finding:
    finding = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("item")
        .filter(review=review, item_id=item_id, item__in=items_under_review(review.assignment.case_id))
        .first()
    )
    if finding is None:
        item = DisputedItem.objects.filter(pk=item_id, case_id=review.assignment.case_id).first()
        named = f"Item {item.position} (“{item.description[:80]}”)" if item else "This item"
        raise ConflictError(f"{named} is no longer under review; it takes no decision.")
    return finding


def _record(action: str, actor: User, review: Review, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="review",
        object_id=review.pk,
        case_id=review.assignment.case_id,
        detail=detail,
    )
