"""Writing a review: the draft of a determination. Every save names the version it started from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Now

from cases.models import DisputedItem
from guidelines.models import GuidelineSection
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import words
from imr.core.errors import ConflictError, DomainError
from reviews.enums import CitationSide, DocumentUse, Keep
from reviews.exceptions import StaleVersionError
from reviews.models import Citation, ConsideredDocument, Finding, Review, Revision
from reviews.rules.merge import settle
from reviews.selectors.citation import followed_basis
from reviews.selectors.revision import base_texts, is_late
from reviews.selectors.workspace import case_facts, items_under_review, records_of
from reviews.services.review_lock import lock_finding, lock_own_assignment, lock_review
from reviews.services.revision import UNKNOWN, SavedFrom, keep_revisions
from reviews.services.shared_rationale import spread_rationale
from reviews.services.work_time import note_work

MOST_CITATIONS = 30
# Fields with one of a few answers.
CHOICES = frozenset({"outcome", "claims_basis", "reviewer_basis"})


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


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reviewer chose in a conflict, and the stored version that was on the page then."""

    keep: Keep = Keep.ASK
    seen_version: int = 0


ASK = Choice()


@transaction.atomic
def open_review(*, assignment_id: int, actor: User) -> Review:
    """The assignment has a review with a finding for each item under review; safe to call again.

    A new finding starts with the claims administrator's guideline as the filer gave it.
    """
    assignment = lock_own_assignment(assignment_id, actor)
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
    for item in missing:
        filed = {"claims_basis": item.claims_guideline_basis, "claims_text": item.claims_guideline_text}
        keep_revisions(
            review=review, item=item, texts={name: text for name, text in filed.items() if text}, version=1, actor=actor
        )
    if is_new or missing:
        _record("review.opened", actor, review, items=[item.pk for item in missing])
    return review


@transaction.atomic
def save_summary(
    *,
    assignment_id: int,
    actor: User,
    version: int,
    clinical_case_summary: str,
    window: SavedFrom = UNKNOWN,
    choice: Choice = ASK,
) -> Review:
    """The summary is stored and the review's version grew by one; unchanged words change nothing.

    `version` is the one that the page was opened with. What another window stored since then is kept where this page
    did not touch it. Raises `StaleVersionError` with all three texts when both changed it, until `choice` says what
    counts; the text that was given up stays in the history.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    note_work(assignment_id=assignment_id)
    page = _Page(review, None, version, review.version, window, choice, actor)
    stored = {"clinical_case_summary": review.clinical_case_summary}
    values = _settled(
        page,
        mine={"clinical_case_summary": clinical_case_summary},
        stored=stored,
        what=f"The clinical case summary was changed elsewhere on {words.pacific(review.saved_at)}.",
        # A page that was opened before anything was saved began with the facts of the case.
        start=case_facts(review.assignment.case_id).starter if version == 1 else "",
    )
    if values != stored:
        Review.objects.filter(pk=review.pk).update(**values, version=F("version") + 1, saved_at=Now())
        review.refresh_from_db()
        page.keep(values, version=review.version)
        length = len(review.clinical_case_summary)
        _record("review.summary_saved", actor, review, version=review.version, length=length)
    return review


@transaction.atomic
def save_finding(
    *,
    assignment_id: int,
    item_id: int,
    actor: User,
    version: int,
    written: FindingWords,
    window: SavedFrom = UNKNOWN,
    choice: Choice = ASK,
) -> Finding:
    """The finding holds `written` and its version grew by one; unchanged words change nothing.

    Where the rationale is shared, the other items of it hold it too. Fields that only another window changed since
    `version` keep what it stored. Raises `StaleVersionError` with all
    texts when both changed one field, until `choice` says what counts, and `ConflictError` when the item is no longer
    under review.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    note_work(assignment_id=assignment_id)
    finding = lock_finding(review, item_id)
    page = _Page(review, finding.item, version, finding.version, window, choice, actor)
    mine = asdict(written)
    stored = {field: str(getattr(finding, field)) for field in mine}
    values = _settled(
        page,
        mine=mine,
        stored=stored,
        what=f"Item {finding.item.position} was changed elsewhere on {words.pacific(finding.saved_at)}.",
    )
    changes = {field: text for field, text in values.items() if text != stored[field]}
    if changes:
        Finding.objects.filter(pk=finding.pk).update(**changes, version=F("version") + 1, saved_at=Now())
        finding.refresh_from_db()
        page.keep(changes, version=finding.version)
        also = spread_rationale(review=review, finding=finding, actor=actor) if "rationale" in changes else []
        detail: dict[str, object] = {"fields": sorted(changes), **({"also_items": also} if also else {})}
        _record("review.finding_saved", actor, review, item_id=item_id, version=finding.version, **detail)
    return finding


