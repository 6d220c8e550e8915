"""Reading one review for the person who writes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Prefetch, Q, QuerySet

from cases.enums import CaseStatus, DeadlineKind, DocumentKind, ItemEligibility, ItemStatus, PartyRole
from cases.models import Application, Deadline, DisputedItem, Document, Party, URDecision
from cases.selectors.document import reviewable_documents
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from imr.core import clock
from reviews.enums import AssignmentStatus, CitationSide, DocumentUse
from reviews.models import Assignment, Citation, ConsideredDocument, Finding, Review
from reviews.rules.checks.anatomy import body_parts_of
from reviews.rules.completeness import CitedPlace, DocumentMark, ItemDraft, ReviewDraft, place_of
from reviews.rules.sharing import grouped_positions
from reviews.rules.text import age_on, summary_starter
from reviews.selectors.panel import opinion_of
from reviews.selectors.records import moved_pages, numbered_records

WRITABLE = frozenset({CaseStatus.IN_REVIEW, CaseStatus.DOCS_REQUESTED})
# A reviewer keeps reading what he or she signed for this long.
OWN_LETTERS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ItemWork:
    """A disputed item with what has been written about it and the places that the reviewer cites."""

    item: DisputedItem
    finding: Finding
    citations: tuple[Citation, ...]
    # The positions of the other items that share its rationale.
    shared_with: tuple[int, ...] = ()

    @property
    def is_decided(self) -> bool:
        return bool(self.finding.outcome and self.finding.rationale)


@dataclass(frozen=True, slots=True)
class DocumentWork:
    """A document of the case and the reviewer's mark on it."""

    document: Document
    use: str

    @property
    def use_label(self) -> str:
        return DocumentUse(self.use).label


