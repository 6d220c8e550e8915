"""The words of a letter: from the rows of a draft, and as they were signed."""

from dataclasses import replace
from datetime import date

from django.db.models import Prefetch, QuerySet

from cases.enums import GuidelineBasis, ItemEligibility, ItemStatus, Outcome, UROutcome
from cases.models import Application, Case, DisputedItem, URDecision
from cases.selectors.document import reviewable_documents
from guidelines.letters import citations_text
from guidelines.selectors.catalog import catalog_row
from imr.core import clock
from reviews.enums import CitationSide, DocumentUse
from reviews.letters import (
    FinalDeterminationLetter,
    GuidelineBlock,
    LetterItem,
    LetterWording,
    ReviewedDocument,
    SignedSnapshot,
    item_shape,
    item_text,
    printed_citations,
)
from reviews.models import (
    Assignment,
    Citation,
    ConsideredDocument,
    Determination,
    Finding,
)
from reviews.rules.references import NumberedRecord, with_printed_references
from reviews.selectors.records import numbered_records
from reviews.selectors.reviewer import credential_line
from reviews.selectors.template import wording_on

type Records = tuple[NumberedRecord, ...]


def open_items(case_id: int) -> QuerySet[DisputedItem]:
    """The items that a determination decides: eligible and still open, in the order of the application."""
    return DisputedItem.objects.filter(
        case_id=case_id, eligibility=ItemEligibility.ELIGIBLE, status=ItemStatus.OPEN
    ).order_by("position", "pk")


def draft_snapshot(*, assignment: Assignment, decision_date: date) -> SignedSnapshot:
    """What would be signed on `decision_date` (a day in California), from the rows as they are now.

    Items without a finding appear undecided. Raises `ValueError` naming a header field that the case lacks.
    """
    case = Case.objects.get(pk=assignment.case_id)
    application = Application.objects.get(case_id=case.pk)
    decision = URDecision.objects.get(case_id=case.pk)
    findings = {
        finding.item_id: finding
        for finding in Finding.objects.filter(review__assignment=assignment).prefetch_related(
            Prefetch("citations", queryset=Citation.objects.select_related("section__edition__source"))
        )
    }
    summary = Assignment.objects.filter(pk=assignment.pk).values_list("review__clinical_case_summary", flat=True).get()
    credentials = credential_line(assignment.reviewer, decision_date)
    wording = wording_on(decision_date)
    records = numbered_records(assignment)
    letter = FinalDeterminationLetter(
        template_version=wording.version,
        organization_name=wording.organization_name,
        reviewer_guideline_label=wording.reviewer_guideline_label,
        case_number=_present(case.number, "case number"),
        date_assigned=clock.pacific_date(_present(assignment.accepted_at, "date assigned")),
        date_of_injury=_present(application.date_of_injury, "date of injury"),
        decision_date=decision_date,
        ur_denial_date=_present(decision.decided_on, "UR denial date"),
        priority=case.get_priority_display(),
        application_received=clock.pacific_date(_present(case.received_at, "day of receipt")),
        states_of_licensure=credentials.states,
        certifications=credentials.specialties,
        clinical_case_summary=with_printed_references(summary or "", records),
        items=tuple(_letter_item(item, findings.get(item.pk), wording, records) for item in open_items(case.pk)),
    )
    return SignedSnapshot(letter=letter, documents=_documents(assignment))


def snapshot_of(determination: Determination) -> SignedSnapshot:
    """The frozen words of a signed determination."""
    return SignedSnapshot.from_data(determination.snapshot)


def _present[T](value: T | None, name: str) -> T:
    if value is None or value == "":
        raise ValueError(f"The case has no {name}.")
    return value


def _documents(assignment: Assignment) -> tuple[ReviewedDocument, ...]:
    uses = dict(ConsideredDocument.objects.filter(review__assignment=assignment).values_list("document_id", "use"))
    return tuple(
        ReviewedDocument(
            id=document.pk,
            sha256=document.sha256,
            page_count=document.page_count,
            use=uses.get(document.pk, DocumentUse.UNREAD.value),
            title=document.title,
            author=document.author,
            dated_on=document.dated_on,
            sender=document.get_source_display(),
        )
        for document in reviewable_documents(assignment.case_id).order_by("pk")
    )


def _letter_item(item: DisputedItem, finding: Finding | None, wording: LetterWording, records: Records) -> LetterItem:
    shape = item_shape(
        is_associated_service=item.is_associated_service,
        is_modified=item.ur_outcome == UROutcome.MODIFIED,
        authorized=item.authorized,
        remaining=item.remaining,
    )
    text = item_text(
        shape=shape,
        description=item.description,
        authorized=item.authorized,
        remaining=item.remaining,
        is_retrospective=item.is_retrospective,
        service_date=item.service_date,
    )
    return LetterItem(
        position=item.position,
        shape=shape,
        is_retrospective=item.is_retrospective,
        text=text,
        outcome=Outcome(finding.outcome) if finding and finding.outcome else None,
        claims_administrator=_block(CitationSide.CLAIMS_ADMINISTRATOR, finding, wording, records),
        reviewer=_block(CitationSide.REVIEWER, finding, wording, records),
        rationale=with_printed_references(finding.rationale, records) if finding else "",
    )


def _block(side: CitationSide, finding: Finding | None, wording: LetterWording, records: Records) -> GuidelineBlock:
    if finding is None:
        return GuidelineBlock(side=side, basis=None)
    is_claims = side == CitationSide.CLAIMS_ADMINISTRATOR
    stored = finding.claims_basis if is_claims else finding.reviewer_basis
    basis = GuidelineBasis(stored) if stored else None
    text = with_printed_references(finding.claims_text if is_claims else finding.reviewer_text, records)
    cited = [citation for citation in finding.citations.all() if citation.side == side]
    return GuidelineBlock(
        side=side,
        basis=basis,
        lead=wording.lead(side, basis),
        text=printed_citations(
            basis=stored,
            mtus=_clauses([citation for citation in cited if citation.is_mtus]),
            others=_clauses([citation for citation in cited if not citation.is_mtus]),
            text=text,
            phrases=wording.citation_phrases,
        ),
    )


def _clauses(citations: list[Citation]) -> list[str]:
    """The places of the catalog as one clause, then each source in words of its own."""
    places = []
    notes = []
    words = []
    for citation in citations:
        if citation.section is None:
            pages = f", Page(s): {citation.pages}" if citation.pages else ""
            words.append(_with_link(f"{citation.text}{pages}", citation.url))
        else:
            place = catalog_row(citation.section).place
            places.append(replace(place, pages=citation.pages) if citation.pages else place)
            notes += [note for note in (citation.text, citation.url) if note]
    return [", ".join([citations_text(places), *notes]), *words] if places else words


def _with_link(text: str, url: str) -> str:
    return f"{text} {url}" if url and url not in text else text