@dataclass(frozen=True, slots=True)
class _Page:
    """Who saves what from which page: the version it was opened with, and the one that is stored now."""

    review: Review
    item: DisputedItem | None
    version: int
    current: int
    window: SavedFrom
    choice: Choice
    actor: User

    @property
    def item_id(self) -> int | None:
        return self.item.pk if self.item else None

    def keep(self, texts: Mapping[str, str], *, version: int, is_set_aside: bool = False) -> None:
        keep_revisions(
            review=self.review,
            item=self.item,
            texts=texts,
            version=version,
            actor=self.actor,
            window=self.window,
            is_set_aside=is_set_aside,
        )


def _settled(
    page: _Page, *, mine: Mapping[str, str], stored: Mapping[str, str], what: str, start: str = ""
) -> dict[str, str]:
    """What is to be stored. Raises `StaleVersionError` when the reviewer has to choose first.

    `start` is what a field that was never saved showed.
    """
    if page.version == page.current or mine == stored:
        return dict(mine)
    window = page.window
    if is_late(page.review, page.item_id, editor=window.editor, sequence=window.sequence):
        # An earlier save of the same window that took its time; the later one is stored.
        return dict(stored)
    base = base_texts(page.review, page.item_id, fields=mine, version=page.version, editor=window.editor)
    base = {**(dict.fromkeys(mine, start) if start else {}), **base}
    # The stored text may be taken unseen: what is given up for it is kept.
    is_seen = page.choice.keep == Keep.STORED or page.choice.seen_version == page.current
    keep = page.choice.keep if is_seen else Keep.ASK
    settled = settle(base=base, mine=mine, stored=stored, keep=keep, choices=CHOICES)
    too_long = {field for field, text in settled.values.items() if len(text) > _longest(field)}
    if settled.clashes and (keep == Keep.ASK or too_long):
        raise StaleVersionError(
            f"{what} Your text is still here; choose which one to keep, or take both together.",
            current_version=page.current,
            current=dict(stored),
            base=base,
        )
    given_up = {field: mine[field] for field in settled.clashes if mine[field] and settled.values[field] != mine[field]}
    page.keep(given_up, version=page.current, is_set_aside=True)
    return settled.values


def _longest(field: str) -> int:
    column = Review.clinical_case_summary if field == "clinical_case_summary" else getattr(Finding, field)
    return int(column.field.max_length or 0)


@transaction.atomic
def restore_revision(*, assignment_id: int, actor: User, revision_id: int) -> Revision:
    """The text of the revision is what its field holds now; what it held before stays in the history.

    Raises `ConflictError` when the review has no such revision or its item is no longer under review.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    revision = Revision.objects.filter(pk=revision_id, review=review).first()
    if revision is None:
        raise ConflictError("This earlier text is not one of this review.")
    who: dict[str, Any] = {"assignment_id": assignment_id, "actor": actor}
    if revision.item_id is None:
        save_summary(**who, version=review.version, clinical_case_summary=revision.text)
    else:
        finding = lock_finding(review, revision.item_id)
        stored = {field.name: str(getattr(finding, field.name)) for field in fields(FindingWords)}
        written = FindingWords(**{**stored, revision.field: revision.text})
        save_finding(**who, item_id=revision.item_id, version=finding.version, written=written)
    _record("review.text_restored", actor, review, item_id=revision.item_id, field=revision.field, revision=revision.pk)
    return revision


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
    note_work(assignment_id=assignment_id)
    finding = lock_finding(review, item_id)
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
    _follow_citations(review, finding, actor)
    return citation


def _follow_citations(review: Review, finding: Finding, actor: User) -> None:
    """The basis of the decision grows to what is cited, so that it need not be said twice."""
    basis = followed_basis(finding)
    if basis != finding.reviewer_basis:
        Finding.objects.filter(pk=finding.pk).update(reviewer_basis=basis, version=F("version") + 1, saved_at=Now())
        finding.refresh_from_db()
        texts = {"reviewer_basis": basis}
        keep_revisions(review=review, item=finding.item, texts=texts, version=finding.version, actor=actor)
        _record("review.finding_saved", actor, review, item_id=finding.item_id, fields=["reviewer_basis"])


@transaction.atomic
def remove_citation(*, assignment_id: int, item_id: int, actor: User, citation_id: int) -> None:
    """The reviewer no longer cites this place; nothing happens when it was gone already."""
    review = lock_review(assignment_id=assignment_id, actor=actor)
    finding = lock_finding(review, item_id)
    removed, _ = Citation.objects.filter(pk=citation_id, finding=finding, side=CitationSide.REVIEWER).delete()
    if removed:
        _record("review.citation_removed", actor, review, item_id=item_id)


@transaction.atomic
def mark_documents(*, assignment_id: int, actor: User, uses: Mapping[int, str]) -> Review:
    """Each named document of the case carries the given mark; other documents keep theirs."""
    review = lock_review(assignment_id=assignment_id, actor=actor)
    note_work(assignment_id=assignment_id)
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


def _record(action: str, actor: User, review: Review, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="review",
        object_id=review.pk,
        case_id=review.assignment.case_id,
        detail=detail,
    )
