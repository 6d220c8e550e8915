"""What the checks of eligibility know of a case, filed or not."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet

from cases.enums import CaseStatus, DocumentKind
from cases.models import Case, DisputedItem, Document, DocumentPage
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.engine import run_checks
from cases.rules.eligibility.facts import DisputedTreatment, EarlierDispute, EligibilityFacts, item_key
from cases.rules.eligibility.result import CheckResult
from cases.selectors.deadline import employee_place
from cases.selectors.draft import Draft
from cases.selectors.law import law_book
from imr.core.clock import pacific_date

DRUGS = "pharmaceuticals"
MOST_PAGES, MOST_EARLIER = 20, 50
# Ended without a determination, so the dispute is not decided.
_ENDED = frozenset({CaseStatus.TERMINATED, CaseStatus.WITHDRAWN, CaseStatus.DISMISSED})
# The surviving case stands for these.
_JOINED = frozenset({CaseStatus.MERGED, CaseStatus.CONSOLIDATED})


def draft_checks(draft: Draft, *, today: date) -> list[CheckResult]:
    """What the checks say of an application that is not filed yet, as if it were received on `today`.

    Earlier cases are looked for in the filer's own organization alone: others' do not exist for it.
    """
    earlier = Case.objects.filter(organization_id=draft.case.organization_id)
    return run_checks(eligibility_facts(draft, earlier=earlier), figures(), today)


def figures() -> LawBook:
    """The figures of law; without reference data an empty book, under which a person decides everything."""
    return law_book() or LawBook([], {})


def eligibility_facts(draft: Draft, *, earlier: QuerySet[Case]) -> EligibilityFacts:
    """The application as the checks take it; `earlier` are the cases among which the same dispute is looked for."""
    case, application, decision = draft.case, draft.application, draft.ur_decision
    kinds = {document.kind for document in draft.documents}
    return EligibilityFacts(
        received_on=pacific_date(case.received_at) if case.received_at else None,
        date_of_injury=application.date_of_injury,
        decided_on=decision.decided_on,
        served_on=decision.served_on,
        service_method=decision.service_method,
        service_place=employee_place(case.pk),
        request_received_on=decision.request_received_on,
        is_ur_attached=DocumentKind.UR_DECISION in kinds,
        is_conditional=decision.is_conditional,
        ur_letter_text=_ur_letter_text(draft.documents),
        is_liability_disputed=application.is_liability_disputed,
        liability_reason=application.liability_reason,
        signer=application.signer,
        signer_name=application.signer_name,
        signed_on=application.signed_on,
        is_form_attached=DocumentKind.SIGNED_FORM in kinds,
        designation_signed_on=application.designation_signed_on,
        is_representation_attached=DocumentKind.REPRESENTATION in kinds,
        earlier=_earlier_disputes(draft, earlier),
        items=tuple(_treatment(item) for item in draft.items),
    )


def _treatment(item: DisputedItem) -> DisputedTreatment:
    category = item.category
    root = (category.parent or category) if category else None
    return DisputedTreatment(
        position=item.position,
        description=item.description,
        ur_outcome=item.ur_outcome,
        remaining=item.remaining,
        is_retrospective=item.is_retrospective,
        is_drug=root is not None and root.code == DRUGS,
    )


def _ur_letter_text(documents: Iterable[Document]) -> str:
    letters = [document.pk for document in documents if document.kind == DocumentKind.UR_DECISION]
    pages = DocumentPage.objects.filter(document__in=letters).values_list("text", flat=True)[:MOST_PAGES]
    return "\n".join(pages) if letters else ""


def _earlier_disputes(draft: Draft, among: QuerySet[Case]) -> tuple[EarlierDispute, ...]:
    case, application = draft.case, draft.application
    if not application.claim_number:
        return ()
    rows = among.filter(
        application__claim_number__iexact=application.claim_number,
        application__date_of_injury=application.date_of_injury,
        received_at__isnull=False,
    ).exclude(pk=case.pk)
    if case.received_at:
        rows = rows.filter(received_at__lt=case.received_at)
    rows = rows.exclude(status__in=_JOINED).select_related("ur_decision")
    rows = rows.prefetch_related(Prefetch("items", queryset=DisputedItem.objects.only("case", "description")))
    return tuple(_earlier_dispute(row) for row in rows.order_by("received_at", "pk")[:MOST_EARLIER])


def _earlier_dispute(row: Case) -> EarlierDispute:
    return EarlierDispute(
        number=row.number or "",
        received_on=pacific_date(row.received_at) if row.received_at else date.min,
        decided_on=row.ur_decision.decided_on,
        items=frozenset(item_key(item.description) for item in row.items.all()),
        is_refused=row.status == CaseStatus.INELIGIBLE,
        is_ended=row.status in _ENDED,
    )