@dataclass(frozen=True, slots=True)
class DocumentGroup:
    """The documents of one kind, in the order of their dates."""

    kind: str
    label: str
    documents: tuple[DocumentWork, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review is: items decided, documents marked."""

    items_decided: int
    items_total: int
    documents_marked: int
    documents_total: int

    @property
    def words(self) -> str:
        """`2 of 3 items decided`."""
        noun = "item" if self.items_total == 1 else "items"
        return f"{self.items_decided} of {self.items_total} {noun} decided"

    @property
    def document_words(self) -> str:
        """`4 of 9 records marked`."""
        noun = "record" if self.documents_total == 1 else "records"
        return f"{self.documents_marked} of {self.documents_total} {noun} marked"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the reviewer needs to know of the case. Parties are those that a conflict could lie with."""

    application: Application
    ur_decided_on: date | None
    parties: tuple[Party, ...]
    age: int | None
    starter: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything the workspace page shows, read at one moment."""

    assignment: Assignment
    review: Review
    due: Deadline | None
    facts: CaseFacts
    items: tuple[ItemWork, ...]
    groups: tuple[DocumentGroup, ...]

    @property
    def last_saved_at(self) -> datetime | None:
        """When words of the summary or of an item were saved last; None before the first save."""
        parts: list[Review | Finding] = [self.review, *(work.finding for work in self.items)]
        return max((part.saved_at for part in parts if part.version > 1), default=None)

    @property
    def progress(self) -> Progress:
        marks = [work.use for group in self.groups for work in group.documents]
        return Progress(
            items_decided=sum(work.is_decided for work in self.items),
            items_total=len(self.items),
            documents_marked=sum(use != DocumentUse.UNREAD for use in marks),
            documents_total=len(marks),
        )


def assignments_of(user: User) -> QuerySet[Assignment]:
    """The assignments that exist for `user`: the reviewer's own, whatever became of them; nobody else's."""
    if user.scope(Action.REVIEW_WRITE) != Scope.ASSIGNED:
        return Assignment.objects.none()
    return Assignment.objects.filter(reviewer__user=user)


def workspaces_of(user: User) -> QuerySet[Assignment]:
    """Assignments whose case is open to the reviewer: accepted ones, and signed ones for twelve months.

    What was offered, declined or recalled is not among them: its records are closed.
    """
    return (
        assignments_of(user)
        .filter(
            Q(status=AssignmentStatus.ACCEPTED)
            | Q(status=AssignmentStatus.COMPLETED, ended_at__gte=clock.now() - OWN_LETTERS)
        )
        .select_related("case", "reviewer")
    )


def is_writable(assignment: Assignment) -> bool:
    """Whether the draft may still change: accepted, the case is with the reviewer, and no opinion is signed."""
    is_open = assignment.status == AssignmentStatus.ACCEPTED and CaseStatus(assignment.case.status) in WRITABLE
    return is_open and opinion_of(assignment) is None


def items_under_review(case_id: int) -> QuerySet[DisputedItem]:
    """The items that the determination decides: eligible and still open, in the order of the form."""
    return DisputedItem.objects.filter(
        case_id=case_id, eligibility=ItemEligibility.ELIGIBLE, status=ItemStatus.OPEN
    ).select_related("category")


def records_of(case_id: int) -> QuerySet[Document]:
    """The documents that lie before the reviewer, oldest first, with earlier versions and searchable copies."""
    return (
        reviewable_documents(case_id)
        .select_related("replaces", "recognition", "arranged")
        .prefetch_related("arranged__origins__source")
    )


def findings_of(review: Review) -> QuerySet[Finding]:
    """The findings with the reviewer's citations (`cited`), in the order of the items."""
    cited = Citation.objects.filter(side=CitationSide.REVIEWER).select_related("section__edition__source")
    return (
        Finding.objects.filter(review=review)
        .select_related("item__category")
        .prefetch_related(Prefetch("citations", queryset=cited, to_attr="cited"))
        .order_by("item__position", "pk")
    )


def lacks_findings(assignment: Assignment) -> bool:
    """Whether an item under review has no finding yet: of a review made at acceptance, one that joined it since."""
    decided = Finding.objects.filter(review__assignment=assignment).values("item_id")
    return review_of(assignment) is None or items_under_review(assignment.case_id).exclude(pk__in=decided).exists()


def review_of(assignment: Assignment) -> Review | None:
    """The review of the assignment, once the workspace was opened."""
    return Review.objects.select_related("assignment").filter(assignment=assignment).first()


def workspace(assignment: Assignment) -> Workspace:
    """The page of an accepted assignment whose review was opened (`reviews.services.review.open_review`)."""
    review = Review.objects.select_related("assignment").get(assignment=assignment)
    case_id = assignment.case_id
    return Workspace(
        assignment=assignment,
        review=review,
        due=Deadline.objects.filter(case_id=case_id, kind=DeadlineKind.DETERMINE, ended_at__isnull=True).first(),
        facts=case_facts(case_id),
        items=_items(review),
        groups=_groups(_documents(review)),
    )


def case_facts(case_id: int) -> CaseFacts:
    """The facts of the case, and a first draft of the summary made of them. The age is that on the day of the UR
    decision, which the determination looks back to."""
    application = Application.objects.get(case_id=case_id)
    born_on = application.employee_birth_date
    ur_day = _ur_day(case_id)
    age = age_on(born_on, ur_day or clock.today()) if born_on else None
    disputed = items_under_review(case_id).values_list("description", flat=True)
    shown = [role.value for role in PartyRole]
    parties = sorted(Party.objects.filter(case_id=case_id), key=lambda party: shown.index(party.role))
    return CaseFacts(
        application=application,
        ur_decided_on=ur_day,
        parties=tuple(parties),
        age=age,
        starter=summary_starter(
            age=age,
            sex=application.employee_sex,
            date_of_injury=application.date_of_injury,
            diagnosis=application.primary_diagnosis,
            body_parts=body_parts_of(disputed),
        ),
    )


def review_draft(review: Review) -> ReviewDraft:
    """The draft as plain values, for the rules of completeness."""
    case_id = review.assignment.case_id
    return ReviewDraft(
        summary=review.clinical_case_summary,
        items=tuple(item_draft(work) for work in _items(review)),
        documents=tuple(
            DocumentMark(work.document.pk, work.document.title, work.document.kind, work.use)
            for work in _documents(review)
        ),
        relevant_on=relevant_day(case_id),
        records=numbered_records(review.assignment),
        moved=moved_pages(review.assignment),
    )


def relevant_day(case_id: int) -> date:
    """The day on which a cited edition must have been in force: that of the UR decision."""
    return _ur_day(case_id) or clock.today()


def has_finding(review: Review, item_id: int) -> bool:
    """Whether the review ever spoke of the item, even if it has left the review since."""
    return Finding.objects.filter(review=review, item_id=item_id).exists()


def item_draft(work: ItemWork) -> ItemDraft:
    """A finding as plain values."""
    finding = work.finding
    return ItemDraft(
        item_id=work.item.pk,
        position=work.item.position,
        outcome=finding.outcome,
        rationale=finding.rationale,
        claims_basis=finding.claims_basis,
        claims_text=finding.claims_text,
        reviewer_basis=finding.reviewer_basis,
        reviewer_text=finding.reviewer_text,
        hierarchy_reason=finding.hierarchy_reason,
        citations=tuple(_cited_place(citation) for citation in work.citations),
    )


def written_texts(review: Review) -> dict[str, str]:
    """Every text that the letter prints and the reviewer wrote, by the id of its field on the page."""
    texts = {"summary_clinical_case_summary": review.clinical_case_summary}
    for work in _items(review):
        for field in ("claims_text", "reviewer_text", "hierarchy_reason", "rationale"):
            texts[place_of(work.item.pk, field)] = getattr(work.finding, field)
        cited = " ".join(f"{place.text} {place.pages} {place.url}" for place in work.citations)
        texts[place_of(work.item.pk, "citations")] = cited.strip()
    return {place: text for place, text in texts.items() if text}


def item_work(review: Review, item_id: int) -> ItemWork | None:
    """One item of the review; None when it is not, or no longer, under review."""
    return next((work for work in _items(review, item_id=item_id)), None)


def _ur_day(case_id: int) -> date | None:
    return URDecision.objects.filter(case_id=case_id).values_list("decided_on", flat=True).first()


def _items(review: Review, item_id: int | None = None) -> tuple[ItemWork, ...]:
    case_id = review.assignment.case_id
    findings = list(findings_of(review).filter(item__in=items_under_review(case_id)))
    shared = grouped_positions((found.item.position, found.rationale_group) for found in findings)
    return tuple(
        ItemWork(found.item, found, tuple(_cited(found)), shared.get(found.item.position, ()))
        for found in findings
        if item_id in {None, found.item_id}
    )


def _cited(finding: Finding) -> Iterable[Citation]:
    found: list[Citation] = getattr(finding, "cited", [])
    return found


def _documents(review: Review) -> list[DocumentWork]:
    uses = dict(ConsideredDocument.objects.filter(review=review).values_list("document_id", "use"))
    return [
        DocumentWork(document, uses.get(document.pk, DocumentUse.UNREAD.value))
        for document in records_of(review.assignment.case_id)
    ]


def _groups(documents: list[DocumentWork]) -> tuple[DocumentGroup, ...]:
    kinds = [kind.value for kind in DocumentKind]
    far = date.max
    ordered = sorted(
        documents,
        key=lambda work: (kinds.index(work.document.kind), work.document.dated_on or far, work.document.pk),
    )
    return tuple(
        DocumentGroup(kind=kind, label=DocumentKind(kind).label, documents=tuple(works))
        for kind, works in groupby(ordered, key=lambda work: work.document.kind)
    )


def _cited_place(citation: Citation) -> CitedPlace:
    if citation.section is None:
        return CitedPlace(is_mtus=citation.is_mtus, text=citation.text)
    edition = citation.section.edition
    return CitedPlace(
        is_mtus=citation.is_mtus,
        edition=str(edition),
        in_force_from=edition.in_force_from,
        in_force_until=edition.in_force_until,
        text=citation.text,
    )
